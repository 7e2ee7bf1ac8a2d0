/// Tests of values: what they refuse, and that they come back from JSON as they went.
@NullMarked
package io.heddle.core.model;

import org.jspecify.annotations.NullMarked;
