package io.heddle.core.simulation;

import io.heddle.core.store.Log;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/// One node's end of the simulated log: as bad to the store as the log over Ratis may be, and no
/// worse.
///
/// It refuses an append for certain only where this server does not lead. Anything else that goes
/// wrong is untold, late or lost. Entries are handed over behind a leader's back, at their own
/// pace; that a node leads is said in their order, and maybe after it has ceased to be true.
final class SimulatedLog implements Log, RaftServer.Observer {

  /// The store blocks the log when it lags by more; so far a run does not get.
  private static final int MAX_AHEAD = 500;

  /// How mean it is.
  ///
  /// @param uncertain the share of appends whose appender is told of a failure that was none, or
  ///   that are lost, or late
  /// @param snapshotEvery entries
  record Temper(double uncertain, int snapshotEvery) {}

  private record Waiting(long term, CompletableFuture<Void> answer) {}

  private final World world;
  private final NodeProcess process;
  private final RaftDisk disk;
  private final RaftServer raft;
  private final StepOwner owner;
  private final Chance chance;
  private final Temper temper;
  private final Map<Long, Waiting> waiting = new HashMap<>();
  private @Nullable Reader reader;
  private long handedOver;
  private long readyInTerm = -1;
  private boolean scheduled;
  private boolean holding;

  SimulatedLog(RaftServer.Surroundings with, StepOwner owner, Temper temper, Chance chance) {
    this.world = with.world();
    this.process = with.process();
    this.disk = with.disk();
    this.owner = owner;
    this.chance = chance;
    this.temper = temper;
    this.raft = new RaftServer(with, chance.fork(), this);
  }

  RaftServer raft() {
    return raft;
  }

  @Override
  public void start(Reader follower) throws IOException {
    reader = follower;
    handedOver = disk.snapshotIndex();
    readSnapshot();
    raft.start();
  }

  private void readSnapshot() {
    byte[] snapshot = disk.snapshot();
    if (snapshot != null) {
      try {
        reader().readSnapshot(new ByteArrayInputStream(snapshot));
      } catch (IOException e) {
        throw new AssertionError(e);
      }
    }
  }

  private Reader reader() {
    return Objects.requireNonNull(reader);
  }

  // --- appending ---

  /// An entry that says nothing: once it is committed, this server led when it was appended.
  private static final byte[] SILENCE = {};

  @Override
  public CompletableFuture<Void> confirm() {
    return world.has(Mutation.ANSWERS_WITHOUT_A_MAJORITY)
        ? CompletableFuture.completedFuture(null)
        : append(SILENCE);
  }

  @Override
  public CompletableFuture<Void> append(byte[] entry) {
    if (!raft.leads() || readyInTerm != raft.term()) {
      return CompletableFuture.failedFuture(new NotLeader("this server does not lead"));
    }
    CompletableFuture<Void> answer = new CompletableFuture<>();
    if (chance.in(temper.uncertain())) {
      appendBadly(entry, answer);
    } else {
      long term = raft.term();
      waiting.put(raft.propose(entry), new Waiting(term, answer));
    }
    return answer;
  }

  private void appendBadly(byte[] entry, CompletableFuture<Void> answer) {
    Exception failure = new IOException("no answer in time");
    switch (chance.below(world.has(Mutation.LOG_DENIES_WHAT_IT_APPENDED) ? 4 : 3)) {
      case 0 -> process.after(chance.micros(0, 2_000), () -> answer.completeExceptionally(failure));
      case 1 -> {
        process.after(
            chance.millis(0, 400),
            () -> {
              if (raft.leads()) {
                raft.propose(entry);
              }
            });
        process.after(chance.millis(0, 300), () -> answer.completeExceptionally(failure));
      }
      case 2 -> {
        raft.propose(entry);
        process.after(chance.millis(0, 200), () -> answer.completeExceptionally(failure));
      }
      default -> {
        raft.propose(entry);
        answer.completeExceptionally(new NotLeader("a lie"));
      }
    }
  }

  // --- handing over ---

  @Override
  public void advanced() {
    if (!scheduled && !holding && handedOver < raft.ready()) {
      scheduled = true;
      long pace = chance.in(0.02) ? chance.millis(1, 300) : chance.micros(5, 500);
      process.after(pace, this::handOver);
    }
  }

  private void handOver() {
    scheduled = false;
    for (int left = 1 + chance.below(8); left > 0 && canHandOver(); left--) {
      handedOver++;
      RaftDisk.Entry entry = disk.entry(handedOver);
      world.truth().committed(handedOver, entry);
      byte[] data = entry.data();
      if (data != null && data.length > 0) {
        reader().apply(data);
      } else if (data == null && raft.beganWith(handedOver)) {
        ready(entry.term());
      }
      settle(entry.term());
    }
    if (!holding && handedOver - disk.snapshotIndex() >= temper.snapshotEvery()) {
      takeSnapshot();
    }
    advanced();
  }

  private boolean canHandOver() {
    return !holding && handedOver < raft.ready() && owner.waiting() < MAX_AHEAD;
  }

  /// This server leads and may append. Whoever says so to the store may be overtaken by events.
  private void ready(long term) {
    readyInTerm = term;
    if (chance.in(0.2)) {
      holding = true;
      process.after(
          chance.in(0.3) ? chance.millis(0, 500) : chance.micros(0, 20_000),
          () -> {
            holding = false;
            reader().leads(term);
            advanced();
          });
    } else {
      reader().leads(term);
    }
  }

  private void settle(long term) {
    Waiting settled = waiting.remove(handedOver);
    if (settled != null) {
      process.after(
          chance.micros(0, 1_000),
          () -> {
            if (settled.term() == term) {
              settled.answer().complete(null);
            } else {
              settled
                  .answer()
                  .completeExceptionally(new IOException("another entry took its place"));
            }
          });
    }
  }

  @Override
  public void follows() {
    reader().follows();
    waiting
        .values()
        .forEach(lost ->
            process.after(
                chance.micros(0, 5_000),
                () -> lost.answer().completeExceptionally(new IOException("leads no more"))));
    waiting.clear();
  }

  // --- snapshots ---

  private void takeSnapshot() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try {
      reader().writeSnapshot(out);
    } catch (IOException e) {
      world.journal().violation("no snapshot could be taken: %s", e);
      return;
    }
    disk.compact(handedOver, out.toByteArray());
  }

  @Override
  public boolean canInstall() {
    return !holding;
  }

  @Override
  public void installed() {
    handedOver = disk.snapshotIndex();
    waiting.clear();
    readSnapshot();
  }

  @Override
  public void close() {}
}
