package io.heddle.core.replication;

import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.server.RaftConfiguration;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.leader.FollowerInfo;

/// How long this node has been without a word from a majority.
///
/// A process that was stopped and goes on finds what was sent to it meanwhile, and must not take it
/// for news: a leader counts from when it sent what was answered, and a follower takes no word for
/// one that it hears just after its own clock stood still.
final class Contact {

  /// What never was.
  private static final Duration NEVER = Duration.ofDays(1);

  /// The clock ticks ten times a second: when it has missed so much, the process stood still.
  private static final long STOOD_STILL_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

  /// After it stood still, what waited in sockets is read within so long.
  private static final long OLD_NEWS_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

  private final LongSupplier nanoTime;
  private final Map<RaftPeerId, FollowerInfo> followers = new ConcurrentHashMap<>();
  private final AtomicLong last;
  private volatile long lastTick;
  private volatile long newsSince;

  Contact(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
    long now = nanoTime.getAsLong();
    last = new AtomicLong(now - NEVER.toNanos());
    lastTick = now;
    newsSince = now;
  }

  /// The clock. Called all the time, by one thread.
  void tick() {
    long now = nanoTime.getAsLong();
    if (now - lastTick > STOOD_STILL_NANOS) {
      newsSince = now + OLD_NEWS_NANOS;
    }
    lastTick = now;
  }

  /// A leader begins to send to this follower.
  void follows(FollowerInfo follower) {
    followers.put(follower.getId(), follower);
  }

  /// A leader spoke to this node and was recognised.
  void heard() {
    long now = nanoTime.getAsLong();
    if (now - lastTick <= STOOD_STILL_NANOS && now - newsSince >= 0) {
      later(now);
    }
  }

  /// @param division this node's, which knows whether it leads, and whom
  Duration since(RaftServer.Division division) {
    long now = nanoTime.getAsLong();
    if (division.getInfo().isLeader()) {
      RaftConfiguration members = division.getRaftConf();
      RaftPeerId self = division.getId();
      long nanos = nanosSinceMajority(members.getCurrentPeers(), self);
      if (!members.getPreviousPeers().isEmpty()) {
        nanos = Math.max(nanos, nanosSinceMajority(members.getPreviousPeers(), self));
      }
      later(now - nanos);
    }
    return Duration.ofNanos(Math.max(0, now - last.get()));
  }

  private long nanosSinceMajority(Collection<RaftPeer> members, RaftPeerId self) {
    long[] nanos =
        members.stream().mapToLong(peer -> nanosSince(peer.getId(), self)).sorted().toArray();
    return nanos.length == 0 ? NEVER.toNanos() : nanos[nanos.length / 2];
  }

  /// Since this member was asked what it then answered. Where this node leads.
  private long nanosSince(RaftPeerId member, RaftPeerId self) {
    if (member.equals(self)) {
      return 0;
    }
    FollowerInfo follower = followers.get(member);
    return follower == null
        ? NEVER.toNanos()
        : follower
            .getLastRespondedAppendEntriesSendTime()
            .elapsedTime()
            .toLong(TimeUnit.NANOSECONDS);
  }

  /// Whether a member answers. Where this node leads.
  boolean answers(RaftPeer member, RaftPeerId self, Duration within) {
    return nanosSince(member.getId(), self) <= within.toNanos();
  }

  private void later(long contact) {
    last.accumulateAndGet(contact, (before, after) -> after - before > 0 ? after : before);
  }
}
