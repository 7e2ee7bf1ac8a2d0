/// Holds the interpreter of `io.heddle.core.trace` to real Open vSwitch.
///
/// [io.heddle.testkit.trace.SwitchAgreement] loads flows into a switch and compares, packet by
/// packet, what `ofproto/trace` says with what [io.heddle.core.trace.Tracer] says: the tables and
/// flows that were met, and the outputs.
@NullMarked
package io.heddle.testkit.trace;

import org.jspecify.annotations.NullMarked;
