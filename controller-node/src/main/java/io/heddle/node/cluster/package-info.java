/// One node's part in the cluster: which hosts are its own, what it reports of itself, and what it
/// knows of the hosts of others.
///
/// Decisions come from the core's `cluster` package and from the log; here they meet sessions and
/// timers. Start with [io.heddle.node.cluster.Mastery].
@NullMarked
package io.heddle.node.cluster;

import org.jspecify.annotations.NullMarked;
