/// The firewall's flows, read as text, traced, and loaded into real switches.
@NullMarked
package io.heddle.firewall.rule;

import org.jspecify.annotations.NullMarked;
