package io.heddle.core.replication;

import io.heddle.core.model.Cluster;
import io.heddle.core.store.Snapshot;
import io.heddle.core.store.UnreadableException;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;

/// Where the leader's snapshot arrives, before it takes the place of this node's own.
///
/// Ratis replaces a node's snapshots and log by whatever a leader sends, without syncing it. So it
/// is read and synced here first: what another cluster sends, what this build does not understand,
/// and what the disk did not take, replaces nothing.
final class SnapshotStaging {

  /// Whoever sent it took this node for one of its own.
  static final class OfAnotherCluster extends IOException {
    OfAnotherCluster(UUID theirs, UUID ours) {
      super("a snapshot of cluster %s was sent to a node of cluster %s".formatted(theirs, ours));
    }
  }

  private static final String DIGEST = ".md5";

  private final Path groupDirectory;
  private final Path directory;

  /// @param groupDirectory Ratis's directory of the group
  SnapshotStaging(Path groupDirectory) {
    this.groupDirectory = groupDirectory;
    this.directory = groupDirectory.resolve("tmp");
  }

  /// Another one begins: what earlier attempts left is of no use.
  void clear() throws IOException {
    if (!Files.isDirectory(directory)) {
      return;
    }
    for (Path left : deepestFirst()) {
      if (!left.equals(directory)) {
        Files.deleteIfExists(left);
      }
    }
  }

  private List<Path> deepestFirst() throws IOException {
    try (Stream<Path> all = Files.walk(directory)) {
      return all.sorted(Comparator.reverseOrder()).toList();
    }
  }

  /// Called when a snapshot has arrived completely; on disk and fit for this node when it returns.
  ///
  /// @param ours the cluster that this node belongs to, if it knows
  /// @throws UnreadableException when this build can't read it
  /// @throws IOException when it may not be installed
  void admit(Optional<UUID> ours) throws IOException {
    if (!Files.isDirectory(directory)) {
      return;
    }
    List<Path> files = deepestFirst();
    for (Path file : files) {
      if (file.toString().endsWith(DIGEST)) {
        String name = file.toString();
        admit(Path.of(name.substring(0, name.length() - DIGEST.length())), ours);
      }
    }
    for (Path file : files) {
      if (Files.isDirectory(file)) {
        Durable.syncDirectory(file);
      } else {
        Durable.syncFile(file);
      }
    }
  }

  /// Ratis has put it in its place.
  void installed() throws IOException {
    Durable.syncDirectory(groupDirectory);
  }

  private static void admit(Path file, Optional<UUID> ours) throws IOException {
    try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
      Optional<UUID> theirs =
          Snapshot.readFrom(in).image().find(Cluster.ID).map(Cluster::clusterId);
      if (ours.isPresent() && theirs.isPresent() && !ours.equals(theirs)) {
        throw new OfAnotherCluster(theirs.get(), ours.get());
      }
    }
  }
}
