/// What things cost here, beside what they can't cost less than: the disk's own rate, the same work
/// without the machinery.
///
/// `./heddle bench NAME` runs one by hand ([io.heddle.benchmarks.Main] lists them). Figures of one
/// run are compared with each other and not with those of another day: what is measured against is
/// measured in the same run, in turns. Nothing here is a test.
@NullMarked
package io.heddle.benchmarks;

import org.jspecify.annotations.NullMarked;
