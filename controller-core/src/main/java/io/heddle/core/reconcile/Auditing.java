package io.heddle.core.reconcile;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/// The looks at one switch: which part is next and when, what was found in each, and who asked for
/// a look of their own.
///
/// Without anybody asking, the parts are looked at one after the other, spread over the policy's
/// round. Who asks gets all parts, one right after the other; the round goes on all the same, since
/// it alone is bound to mend.
final class Auditing {

  /// Looks that may be asked for and not have begun.
  static final int MAX_WAITING = 8;

  /// From a connect to the first look. When a node takes over many hosts, not all are looked at in
  /// the same moment.
  private static final Duration FIRST_WITHIN = Duration.ofSeconds(5);

  private final AuditPolicy policy;

  private Slice next = Slice.firstOf(0);
  private Instant due = Instant.MAX;
  private Audit[] latest = {Audit.NONE};
  private List<Difference> differences = List.of();
  private long findings;

  private final Deque<Request> waiting = new ArrayDeque<>();
  private @Nullable Request current;

  /// Looks that are done and whose mending is on its way.
  private final Deque<Request> mending = new ArrayDeque<>();

  /// Whether the part that is being read is read for the one who asked.
  private boolean readingForRequest;

  /// What one part showed.
  ///
  /// @param mending the number of the last work that mends it, 0 for none
  record Found(Audit audit, List<Difference> differences, long mending) {}

  /// A look that somebody asked for.
  private static final class Request {
    final boolean repair;
    final Consumer<AuditResult> answer;
    final List<Found> found = new ArrayList<>();
    Slice next = Slice.firstOf(0);

    Request(boolean repair, Consumer<AuditResult> answer) {
      this.repair = repair;
      this.answer = answer;
    }

    void begin(int flows) {
      found.clear();
      next = Slice.firstOf(flows);
    }

    long mendedBy() {
      return found.stream().mapToLong(Found::mending).max().orElse(0);
    }

    void finish() {
      Audit counts = Audit.NONE;
      List<Difference> all = new ArrayList<>();
      for (Found part : found) {
        counts = counts.plus(part.audit());
        all.addAll(part.differences());
      }
      int named = Math.min(all.size(), Comparison.MAX_DIFFERENCES);
      answer.accept(new AuditResult.Looked(counts, repair, all.subList(0, named)));
    }
  }

  Auditing(AuditPolicy policy) {
    this.policy = policy;
  }

  /// The switch is followed from now on: the first round begins, soon, since nobody looked for a
  /// while.
  ///
  /// @param flows how many the switch should hold
  /// @param spread a number of the host's own, so that not all hosts are looked at in one moment
  void begin(Instant now, IntSupplier flows, int spread) {
    if (!due.equals(Instant.MAX)) {
      return; // it has begun
    }
    beginRound(flows.getAsInt());
    long step = policy.round().toMillis() / next.count();
    long within = Math.clamp(step, 1, FIRST_WITHIN.toMillis());
    due = now.plusMillis(Math.floorMod(spread, within));
  }

  private void beginRound(int flows) {
    next = Slice.firstOf(flows);
    if (latest.length != next.count()) {
      latest = new Audit[next.count()];
      Arrays.fill(latest, Audit.NONE);
    }
  }

  void ask(boolean repair, Consumer<AuditResult> answer) {
    if (waiting.size() < MAX_WAITING) {
      waiting.add(new Request(repair, answer));
    } else {
      answer.accept(
          new AuditResult.Unavailable(
              "%d looks at this host wait already; ask again when they are done"
                  .formatted(MAX_WAITING)));
    }
  }

  /// The part to look at now, or null when none is due.
  ///
  /// @param flows how many the switch should hold
  @Nullable Slice toLookAt(Instant now, IntSupplier flows) {
    readingForRequest = false;
    if (!now.isBefore(due)) {
      if (next.isFirst()) {
        beginRound(flows.getAsInt());
      }
      return next;
    }
    if (current == null && !waiting.isEmpty()) {
      current = waiting.remove();
      current.begin(flows.getAsInt());
    }
    if (current == null) {
      return null;
    }
    readingForRequest = true;
    return current.next;
  }

  /// Whether what the look under way finds is to be mended.
  boolean repairs() {
    return (readingForRequest && current != null) ? current.repair : policy.repair();
  }

  /// Whether what it finds of somebody else's is to be removed.
  boolean removesForeign() {
    return repairs() && policy.foreign() == AuditPolicy.Foreign.REMOVE;
  }

  /// A part was looked at.
  void looked(Slice slice, Found found, Instant now) {
    findings += found.audit().findings();
    if (readingForRequest && current != null) {
      current.found.add(found);
      current.next = slice.next();
      if (slice.isLast()) {
        mending.add(current);
        current = null;
      }
      return;
    }
    latest[slice.index()] = found.audit();
    if (found.audit().findings() > 0) {
      differences = found.differences();
    }
    next = slice.next();
    Duration step = policy.round().dividedBy(slice.count());
    due = due.plus(step);
    if (due.plus(step).isBefore(now)) {
      due = now; // what was missed is not caught up with in one burst
    }
  }

  /// The switch has everything up to this work.
  void committed(long done) {
    while (!mending.isEmpty() && mending.element().mendedBy() <= done) {
      mending.remove().finish();
    }
  }

  /// All flows are about to be compared for another reason: a look under way begins again.
  void interrupted(IntSupplier flows) {
    if (current != null) {
      current.begin(flows.getAsInt());
    }
  }

  /// Nobody can look any more.
  void abandon(String why) {
    List<Request> all = new ArrayList<>(mending);
    if (current != null) {
      all.add(current);
    }
    all.addAll(waiting);
    current = null;
    waiting.clear();
    mending.clear();
    due = Instant.MAX;
    all.forEach(request -> request.answer.accept(new AuditResult.Unavailable(why)));
  }

  /// What the last look at each part found.
  Audit totals() {
    return Arrays.stream(latest).reduce(Audit.NONE, Audit::plus);
  }

  /// What was found by the last look of the round that found anything.
  List<Difference> differences() {
    return differences;
  }

  /// How many differences were found since this program began.
  long findings() {
    return findings;
  }
}
