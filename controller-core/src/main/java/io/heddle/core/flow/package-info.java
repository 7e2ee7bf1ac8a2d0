/// OpenFlow as values: matches, actions, flows, groups, meters, and how operators write them.
///
/// [io.heddle.core.flow.Header] lists the packet headers, metadata and registers that Open vSwitch
/// can match or set, with their OXM/NXM numbers; a [io.heddle.core.flow.Field] is a run of bits in
/// one. [io.heddle.core.flow.Match] and [io.heddle.core.flow.Action] are built from those; a
/// [io.heddle.core.flow.Flow] is a table, a priority, a match and actions.
/// [io.heddle.core.flow.FlowText] prints all of them as `ovs-ofctl` reads them.
///
/// Pure values with `equals`; nothing here knows our pipeline or the wire.
@NullMarked
package io.heddle.core.flow;

import org.jspecify.annotations.NullMarked;
