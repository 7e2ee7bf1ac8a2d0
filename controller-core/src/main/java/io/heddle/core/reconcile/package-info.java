/// What to send a switch next.
///
/// One [io.heddle.core.reconcile.HostProgram] stands for each host: it knows what its switch holds
/// or is being given, hears what was compiled and what the switch answered, and says the next
/// [io.heddle.core.reconcile.Step]. It never deletes because nobody answered, never empties a
/// table, and sends nothing to a switch that is right.
///
/// Pure but for its own state; owned by the thread that owns the compiler. Who carries the steps
/// out is the node's business.
@NullMarked
package io.heddle.core.reconcile;

import org.jspecify.annotations.NullMarked;
