/// Tests of `io.heddle.testkit.random`.
@NullMarked
package io.heddle.testkit.random;

import org.jspecify.annotations.NullMarked;
