package io.heddle.core.cluster;

import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/// How lately a node that follows knew all that the cluster had decided.
///
/// What a leader says proves something of the moment at which a majority last confirmed it, and a
/// node that has the leader's revision knew everything then. How long ago that was is told by this
/// node's own clock, because leaders send back when they were last spoken to: so a message that lay
/// around somewhere, while this process was stopped perhaps, is as old as it is.
///
/// Written by one thread, read by any.
final class Contact {

  /// What never was.
  static final Duration NEVER = Duration.ofDays(1);

  /// What is older serves nobody.
  private static final Duration KEPT = Duration.ofSeconds(10);

  /// At that time this was the last revision.
  private record Word(long at, long revision) {}

  private final String node;
  private volatile List<Word> words = List.of();

  Contact(String node) {
    this.node = node;
  }

  void heard(Heartbeat heartbeat, long now) {
    Heartbeat.Lead lead = heartbeat.lead();
    Long spoken = lead == null ? null : lead.heard().get(node);
    if (lead == null || spoken == null || now - spoken < 0 || isOld(spoken, now)) {
      return;
    }
    Word word = new Word(spoken - lead.confirmedAgo(), heartbeat.revision());
    words =
        Stream.concat(words.stream().filter(before -> !isOld(before.at(), now)), Stream.of(word))
            .toList();
  }

  private static boolean isOld(long at, long now) {
    return now - at > KEPT.toNanos();
  }

  /// Since when there may be revisions that are not known, if this is the last one that is.
  Duration since(long revision, long now) {
    return words.stream()
        .filter(word -> word.revision() <= revision)
        .map(word -> Duration.ofNanos(Math.max(0, now - word.at())))
        .min(Duration::compareTo)
        .orElse(NEVER);
  }
}
