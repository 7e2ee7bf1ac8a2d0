package io.heddle.core.store;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One round of deciding: takes what waits, decides each command against the image as the earlier
/// ones of the round have made it, and ends up with one batch to append, or with none.
///
/// An answer that rests on facts of the round, be it yes or no, is held back until they are
/// committed: if the batch is lost, so are the reasons. One that rests on the base image alone is a
/// finding, and true if this node still leads.
final class Round {

  /// How many commands make one batch at most: what a burst loses when its batch is discarded.
  static final int MAX_COMMANDS = 512;

  /// A batch is closed when it has so many bytes. One disk write of this size takes milliseconds.
  static final int MAX_BATCH_BYTES = 1 << 20;

  /// The facts of one command. The log refuses longer entries.
  static final int MAX_COMMAND_BYTES = 3 << 20;

  private static final Logger LOG = LoggerFactory.getLogger(Round.class);

  private final Image base;
  private final Instant now;
  private Image image;
  private int bytes;
  private final List<byte[]> entries = new ArrayList<>();
  private final List<Pending<?>> taken = new ArrayList<>();
  private final List<Pending.Settlement<?>> held = new ArrayList<>();
  private final List<Pending.Settlement<?>> findings = new ArrayList<>();

  private Round(Image base, Instant now) {
    this.base = base;
    this.image = base;
    this.now = now;
  }

  /// Takes from the queue's head; what did not fit stays there.
  static Round decide(Image base, Deque<Pending<?>> waiting, Instant now) {
    Round round = new Round(base, now);
    while (!waiting.isEmpty()
        && round.taken.size() < MAX_COMMANDS
        && round.bytes < MAX_BATCH_BYTES
        && round.decide(waiting.getFirst())) {
      waiting.removeFirst();
    }
    return round;
  }

  boolean isEmpty() {
    return entries.isEmpty();
  }

  byte[] batch(String id) {
    return BatchCodec.join(id, base.revision(), now, entries);
  }

  long base() {
    return base.revision();
  }

  /// The submissions whose fate is that of the batch, in the order they came.
  List<Pending<?>> taken() {
    return List.copyOf(taken);
  }

  /// Their answers, if the batch is committed.
  List<Pending.Settlement<?>> held() {
    return List.copyOf(held);
  }

  /// Answers that rest on the base image alone, whatever becomes of the batch.
  List<Pending.Settlement<?>> findings() {
    return List.copyOf(findings);
  }

  /// @return false when there is no room for it in this batch
  private <T> boolean decide(Pending<T> pending) {
    Submission<T> submission = pending.submission();
    Submission.Repeatable<T> repeatable = submission.repeatable();
    try {
      if (repeatable != null) {
        Optional<Outcome<T>> earlier = Replies.earlier(image, repeatable);
        if (earlier.isPresent()) {
          settle(pending.with(earlier.get()));
          return true;
        }
      }
      Draft draft = new Draft(image, revision(), now);
      return switch (submission.command().decide(draft)) {
        case Decision.Rejected<T>(Problem problem) -> {
          settle(pending.with(new Outcome.Rejected<>(problem)));
          yield true;
        }
        case Decision.Accepted<T>(T result, List<Fact> facts) -> {
          requireSame(draft, facts);
          if (repeatable != null) {
            Replies.keep(draft, repeatable, result);
          }
          yield add(pending, result, draft);
        }
      };
    } catch (RuntimeException | StackOverflowError | AssertionError e) {
      LOG.error("event=command-failed summary=\"{}\"", submission.summary(), e);
      pending.fail(e);
      return true;
    }
  }

  private static void requireSame(Draft draft, List<Fact> facts) {
    if (draft.facts().size() != facts.size()) {
      throw new IllegalStateException("an accepted decision with facts that are not its draft's");
    }
  }

  private <T> boolean add(Pending<T> pending, T result, Draft draft) {
    if (draft.facts().isEmpty()) {
      long revision = isEmpty() ? base.revision() : revision();
      settle(pending.with(new Outcome.Committed<>(result, revision)));
      return true;
    }
    Submission<T> submission = pending.submission();
    byte[] entry =
        BatchCodec.encode(
            new Batch.Entry(
                submission.author(), submission.summary(), submission.request(), draft.facts()));
    if (entry.length > MAX_COMMAND_BYTES) {
      settle(pending.with(new Outcome.Rejected<>(tooLarge(entry.length))));
      return true;
    }
    if (!isEmpty() && bytes + entry.length > MAX_BATCH_BYTES) {
      return false;
    }
    entries.add(entry);
    bytes += entry.length;
    image = draft.image();
    settle(pending.with(new Outcome.Committed<>(result, revision())));
    return true;
  }

  private static Problem tooLarge(int bytes) {
    return Problem.invalid(
        "",
        "the request changes too much at once: %d bytes of rows, at most %d; split it"
            .formatted(bytes, MAX_COMMAND_BYTES));
  }

  private void settle(Pending.Settlement<?> settlement) {
    if (isEmpty()) {
      findings.add(settlement);
    } else {
      taken.add(settlement.pending());
      held.add(settlement);
    }
  }

  private long revision() {
    return base.revision() + 1;
  }
}
