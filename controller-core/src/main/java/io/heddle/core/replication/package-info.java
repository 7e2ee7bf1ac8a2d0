/// The shells that keep the intent on disk and carry it between nodes: the log, on Apache Ratis,
/// and the history beside it.
///
/// [io.heddle.core.replication.RatisLog] is the one implementation of the store's ports `Log` and
/// `LogGroup` that serves: acknowledged means fsynced on a majority of the group, and a single node
/// is a group of one. [io.heddle.core.replication.LogFiles] looks at the log's files before Ratis
/// does, so that what was torn by a crash is told from what was damaged later.
///
/// What Ratis leaves open is closed here. [io.heddle.core.replication.PeerGate] stands between the
/// network and the server: no clients, no members of another cluster
/// ([io.heddle.core.replication.Strangers]), no votes of a node that lost its disk
/// ([io.heddle.core.replication.Amnesia]). [io.heddle.core.replication.Contact] knows how long ago
/// a majority answered, [io.heddle.core.replication.Watch] ends a node whose log has failed without
/// a word, and [io.heddle.core.replication.SnapshotStaging] reads and syncs a leader's snapshot
/// before it replaces anything.
///
/// [io.heddle.core.replication.HistoryArchive] keeps every batch for longer than the log does. It
/// is not fsynced at every batch: what a crash takes from its end is replayed from the log. What a
/// snapshot skipped is fetched from other nodes ([io.heddle.core.replication.HistoryFill]).
///
/// Threads: Ratis calls from its own; the archive is written by the store's owner and read by any.
@NullMarked
package io.heddle.core.replication;

import org.jspecify.annotations.NullMarked;
