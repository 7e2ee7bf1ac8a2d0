/// The REST API as a client on the other side of the wire meets it: JDK HTTP, JSON texts, a token.
///
/// [io.heddle.testkit.api.Api] sends one request at a time and judges nothing;
/// [io.heddle.testkit.api.Tenant] does what somebody does who sets up a network, and fails with the
/// controller's own words. Blocks the calling thread; may be used by several. Knows nothing of the
/// controller's classes, so that it can't share its mistakes.
@NullMarked
package io.heddle.testkit.api;

import org.jspecify.annotations.NullMarked;
