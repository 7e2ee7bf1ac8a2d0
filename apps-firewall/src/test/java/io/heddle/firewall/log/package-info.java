@NullMarked
package io.heddle.firewall.log;

import org.jspecify.annotations.NullMarked;
