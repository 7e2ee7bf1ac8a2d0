/// A cloud in memory: intent, compiled as the controller does, and packets walked over what came
/// out.
///
/// [io.heddle.vpc.Cloud] is the fixture of all tests here; after every commit it checks that
/// incremental equals from scratch.
@NullMarked
package io.heddle.vpc;

import org.jspecify.annotations.NullMarked;
