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
/// A node compiles for the hosts in its [io.heddle.core.compile.HostScope] only. A rule says of a
/// subject which set it makes flows for before it is run; units in a host's own set say which
/// shared sets the host needs. So the own sets of the hosts in scope are compiled first, then the
/// shared sets that they name, and nothing else is run. What a host is told does not depend on who
/// else is in scope; a cookie alone may, for two flows of different sets that hash alike in 56 bits
/// (seven chances in a million for a million flows): the host's next master mends it.
///
/// One thread owns a compiler. What it hands out is immutable.
@NullMarked
package io.heddle.core.compile;

import org.jspecify.annotations.NullMarked;
