/// What a write costs: on the bare disk, through a node alone, and through three nodes, each a
/// process of its own on the loopback interface with a real disk under it.
///
/// [io.heddle.benchmarks.replication.ReplicationBenchmark] takes turns;
/// [io.heddle.benchmarks.replication.MeasuredNode] is the process that is measured, from inside:
/// what the API and the network to it cost is not in the figures.
@NullMarked
package io.heddle.benchmarks.replication;

import org.jspecify.annotations.NullMarked;
