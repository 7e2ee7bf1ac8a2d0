/// The house rules as ordinary tests: which package may use which, and the shape of every source
/// file.
///
/// They read the whole source tree, not only this module's. A rule that fails names each place.
/// Where a rule stands in the way of something better, change the rule and say why in `docs/adr`.
@NullMarked
package io.heddle.house;

import org.jspecify.annotations.NullMarked;
