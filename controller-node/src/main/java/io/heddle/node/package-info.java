/// One node of the controller: its configuration, its assembly by hand, its `main`.
///
/// Start with [io.heddle.node.Node]: it builds everything in the order in which it depends on each
/// other and takes it down in reverse. What moves between the intent and the switches is in
/// [io.heddle.node.fabric].
@NullMarked
package io.heddle.node;

import org.jspecify.annotations.NullMarked;
