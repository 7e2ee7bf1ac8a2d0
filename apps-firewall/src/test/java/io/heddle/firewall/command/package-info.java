/// What the commands of security groups accept, and what they say no to.
@NullMarked
package io.heddle.firewall.command;

import org.jspecify.annotations.NullMarked;
