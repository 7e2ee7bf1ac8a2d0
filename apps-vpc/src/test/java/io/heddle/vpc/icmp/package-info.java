/// What gateways say of packets that they could not route.
@NullMarked
package io.heddle.vpc.icmp;

import org.jspecify.annotations.NullMarked;
