/// From the intent to flows: rules, the units they run as, and the flow sets that come out.
///
/// A [io.heddle.core.compile.FlowRule] says what one subject (a port, a subnet, a group, …) means
/// in flows. The [io.heddle.core.compile.Compiler] runs it once for each subject: that is a *unit*.
/// While a unit runs, its [io.heddle.core.compile.View] records every row and index entry it reads;
/// a delta runs exactly those units again that read what changed, and where their output is equal,
/// nothing follows. The law, checked after every step of every test: *incremental = from scratch*.
///
/// Flows belong to [io.heddle.core.compile.FlowSet]s, which hosts subscribe to. A shared set's
/// flows hold nothing that differs between its subscribers, so a change is compiled once and
/// encoded once, however many hosts there are.
///
/// One thread owns a compiler. What it hands out is immutable.
@NullMarked
package io.heddle.core.compile;

import org.jspecify.annotations.NullMarked;
