/// What hosts report, as commands: who they are, and which ports are plugged into them.
///
/// A report is a whole statement ("these interfaces carry an iface-id"), compared with what stands;
/// a repetition changes nothing. What a host last reported stands until it reports otherwise: not
/// hearing from it unbinds nothing.
@NullMarked
package io.heddle.core.inventory;

import org.jspecify.annotations.NullMarked;
