/// Values.
@NullMarked
package io.heddle.core.model;

import org.jspecify.annotations.NullMarked;
