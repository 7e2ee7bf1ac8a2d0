/// Several nodes as operators run them, each a process in a network namespace of its own, with real
/// hypervisors, under load, and with everything going wrong that can be made to.
///
/// A [io.heddle.node.cluster.ClusterSite] is the world: nodes that can be killed, stopped in their
/// tracks and cut off from whom one likes. A [io.heddle.node.cluster.Trial] does one such thing
/// while a [io.heddle.node.cluster.Load] writes and reads at all nodes and a ping runs between two
/// machines. What clients saw is a [io.heddle.node.cluster.History], and
/// [io.heddle.node.cluster.HistoryChecker] says, without knowing any of the controller's code,
/// whether one store could have answered so.
@NullMarked
package io.heddle.node.cluster;

import org.jspecify.annotations.NullMarked;
