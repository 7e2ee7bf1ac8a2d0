/// Tests of `io.heddle.testkit.golden`.
@NullMarked
package io.heddle.testkit.golden;

import org.jspecify.annotations.NullMarked;
