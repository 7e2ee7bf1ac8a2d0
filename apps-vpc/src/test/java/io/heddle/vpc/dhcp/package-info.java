/// DHCP as bytes: a client's questions, made by hand, and the server's answers, read option by
/// option.
@NullMarked
package io.heddle.vpc.dhcp;

import org.jspecify.annotations.NullMarked;
