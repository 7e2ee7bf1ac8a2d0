package io.heddle.core.replication;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/// Whose directory this is: the file `node` in it, of lines `key=value`.
///
/// A directory that was copied to another node, or that is started for another cluster, is refused
/// before Raft has said a word to anybody.
///
/// @param cluster the cluster's name
/// @param clusterId the id that the cluster got when it was founded, once this node knows it
/// @param amnesia what this node may have forgotten
/// @param vote the last one that anybody heard of
record NodeIdentity(
    String node, String cluster, Optional<UUID> clusterId, Amnesia amnesia, Vote vote) {

  private static final String FILE = "node";

  /// @return nothing when the directory was never used
  static Optional<NodeIdentity> read(Path directory) throws IOException {
    Path file = directory.resolve(FILE);
    try {
      return Optional.of(parse(Files.readString(file, StandardCharsets.UTF_8)));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IllegalArgumentException e) {
      throw new LogDamagedException(
          file,
          "it does not say whose directory this is: " + e.getMessage(),
          "restore it from a backup, or remove the directory and let the other nodes fill it",
          e);
    }
  }

  private static NodeIdentity parse(String text) {
    Map<String, String> fields = new LinkedHashMap<>();
    text.lines()
        .forEach(line -> {
          String[] words = line.split("=", 2);
          if (words.length != 2 || fields.put(words[0], words[1]) != null) {
            throw new IllegalArgumentException("'%s' is no line of it".formatted(line));
          }
        });
    String node = fields.remove("node");
    String cluster = fields.remove("cluster");
    String id = fields.remove("clusterId");
    String amnesia = fields.remove("amnesia");
    String vote = fields.remove("vote");
    if (node == null || cluster == null || amnesia == null || vote == null || !fields.isEmpty()) {
      throw new IllegalArgumentException("it lacks a line, or has one too many");
    }
    return new NodeIdentity(
        node,
        cluster,
        Optional.ofNullable(id).map(UUID::fromString),
        Amnesia.parse(amnesia),
        Vote.parse(vote));
  }

  /// On disk when it returns.
  void write(Path directory) throws IOException {
    StringBuilder text = new StringBuilder();
    text.append("node=").append(node).append('\n');
    text.append("cluster=").append(cluster).append('\n');
    clusterId.ifPresent(id -> text.append("clusterId=").append(id).append('\n'));
    text.append("amnesia=").append(amnesia).append('\n');
    text.append("vote=").append(vote).append('\n');
    Path file = directory.resolve(FILE);
    Path written = directory.resolve(FILE + ".tmp");
    Files.writeString(written, text, StandardCharsets.UTF_8);
    Durable.syncFile(written);
    Files.move(written, file, StandardCopyOption.ATOMIC_MOVE);
    Durable.syncDirectory(directory);
  }

  NodeIdentity with(UUID id) {
    return new NodeIdentity(node, cluster, Optional.of(id), amnesia, vote);
  }

  NodeIdentity with(Amnesia forgotten) {
    return new NodeIdentity(node, cluster, clusterId, forgotten, vote);
  }

  NodeIdentity with(Vote last) {
    return new NodeIdentity(node, cluster, clusterId, amnesia, last);
  }
}
