/// The shells that keep the intent on disk and carry it between nodes: the log, on Apache Ratis,
/// and the history beside it.
///
/// [io.heddle.core.replication.RatisLog] is the one implementation of the store's port `Log` that
/// serves: acknowledged means fsynced on a majority of the group, and a single node is a group of
/// one. [io.heddle.core.replication.LogFiles] looks at the log's files before Ratis does, so that
/// what was torn by a crash is told from what was damaged later.
/// [io.heddle.core.replication.HistoryArchive] keeps every batch for longer than the log does. It
/// is not fsynced at every batch: what a crash takes from its end is replayed from the log.
///
/// Threads: Ratis calls from its own; the archive is written by the store's owner and read by any.
@NullMarked
package io.heddle.core.replication;

import org.jspecify.annotations.NullMarked;
