/// What machines are told of their routers.
@NullMarked
package io.heddle.vpc.ra;

import org.jspecify.annotations.NullMarked;
