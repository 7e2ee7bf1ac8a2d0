package io.heddle.core.simulation;

import java.time.Duration;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/// One server of a small Raft with trial votes, snapshots and a disk that takes its time: all that
/// the log port promises, and nothing that Raft does not.
final class RaftServer {

  private static final long ELECTION_MIN = TimeUnit.MILLISECONDS.toNanos(300);
  private static final long ELECTION_MAX = TimeUnit.MILLISECONDS.toNanos(600);
  private static final long HEARTBEAT = TimeUnit.MILLISECONDS.toNanos(140);

  /// A leader that has not heard from a majority for so long gives up.
  static final long STEP_DOWN = TimeUnit.MILLISECONDS.toNanos(1_600);

  static final Duration NEVER = Duration.ofDays(1);
  private static final int ENTRIES_AT_ONCE = 8;

  enum Role {
    FOLLOWER,
    CANDIDATE,
    LEADER
  }

  /// The way to the other servers.
  interface Wire {
    void send(int to, RaftMessage message);
  }

  /// The log of this node, which hands over what is committed.
  interface Observer {

    /// More may be handed over.
    void advanced();

    /// This server leads no more, or follows another one.
    void follows();

    /// False while what has been committed before is still being handed over.
    boolean canInstall();

    /// A snapshot stands on the disk in place of the entries.
    void installed();
  }

  /// @param size how many servers there are
  record Surroundings(
      int self, int size, World world, NodeProcess process, RaftDisk disk, Wire wire) {}

  private final Surroundings with;
  private final int self;
  private final Timeline timeline;
  private final Chance chance;
  private final RaftDisk disk;
  private final Observer observer;
  private Role role = Role.FOLLOWER;
  private int leader = -1;
  private long committed;
  private long deadline;
  private long heardLeader;
  private boolean trial;
  private final Set<Integer> votes = new HashSet<>();

  // While it leads.
  private long startIndex;
  private long lastHeartbeat;
  private final long[] next;
  private final long[] match;
  private final long[] askedAt;

  RaftServer(Surroundings with, Chance chance, Observer observer) {
    this.with = with;
    this.self = with.self();
    this.timeline = with.world().timeline();
    this.chance = chance;
    this.disk = with.disk();
    this.observer = observer;
    this.next = new long[with.size()];
    this.match = new long[with.size()];
    this.askedAt = new long[with.size()];
    this.heardLeader = timeline.now() - NEVER.toNanos();
  }

  void start() {
    committed = disk.snapshotIndex();
    deadline = timeline.now() + chance.millis(50, 400);
    with.process().after(chance.millis(1, 50), this::tick);
  }

  private void tick() {
    with.process().after(chance.millis(60, 80), this::tick);
    long now = timeline.now();
    if (role == Role.LEADER) {
      if (now - quorumAskedAt() > STEP_DOWN) {
        with.world().journal().note("%s gives up leading term %d", name(), disk.term());
        stepDown();
      } else if (now - lastHeartbeat >= HEARTBEAT) {
        replicate();
      }
    } else if (now > deadline) {
      campaign(true);
    }
  }

  // --- elections ---

  /// Stands for election at once, as Ratis does when leadership is handed over.
  void stand() {
    if (role != Role.LEADER) {
      campaign(false);
    }
  }

  private void campaign(boolean onTrial) {
    role = Role.CANDIDATE;
    trial = onTrial;
    leader = -1;
    deadline = timeline.now() + chance.between(ELECTION_MIN, ELECTION_MAX);
    if (!onTrial) {
      disk.vote(disk.term() + 1, self);
    }
    votes.clear();
    votes.add(self);
    long asked = onTrial ? disk.term() + 1 : disk.term();
    toOthers(new RaftMessage.AskVote(asked, self, disk.last(), disk.lastTerm(), onTrial));
    counted();
  }

  private void counted() {
    if (role != Role.CANDIDATE || votes.size() <= with.size() / 2) {
      return;
    }
    if (trial) {
      campaign(false);
    } else {
      lead();
    }
  }

  private void askedForVote(RaftMessage.AskVote ask) {
    boolean upToDate =
        ask.lastTerm() > disk.lastTerm()
            || (ask.lastTerm() == disk.lastTerm() && ask.lastIndex() >= disk.last());
    if (ask.trial()) {
      boolean content = role == Role.LEADER || timeline.now() - heardLeader < ELECTION_MIN;
      boolean granted = ask.term() > disk.term() && upToDate && !content;
      send(ask.from(), new RaftMessage.Vote(disk.term(), self, ask.term(), granted, true));
      return;
    }
    adopt(ask.term());
    boolean free =
        disk.vote() == -1
            || disk.vote() == ask.from()
            || with.world().has(Mutation.VOTES_TWICE) && role == Role.FOLLOWER;
    boolean granted = ask.term() == disk.term() && upToDate && free;
    if (granted) {
      disk.vote(disk.term(), ask.from());
      deadline = timeline.now() + chance.between(ELECTION_MIN, ELECTION_MAX);
    }
    send(ask.from(), new RaftMessage.Vote(disk.term(), self, ask.term(), granted, false));
  }

  private void voted(RaftMessage.Vote vote) {
    adopt(vote.term());
    long asked = trial ? disk.term() + 1 : disk.term();
    if (role == Role.CANDIDATE
        && vote.granted()
        && vote.trial() == trial
        && vote.askedTerm() == asked) {
      votes.add(vote.from());
      counted();
    }
  }

  private void lead() {
    role = Role.LEADER;
    leader = self;
    with.world().truth().elected(disk.term(), self);
    Arrays.fill(next, disk.last() + 1);
    Arrays.fill(match, 0);
    Arrays.fill(askedAt, timeline.now());
    startIndex = propose(null);
  }

  /// Learns of a term.
  private void adopt(long term) {
    if (term > disk.term()) {
      disk.vote(term, -1);
      stepDown();
    }
  }

  private void stepDown() {
    boolean led = role == Role.LEADER;
    role = Role.FOLLOWER;
    leader = -1;
    deadline = timeline.now() + chance.between(ELECTION_MIN, ELECTION_MAX);
    if (led) {
      observer.follows();
    }
  }

  // --- replication ---

  /// @return the index of the entry; where this server leads
  long propose(byte[] data) {
    long index = disk.append(new RaftDisk.Entry(disk.term(), data));
    long term = disk.term();
    with.process()
        .after(
            writing(),
            () -> {
              disk.flush(index, term);
              advance();
            });
    replicate();
    return index;
  }

  private void replicate() {
    lastHeartbeat = timeline.now();
    for (int to = 0; to < with.size(); to++) {
      if (to != self) {
        replicate(to);
      }
    }
  }

  private void replicate(int to) {
    byte[] snapshot = disk.snapshot();
    long now = timeline.now();
    if (next[to] <= disk.snapshotIndex() && snapshot != null) {
      send(
          to,
          new RaftMessage.Install(
              disk.term(), self, disk.snapshotIndex(), disk.snapshotTerm(), snapshot, now));
      return;
    }
    long previous = next[to] - 1;
    send(
        to,
        new RaftMessage.Append(
            disk.term(),
            self,
            previous,
            disk.termAt(previous),
            disk.from(next[to], ENTRIES_AT_ONCE),
            committed,
            now));
  }

  private void asked(RaftMessage.Append append) {
    if (append.term() < disk.term()) {
      answer(append.from(), false, 0, append.sentAt());
      return;
    }
    follow(append.term(), append.from());
    long previous = append.previous();
    if (previous > disk.last()
        || previous > disk.snapshotIndex() && disk.termAt(previous) != append.previousTerm()) {
      answer(append.from(), false, Math.min(disk.last(), previous - 1), append.sentAt());
      return;
    }
    long index = previous;
    for (RaftDisk.Entry entry : append.entries()) {
      index++;
      if (index > disk.snapshotIndex()) {
        keep(index, entry);
      }
    }
    long verified = index;
    if (Math.min(append.committed(), verified) > committed) {
      committed = Math.min(append.committed(), verified);
    }
    write(verified, () -> answer(append.from(), true, verified, append.sentAt()));
    observer.advanced();
  }

  private void keep(long index, RaftDisk.Entry entry) {
    if (index <= disk.last()) {
      if (disk.termAt(index) == entry.term()) {
        return;
      }
      with.world().truth().requireUncommitted(index, committed, self);
      disk.truncate(index);
    }
    disk.append(entry);
  }

  private void write(long index, Runnable written) {
    if (index <= disk.flushed()) {
      written.run();
      return;
    }
    long entryTerm = disk.termAt(index);
    long term = disk.term();
    with.process()
        .after(
            writing(),
            () -> {
              disk.flush(index, entryTerm);
              observer.advanced();
              if (disk.term() == term && disk.holds(index, entryTerm)) {
                written.run();
              }
            });
  }

  private long writing() {
    return chance.in(0.03) ? chance.millis(5, 150) : chance.micros(100, 2_000);
  }

  private void asked(RaftMessage.Install install) {
    if (install.term() < disk.term()) {
      answer(install.from(), false, 0, install.sentAt());
      return;
    }
    follow(install.term(), install.from());
    if (install.index() > committed) {
      if (!observer.canInstall()) {
        return;
      }
      with.world().journal().note("%s is given a snapshot up to %d", name(), install.index());
      disk.install(install.index(), install.indexTerm(), install.snapshot());
      committed = install.index();
      observer.installed();
    }
    answer(install.from(), true, install.index(), install.sentAt());
  }

  private void follow(long term, int from) {
    adopt(term);
    role = Role.FOLLOWER;
    if (leader != from) {
      leader = from;
      observer.follows();
    }
    long now = timeline.now();
    heardLeader = now;
    deadline = now + chance.between(ELECTION_MIN, ELECTION_MAX);
  }

  private void answered(RaftMessage.Appended answer) {
    adopt(answer.term());
    if (role != Role.LEADER || answer.term() != disk.term()) {
      return;
    }
    int from = answer.from();
    askedAt[from] = Math.max(askedAt[from], answer.sentAt());
    if (answer.success()) {
      match[from] = Math.max(match[from], answer.match());
      next[from] = Math.max(next[from], match[from] + 1);
      advance();
      if (next[from] <= disk.last() && answer.match() + 1 == next[from]) {
        replicate(from);
      }
    } else {
      next[from] = Math.max(match[from] + 1, Math.min(next[from], answer.match() + 1));
      replicate(from);
    }
  }

  /// Commits what a majority has on disk, if it is of this term (the Raft paper, §5.4.2).
  private void advance() {
    if (role != Role.LEADER) {
      return;
    }
    long[] written = match.clone();
    written[self] = disk.flushed();
    Arrays.sort(written);
    long majority = written[(with.size() - 1) / 2];
    if (majority > committed && disk.termAt(majority) == disk.term()) {
      committed = majority;
    }
    observer.advanced();
  }

  // --- what others want to know ---

  void receive(RaftMessage message) {
    switch (message) {
      case RaftMessage.AskVote ask -> askedForVote(ask);
      case RaftMessage.Vote vote -> voted(vote);
      case RaftMessage.Append append -> asked(append);
      case RaftMessage.Install install -> asked(install);
      case RaftMessage.Appended answer -> answered(answer);
    }
  }

  private void answer(int to, boolean success, long upTo, long sentAt) {
    send(to, new RaftMessage.Appended(disk.term(), self, success, upTo, sentAt));
  }

  private void send(int to, RaftMessage message) {
    with.wire().send(to, message);
  }

  private void toOthers(RaftMessage message) {
    for (int to = 0; to < with.size(); to++) {
      if (to != self) {
        send(to, message);
      }
    }
  }

  /// What may be handed over: committed, and on this disk.
  long ready() {
    return Math.min(committed, disk.flushed());
  }

  boolean leads() {
    return role == Role.LEADER;
  }

  long term() {
    return disk.term();
  }

  /// Whether this entry is the one with which this server began to lead.
  boolean beganWith(long index) {
    return role == Role.LEADER && index == startIndex;
  }

  Optional<Integer> leader() {
    return leader < 0 ? Optional.empty() : Optional.of(leader);
  }

  /// How long ago this server certainly led in that term.
  Duration sinceConfirmed(long term) {
    return role == Role.LEADER && disk.term() == term
        ? Duration.ofNanos(timeline.now() - quorumAskedAt())
        : NEVER;
  }

  /// When the leader last asked what a majority then answered.
  private long quorumAskedAt() {
    long[] asked = askedAt.clone();
    asked[self] = timeline.now();
    Arrays.sort(asked);
    return asked[(with.size() - 1) / 2];
  }

  private String name() {
    return World.nodeName(self);
  }
}
