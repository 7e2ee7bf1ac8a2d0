package io.heddle.core.store;

import io.heddle.core.model.ClusterView;
import io.heddle.core.model.Leadership;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The intent of the cluster on this node: submissions go in, and every node's image moves from
/// revision to revision, in step.
///
/// One thread, the [Owner], decides and applies. On the leader it decides what waits into a batch,
/// appends it, and waits until the batch comes back through the log: one batch is in flight, so
/// nothing is ever undone. Whatever happens to an append, its fate is read from the log and never
/// guessed: the revision after the batch's base is made either by this batch or by another one,
/// after which this one is discarded wherever it turns up and its commands are decided again.
///
/// Answers and followers are called on the owner's thread: what takes long hands itself over to
/// another.
public final class Store implements AutoCloseable {

  /// Submissions that may wait to be decided: some seconds of work. More are refused.
  static final int MAX_QUEUED = 4_096;

  /// Those of one project among them: no project takes the room of all others.
  static final int MAX_QUEUED_OF_ONE = 1_024;

  /// What a caller is told to wait before it tries again. An election takes about as long.
  static final Duration RETRY_AFTER = Duration.ofSeconds(1);

  /// Pause before the log is asked again what it did not answer.
  static final Duration ASK_AGAIN_AFTER = Duration.ofMillis(200);

  /// Entries that the log may be ahead of the image: bounds memory while a log is replayed.
  private static final int MAX_HANDED_OVER = 1_024;

  /// How long closing waits for the batch in flight.
  private static final Duration SETTLE_WITHIN = Duration.ofSeconds(5);

  private static final int COOKIE_KEY_BYTES = 16;

  private static final String NOT_LEADING = "this node does not lead the cluster";
  private static final String STOPPING = "this node is stopping";

  private static final Logger LOG = LoggerFactory.getLogger(Store.class);

  /// All that is not a function of the log.
  ///
  /// @param node this node's name in the cluster
  /// @param random makes the key of a new cluster's cookies: cryptographically strong
  /// @param stopNode is told, once, why this node can't go on
  public record Environment(
      String node,
      InstantSource clock,
      RandomGenerator random,
      Supplier<UUID> uuids,
      Owner owner,
      Consumer<Throwable> stopNode) {}

  /// What the store is doing, for people.
  ///
  /// @param term the log's term that this node leads in, or 0
  /// @param archived the last revision of the history
  public record Status(
      boolean leading, long term, long revision, long archived, int queued, boolean failed) {}

  /// Ends a follower's or a waiter's interest.
  public interface Subscription extends AutoCloseable {
    @Override
    void close();
  }

  private enum Role {
    FOLLOWING,
    /// Leads, and its view is not committed yet.
    OPENING,
    SERVING,
    STOPPED
  }

  private final Log log;
  private final History history;
  private final Environment environment;
  private final Owner owner;
  private final Backlog backlog = new Backlog(MAX_QUEUED, MAX_QUEUED_OF_ONE);
  private final Semaphore handedOver = new Semaphore(MAX_HANDED_OVER);

  // Written by the owner only, read by anyone.
  private volatile Image image = Image.EMPTY;
  private volatile Role role = Role.FOLLOWING;
  private volatile long term;
  private volatile @Nullable Throwable failure;
  private final AtomicBoolean closing = new AtomicBoolean();

  // The owner's own.
  private final Deque<String> recent = new ArrayDeque<>();
  private final List<Consumer<Image.Applied>> followers = new ArrayList<>();
  private final Waiters waiters = new Waiters();
  private @Nullable Pending<ClusterView> opening;
  private final Proposals proposals;
  private final Findings findings;

  public Store(Log log, History history, Environment environment) {
    this.log = log;
    this.history = history;
    this.environment = environment;
    this.owner = environment.owner();
    this.proposals = new Proposals(log, owner, this::followsNow);
    this.findings = new Findings(log, owner, this::followsNow);
  }

  /// Replays what the log holds, then follows it.
  ///
  /// @throws IOException when the log can't be read; the message says what an operator can do
  public void start() throws IOException {
    log.start(new LogReader());
  }

  /// The last revision that was applied here. Any thread.
  public Image image() {
    return image;
  }

  /// Asks for a command to be decided and committed. Any thread; never blocks. The answer fails,
  /// rather than being an [Outcome], when the command has a bug or with [OutcomeUnknownException].
  public <T> CompletableFuture<Outcome<T>> submit(Submission<T> submission) {
    return submit(new Pending<>(submission, Pending.ANY_TERM));
  }

  /// Asks for a command to be decided in one term of this node's leadership, and in no other.
  public <T> CompletableFuture<Outcome<T>> submit(Submission<T> submission, long onlyInTerm) {
    return submit(new Pending<>(submission, onlyInTerm));
  }

  private <T> CompletableFuture<Outcome<T>> submit(Pending<T> pending) {
    if (closing.get() || role == Role.STOPPED) {
      pending.unavailable(STOPPING);
    } else if (role != Role.SERVING) {
      pending.notLeading(NOT_LEADING);
    } else {
      backlog.offer(pending).ifPresentOrElse(pending::unavailable, () -> queued(pending));
    }
    return pending.answer();
  }

  private void queued(Pending<?> pending) {
    owner.run(this::propose);
    if (closing.get() && backlog.withdraw(pending)) {
      pending.unavailable(STOPPING);
    }
  }

  /// Hears every revision from here on, in order, beginning with all there is as one delta from
  /// nothing. Called on the owner's thread; a follower that throws stops the node.
  public Subscription follow(Consumer<Image.Applied> follower) {
    owner.run(() ->
        guarded(() -> {
          followers.add(follower);
          if (image.revision() > 0) {
            follower.accept(new Image.Applied(image, image.asDelta()));
          }
        }));
    return () -> owner.run(() -> followers.remove(follower));
  }

  /// The first image of that revision or a later one. Cancelling it ends the wait.
  public CompletableFuture<Image> awaitRevision(long revision) {
    CompletableFuture<Image> reached = new CompletableFuture<>();
    owner.run(() -> waiters.add(revision, reached, image));
    var _ = reached.whenComplete((done, failed) -> owner.run(waiters::removeDone));
    return reached;
  }

  /// Completes with the term as soon as this node leads and serves.
  public CompletableFuture<Long> awaitLeading() {
    CompletableFuture<Long> leading = new CompletableFuture<>();
    owner.run(() -> {
      if (role == Role.SERVING) {
        leading.complete(term);
      } else {
        waiters.addLeading(leading);
      }
    });
    return leading;
  }

  /// Batches from the history, oldest first. Reads files: not for the owner's thread.
  public List<Batch> history(long fromRevision, int limit) throws IOException {
    return history.read(fromRevision, limit);
  }

  public Status status() {
    boolean leading = role == Role.SERVING;
    return new Status(
        leading,
        leading ? term : 0,
        image.revision(),
        history.last(),
        backlog.size(),
        failure != null);
  }

  /// Stops taking submissions, waits a little for the batch in flight, then closes log and history.
  @Override
  public void close() {
    if (closing.getAndSet(true)) {
      return;
    }
    try {
      owner
          .call(() -> {
            refuseUnchanged(pending -> pending.unavailable(STOPPING));
            return proposals.settled();
          })
          .get(SETTLE_WITHIN.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException | ExecutionException | IOException e) {
      LOG.warn("event=batch-unsettled reason=closing");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    log.close();
    try {
      owner.call(() -> {
        stop("this node stopped before its answer came");
        history.close();
        return true;
      });
    } catch (IOException e) {
      LOG.warn("event=history-close-failed cause=\"{}\"", e.getMessage(), e);
    }
    owner.close();
  }

  // --- deciding, on the owner's thread ---

  private void propose() {
    if (role == Role.FOLLOWING || role == Role.STOPPED || closing.get()) {
      boolean stopping = closing.get() || role == Role.STOPPED;
      refuseUnchanged(
          stopping
              ? pending -> pending.unavailable(STOPPING)
              : pending -> pending.notLeading(NOT_LEADING));
      return;
    }
    while (proposals.isIdle()) {
      if (role == Role.SERVING) {
        backlog.advance();
      }
      backlog.refuseOtherTerms(term);
      if (backlog.next().isEmpty()) {
        return;
      }
      Round round = Round.decide(image, backlog.next(), environment.clock().instant());
      findings.add(round.findings());
      if (!round.isEmpty()) {
        Proposal proposal = new Proposal(environment.uuids().get().toString(), round);
        proposals.begin(proposal);
      }
    }
  }

  /// Refuses all that has changed nothing yet.
  private void refuseUnchanged(Consumer<Pending<?>> refusal) {
    findings.refuse(refusal);
    backlog.refuseAll(refusal);
  }

  // --- leading, on the owner's thread ---

  private void leadsNow(long newTerm) {
    if (history.last() > image.revision()) {
      throw new IllegalStateException(
          "the log ends at revision %d and the history at %d: the log has lost what was committed"
              .formatted(image.revision(), history.last()));
    }
    proposals.setAside();
    refuseUnchanged(pending -> pending.notLeading("this node has only begun to lead"));
    term = newTerm;
    role = Role.OPENING;
    byte[] key = new byte[COOKIE_KEY_BYTES];
    environment.random().nextBytes(key);
    OpenLeadership command =
        new OpenLeadership(
            environment.node(), newTerm, environment.uuids().get(), HexFormat.of().formatHex(key));
    Pending<ClusterView> pending =
        new Pending<>(
            Submission.of(command, "node:" + environment.node(), "lead in term " + newTerm),
            newTerm);
    opening = pending;
    var _ = pending.answer().thenAccept(outcome -> opened(pending, outcome));
    backlog.putFirst(pending);
    propose();
  }

  private void opened(Pending<ClusterView> pending, Outcome<ClusterView> outcome) {
    if (opening == pending
        && outcome instanceof Outcome.Committed<ClusterView>(ClusterView view, long revision)) {
      opening = null;
      role = Role.SERVING;
      LOG.info(
          "event=leading term={} epoch={}:{} revision={}",
          term,
          view.epoch() >>> 32,
          (int) view.epoch(),
          revision);
      waiters.leading(term);
    }
  }

  private void followsNow() {
    if (role == Role.OPENING || role == Role.SERVING) {
      LOG.info("event=following term={} revision={}", term, image.revision());
      role = Role.FOLLOWING;
      opening = null;
    }
    proposals.leave();
    refuseUnchanged(pending -> pending.notLeading(NOT_LEADING));
  }

  // --- applying, on the owner's thread ---

  private void applyNow(byte[] entry) throws IOException {
    Batch batch = BatchCodec.decode(entry);
    if (batch.base() != image.revision()) {
      LOG.debug("event=batch-discarded base={} revision={}", batch.base(), image.revision());
      return;
    }
    Image.Applied applied = image.apply(batch.revision(), batch.facts());
    history.append(batch, entry, applied.image());
    recent.addLast(batch.id());
    if (recent.size() > Snapshot.RECENT_BATCHES) {
      recent.removeFirst();
    }
    image = applied.image();
    yieldToLaterLeader();
    backlog.putBack(proposals.settle(image.revision(), base -> batch.id()));
    tell(applied);
    propose();
  }

  private void installNow(Snapshot snapshot) {
    if (snapshot.image().revision() < image.revision()) {
      throw new IllegalStateException(
          "a snapshot of revision %d, and %d is applied already"
              .formatted(snapshot.image().revision(), image.revision()));
    }
    Delta delta = snapshot.image().since(image);
    image = snapshot.image();
    recent.clear();
    recent.addAll(snapshot.recent());
    LOG.info(
        "event=snapshot-installed revision={} changes={}",
        image.revision(),
        delta.changes().size());
    yieldToLaterLeader();
    backlog.putBack(proposals.settle(image.revision(), base -> snapshot.batchOf(base + 1)));
    tell(new Image.Applied(image, delta));
    propose();
  }

  /// The log may say later than its entries that this node leads no more, and may even let it
  /// append again by then, in a later term. What was decided in ours is over with the first entry
  /// of that leader: who relayed a request to this one relies on it.
  private void yieldToLaterLeader() {
    boolean leads = role == Role.OPENING || role == Role.SERVING;
    if (leads && image.find(Leadership.ID).filter(later -> later.term() > term).isPresent()) {
      followsNow();
    }
  }

  private void tell(Image.Applied applied) {
    for (Consumer<Image.Applied> follower : List.copyOf(followers)) {
      follower.accept(applied);
    }
    waiters.reached(applied.image());
  }

  // --- stopping ---

  private interface Turn {
    void take() throws IOException;
  }

  /// A turn that must not fail: if it does, this node's image can't be trusted to follow the log.
  private void guarded(Turn turn) {
    if (role == Role.STOPPED) {
      return;
    }
    try {
      turn.take();
    } catch (IOException | RuntimeException | StackOverflowError | AssertionError e) {
      LOG.error("event=store-failed revision={} cause=\"{}\"", image.revision(), e.getMessage(), e);
      failure = e;
      stop("this node stopped: " + e.getMessage());
      environment.stopNode().accept(e);
    }
  }

  private void stop(String why) {
    role = Role.STOPPED;
    refuseUnchanged(pending -> pending.unavailable(why));
    proposals.giveUp(why);
    waiters.stop(why);
  }

  /// What the log calls, from a thread of its own.
  private final class LogReader implements Log.Reader {

    /// A store that has stopped ignores what comes: the node is about to end, and no snapshot will
    /// say that these entries were applied.
    @Override
    public void apply(byte[] entry) {
      if (failure != null) {
        return;
      }
      handedOver.acquireUninterruptibly();
      owner.run(() -> {
        handedOver.release();
        guarded(() -> applyNow(entry));
      });
    }

    @Override
    public void writeSnapshot(OutputStream out) throws IOException {
      Snapshot snapshot =
          owner.call(() -> {
            refuseIfFailed();
            history.sync();
            return new Snapshot(image, List.copyOf(recent));
          });
      snapshot.writeTo(out);
    }

    @Override
    public void readSnapshot(InputStream in) throws IOException {
      Snapshot snapshot = Snapshot.readFrom(in);
      owner.run(() -> guarded(() -> installNow(snapshot)));
    }

    @Override
    public void leads(long newTerm) {
      owner.run(() -> guarded(() -> leadsNow(newTerm)));
    }

    @Override
    public void follows() {
      owner.run(() -> guarded(Store.this::followsNow));
    }

    @Override
    public void failed(Throwable cause) {
      owner.run(() ->
          guarded(() -> {
            throw new IOException("the log failed: " + cause.getMessage(), cause);
          }));
    }

    private void refuseIfFailed() throws IOException {
      if (failure != null) {
        throw new IOException("the store has stopped", failure);
      }
    }
  }
}
