/// Who is asking, and what they may do.
///
/// A [io.heddle.rest.auth.TokenAuthority] turns a bearer token into a [io.heddle.rest.auth.Caller];
/// the caller answers every question about rights, so that there is one place to read. A single
/// node uses [io.heddle.rest.auth.AdminToken]; authorities that check signed tokens come beside it.
///
/// No state but the token; any thread.
@NullMarked
package io.heddle.rest.auth;

import org.jspecify.annotations.NullMarked;
