package io.heddle.node.cluster;

import io.heddle.node.cluster.LogChecker.Change;
import io.heddle.node.cluster.Operation.Action;
import io.heddle.node.cluster.Operation.Ending;
import io.heddle.node.cluster.Operation.Interval;
import io.heddle.node.cluster.Operation.Version;
import io.heddle.testkit.random.Seeded;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;

/// A store that does one thing after the other, and nodes that follow it at their own pace: the
/// histories that it yields are right, whatever clients do at once. With a fault it is not.
final class OneStore {
  private static final int KEYS = 4;
  private static final int NODES = 3;
  private static final int LONGEST = 60;

  /// What goes wrong, once.
  enum Fault {
    NONE,
    /// An acknowledged write is not carried out.
    LOST,
    /// A refused write is carried out all the same.
    DONE_THOUGH_REFUSED,
    /// A write says that it comes before another, which had been answered when it began.
    BACKDATED,
    /// A node shows an older content than it had at the revision that it names.
    OLD_CONTENT
  }

  private final Seeded random;
  private final Fault fault;
  private final List<Operation> history = new ArrayList<>();
  private final List<Change> log = new ArrayList<>();
  private final Map<String, TreeMap<Long, Optional<Version>>> contents = new HashMap<>();
  private final long[] applied = new long[NODES];
  private long revision;
  private boolean failed;

  private OneStore(Seeded random, Fault fault) {
    this.random = random;
    this.fault = fault;
  }

  /// A request and the moment within its time at which it takes effect.
  private record Plan(int number, String key, int node, Interval interval, long effect) {}

  /// Carries out so many requests, and lets the fault happen if there is an occasion. In the end
  /// every node is asked for everything.
  static OneStore run(Seeded random, int requests, Fault fault) {
    OneStore store = new OneStore(random, fault);
    for (int i = 0; i < KEYS; i++) {
      store.carryOut(store.plan(i, "k" + i, 10L * i), new Action.Create("created" + i));
    }
    List<Plan> plans = new ArrayList<>();
    for (int i = KEYS; i < requests; i++) {
      plans.add(store.plan(i, "k" + random.below(KEYS), 100 + 3L * i + random.below(20)));
    }
    plans.sort(Comparator.comparingLong(Plan::effect));
    int inject = random.between(requests / 2, requests - 1);
    for (Plan plan : plans) {
      store.carryOut(plan, store.action(plan), plan.number() >= inject);
    }
    store.readAll(1_000 + 4L * requests + LONGEST);
    return store;
  }

  List<Operation> history() {
    return history;
  }

  List<Change> log() {
    return log;
  }

  boolean hasFailed() {
    return failed;
  }

  private Plan plan(int number, String key, long invoked) {
    long effect = invoked + 1 + random.below(LONGEST / 2);
    long completed = effect + 1 + random.below(LONGEST / 2);
    return new Plan(number, key, random.below(NODES), new Interval(invoked, completed), effect);
  }

  private Action action(Plan plan) {
    int dice = random.below(100);
    if (dice < 30) {
      return new Action.Read(OptionalLong.empty());
    }
    OptionalLong expected = OptionalLong.empty();
    if (random.flip()) {
      List<Long> known = new ArrayList<>(contents.get(plan.key()).keySet());
      expected = OptionalLong.of(random.percent(70) ? known.getLast() : random.pick(known));
    }
    return dice < 34
        ? new Action.Delete(expected)
        : new Action.Write("v" + plan.number(), expected);
  }

  private void carryOut(Plan plan, Action action) {
    carryOut(plan, action, false);
  }

  private void carryOut(Plan plan, Action action, boolean mayFail) {
    if (action instanceof Action.Read) {
      applied[plan.node()] = random.between((int) applied[plan.node()], (int) revision);
      end(plan, action, seen(plan, mayFail));
      return;
    }
    Optional<Version> now = latest(plan.key());
    Operation asked =
        new Operation(
            plan.number(), plan.key(), "", action, plan.interval(), new Ending.Unknown(""));
    if (now.isEmpty() && !(action instanceof Action.Create)) {
      end(plan, action, new Ending.Refused(404));
    } else if (now.isPresent()
        && asked.expected().orElse(now.get().revision()) != now.get().revision()) {
      end(plan, action, new Ending.Refused(412));
    } else {
      change(plan, action, asked, mayFail);
    }
  }

  private void change(Plan plan, Action action, Operation asked, boolean mayFail) {
    boolean unknown = !(action instanceof Action.Create) && random.percent(10);
    boolean lost = unknown && random.flip();
    Ending ending = null;
    if (!unknown && mayFail && !failed) {
      switch (fault) {
        case LOST -> {
          revision++;
          ending = new Ending.Committed(revision);
          lost = true;
          failed = true;
        }
        case DONE_THOUGH_REFUSED -> {
          ending = new Ending.Refused(503);
          failed = true;
        }
        case BACKDATED -> {
          ending = new Ending.Committed(1);
          failed = true;
        }
        case NONE, OLD_CONTENT -> {}
      }
    }
    if (!lost) {
      revision++;
      contents
          .computeIfAbsent(plan.key(), _ -> new TreeMap<>())
          .put(revision, asked.written().map(value -> new Version(value, revision)));
      applied[plan.node()] = revision;
      log.add(new Change(revision, verb(action), plan.key(), Operation.request(history.size())));
    }
    if (ending == null) {
      ending = unknown ? new Ending.Unknown("") : new Ending.Committed(revision);
    }
    end(plan, action, ending);
  }

  private static String verb(Action action) {
    return switch (action) {
      case Action.Create _ -> "create";
      case Action.Write _ -> "update";
      case Action.Delete _ -> "delete";
      case Action.Read _ -> "read";
    };
  }

  private Ending seen(Plan plan, boolean mayFail) {
    long at = applied[plan.node()];
    TreeMap<Long, Optional<Version>> of = contents.getOrDefault(plan.key(), new TreeMap<>());
    Map.Entry<Long, Optional<Version>> shown = of.floorEntry(at);
    if (fault == Fault.OLD_CONTENT
        && mayFail
        && !failed
        && shown != null
        && shown.getValue().isPresent()) {
      Map.Entry<Long, Optional<Version>> older = of.lowerEntry(shown.getKey());
      if (older != null) {
        failed = true;
        shown = older;
      }
    }
    return new Ending.Seen(shown == null ? Optional.empty() : shown.getValue(), at);
  }

  private Optional<Version> latest(String key) {
    TreeMap<Long, Optional<Version>> of = contents.getOrDefault(key, new TreeMap<>());
    return of.isEmpty() ? Optional.empty() : of.lastEntry().getValue();
  }

  private void readAll(long from) {
    for (int node = 0; node < NODES; node++) {
      applied[node] = revision;
      for (int i = 0; i < KEYS; i++) {
        Interval interval = new Interval(from, from + 1);
        Plan plan = new Plan(history.size(), "k" + i, node, interval, from);
        end(plan, new Action.Read(OptionalLong.of(revision)), seen(plan, false));
      }
    }
  }

  private void end(Plan plan, Action action, Ending ending) {
    history.add(
        new Operation(
            history.size(), plan.key(), "n" + plan.node(), action, plan.interval(), ending));
  }
}
