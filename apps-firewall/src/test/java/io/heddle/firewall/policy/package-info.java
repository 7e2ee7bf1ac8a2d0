/// What security rules mean, apart from switches.
@NullMarked
package io.heddle.firewall.policy;

import org.jspecify.annotations.NullMarked;
