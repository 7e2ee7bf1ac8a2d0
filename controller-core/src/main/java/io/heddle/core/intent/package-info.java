/// What the commands of several apps share: checks of names and quotas, and the identities that
/// stand for sets of security groups.
///
/// Everything here works on a [io.heddle.core.store.Draft] and says no with a
/// [io.heddle.core.store.Problem]; nothing keeps state.
@NullMarked
package io.heddle.core.intent;

import org.jspecify.annotations.NullMarked;
