/// Several nodes as one: who belongs to the cluster's view, which of them is each host's master,
/// and how nodes talk to each other beside the log.
///
/// Each node tells the others, four times a second, that it lives and how it reaches each host
/// ([io.heddle.core.cluster.Heartbeat]). The one that leads keeps the view in step with what it
/// hears ([io.heddle.core.cluster.ViewKeeper], pure) and commits it like everything else, so that
/// all nodes learn of one view after the other, each with a later epoch. Whatever decides something
/// comes from the log; what travels between nodes directly may be late or lost without harm.
///
/// [io.heddle.core.cluster.Pulse] drives it, on one thread. [io.heddle.core.cluster.Peers] is the
/// port to the other nodes, [io.heddle.core.cluster.HazelcastPeers] the shell behind it: nothing
/// else knows of Hazelcast, and nothing relies on its own idea of who is a member.
@NullMarked
package io.heddle.core.cluster;

import org.jspecify.annotations.NullMarked;
