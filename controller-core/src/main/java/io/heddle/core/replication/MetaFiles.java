package io.heddle.core.replication;

import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Properties;
import java.util.stream.Stream;
import org.apache.ratis.proto.RaftProtos.LogEntryProto;
import org.apache.ratis.util.MD5FileUtil;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The small files beside the log: whom this node voted for, who the members are, and the
/// snapshots' digests.
///
/// On a full disk Ratis replaces them by half-written ones, and then goes on without what they
/// said: no vote was given, the members are the founders again, and no snapshot was ever taken. So
/// votes ([Vote]) and members are kept a second time, whole or not at all, and what is found
/// damaged is mended before Ratis opens it.
final class MetaFiles {

  private static final Logger LOG = LoggerFactory.getLogger(MetaFiles.class);

  private final Path groupDirectory;
  private final Path votes;
  private final Path members;
  private final Path ourMembers;
  private final Path snapshots;

  /// @param groupDirectory Ratis's directory of the group; need not be there yet
  MetaFiles(Path groupDirectory) {
    this.groupDirectory = groupDirectory;
    votes = groupDirectory.resolve("current").resolve("raft-meta");
    members = groupDirectory.resolve("current").resolve("raft-meta.conf");
    ourMembers = groupDirectory.resolve("members");
    snapshots = groupDirectory.resolve("sm");
  }

  /// @param vote the last one that anybody heard of
  void mend(Vote vote) throws IOException {
    mendVotes(vote);
    mendMembers();
    mendDigests();
  }

  /// Keeps who the members are; on disk when it returns.
  void remember(LogEntryProto configuration) throws IOException {
    replace(ourMembers, configuration.toByteArray());
  }

  private static void replace(Path file, byte[] bytes) throws IOException {
    Path written = file.resolveSibling(file.getFileName() + ".new");
    Files.write(written, bytes);
    Durable.syncFile(written);
    Files.move(written, file, StandardCopyOption.ATOMIC_MOVE);
    Durable.syncDirectory(file.getParent());
  }

  /// A term that was heard of and in which no vote was given may be forgotten. So may a vote that
  /// nobody heard of.
  private void mendVotes(Vote vote) throws IOException {
    if (!Files.exists(votes) || areWhole(votes)) {
      return;
    }
    long last = LogFiles.lastTerm(groupDirectory);
    Vote mended = vote.term() >= last ? vote : new Vote(last, "");
    replace(
        votes,
        "term=%d\nvotedFor=%s\n"
            .formatted(mended.term(), mended.candidate())
            .getBytes(StandardCharsets.UTF_8));
    LOG.warn("event=mended file={} vote={}", votes, mended);
  }

  private static boolean areWhole(Path votes) {
    Properties known = new Properties();
    try (Reader in = Files.newBufferedReader(votes, StandardCharsets.UTF_8)) {
      known.load(in);
      Long.parseLong(known.getProperty("term", ""));
      return known.getProperty("votedFor") != null;
    } catch (IOException | IllegalArgumentException e) {
      return false;
    }
  }

  private void mendMembers() throws IOException {
    if (!Files.exists(ourMembers)) {
      return;
    }
    LogEntryProto ours = LogEntryProto.parseFrom(Files.readAllBytes(ourMembers));
    if (index(members) < ours.getIndex()) {
      replace(members, ours.toByteArray());
      LOG.warn("event=mended file={} index={}", members, ours.getIndex());
    }
  }

  /// The entry that it is of, or -1 when it is not there or not whole.
  private static long index(Path members) {
    try {
      LogEntryProto found = LogEntryProto.parseFrom(Files.readAllBytes(members));
      return found.hasConfigurationEntry() ? found.getIndex() : -1;
    } catch (IOException e) {
      return -1;
    }
  }

  /// A snapshot carries a sum of its own, and the log is kept until its digest is there: without
  /// one, it is as good.
  private void mendDigests() throws IOException {
    if (!Files.isDirectory(snapshots)) {
      return;
    }
    List<Path> files;
    try (Stream<Path> all = Files.list(snapshots)) {
      files = all.toList();
    }
    for (Path file : files) {
      String name = file.getFileName().toString();
      if (name.endsWith(".tmp")) {
        Files.delete(file);
      } else if (name.endsWith(MD5FileUtil.MD5_SUFFIX)) {
        String snapshot = name.substring(0, name.length() - MD5FileUtil.MD5_SUFFIX.length());
        mendDigest(file, file.resolveSibling(snapshot));
      }
    }
  }

  private static void mendDigest(Path digest, Path snapshot) throws IOException {
    try {
      MD5FileUtil.readStoredMd5ForFile(snapshot.toFile());
    } catch (IOException e) {
      LOG.warn("event=mended file={} cause=\"{}\"", digest, e.getMessage());
      Files.delete(digest);
    }
  }
}
