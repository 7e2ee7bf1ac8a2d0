/// Random but repeatable test input.
///
/// [io.heddle.testkit.random.Seeded] is where every random choice of a test comes from. A property
/// runs on a number of seeds, which are the same in every build; a failure names its seed,
/// `-Dseed=N` runs that one alone and `-Dseed=random` tries new ones.
@NullMarked
package io.heddle.testkit.random;

import org.jspecify.annotations.NullMarked;
