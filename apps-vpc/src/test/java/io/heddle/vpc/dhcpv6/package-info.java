/// What machines are told by DHCPv6.
@NullMarked
package io.heddle.vpc.dhcpv6;

import org.jspecify.annotations.NullMarked;
