/// A small cloud for the firewall's tests: rows made by commands, the firewall's flows, and around
/// them the bare rest of the pipeline written by hand, so that packets can be traced and really
/// sent.
@NullMarked
package io.heddle.firewall.site;

import org.jspecify.annotations.NullMarked;
