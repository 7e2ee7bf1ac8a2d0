package io.heddle.core.simulation;

import com.fasterxml.jackson.core.type.TypeReference;
import io.heddle.core.cluster.CommandType;
import io.heddle.core.model.HostId;
import io.heddle.core.model.Meta;
import io.heddle.core.model.Project;
import io.heddle.core.model.ProjectId;
import io.heddle.core.store.Command;
import io.heddle.core.store.Decision;
import io.heddle.core.store.Draft;
import io.heddle.core.store.Outcome;
import io.heddle.core.store.Rows;
import io.heddle.core.store.Submission;
import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// What one node reports of the hosts whose master it is: what is plugged into them, as a count
/// that rises with every plug. As in a real node one report of a host is under way at a time, and
/// one that was not decided is made again.
final class HostReports {

  private static final String PREFIX = "host-";
  private static final long UNKNOWN = -1;
  private static final Duration RETRY = Duration.ofMillis(500);

  static final CommandType<String> TYPE =
      new CommandType<>("report", Report.class, new TypeReference<String>() {});

  /// @param by the node that reports
  record Report(HostId host, String by, long plugged) implements Command<String> {

    @Override
    public Decision<String> decide(Draft draft) {
      ProjectId key = key(host);
      Meta meta = draft.created("%s/%d".formatted(by, plugged), key, Map.of());
      draft.put(new Project(key, meta, Project.Quotas.DEFAULT));
      return draft.accept(meta.name());
    }

    /// The report that a row holds; null when it is a row of something else.
    static @Nullable Report of(Project row) {
      if (!row.id().value().startsWith(PREFIX)) {
        return null;
      }
      String[] words = row.meta().name().split("/", -1);
      HostId host = new HostId(row.id().value().substring(PREFIX.length()));
      return new Report(host, words[0], Long.parseLong(words[1]));
    }
  }

  private static ProjectId key(HostId host) {
    return new ProjectId(PREFIX + host);
  }

  /// What stands of a host, or 0.
  static long plugged(Rows rows, HostId host) {
    return rows.find(key(host)).map(Report::of).map(Report::plugged).orElse(0L);
  }

  private static final class Reporting {
    private long latest = UNKNOWN;
    private boolean underWay;
    private boolean again;
  }

  private final SwitchSessions.Surroundings with;
  private final Map<HostId, Reporting> hosts = new TreeMap<>();
  private final Set<HostId> mine = new HashSet<>();

  HostReports(SwitchSessions.Surroundings with) {
    this.with = with;
  }

  void heard(HostId host, long plugged) {
    Reporting reporting = hosts.computeIfAbsent(host, fresh -> new Reporting());
    reporting.latest = plugged;
    submit(host, reporting);
  }

  /// The host is connected no more: what it said last may be out of date.
  void lost(HostId host) {
    isMine(host, false);
    hosts.computeIfAbsent(host, fresh -> new Reporting()).latest = UNKNOWN;
  }

  /// Whether this node is a host's master now.
  void isMine(HostId host, boolean is) {
    if (!is) {
      mine.remove(host);
    } else if (mine.add(host)) {
      submit(host, hosts.computeIfAbsent(host, fresh -> new Reporting()));
    }
  }

  private void submit(HostId host, Reporting reporting) {
    if (!mine.contains(host) || reporting.latest == UNKNOWN) {
      return;
    }
    if (reporting.underWay) {
      reporting.again = true;
      return;
    }
    reporting.underWay = true;
    reporting.again = false;
    with.world()
        .journal()
        .note("%s reports %d of %s", World.nodeName(with.node()), reporting.latest, host);
    with.world()
        .journal()
        .note("%s reports %d of %s", World.nodeName(with.node()), reporting.latest, host);
    Report report = new Report(host, World.nodeName(with.node()), reporting.latest);
    Submission<String> submission = Submission.of(report, "host:" + host, "report");
    (with.world().has(Mutation.REPORTS_WITHOUT_A_MANDATE)
            ? with.relay().submit(submission)
            : with.relay().submitAsMaster(host, submission))
        .whenComplete((outcome, failed) ->
            with.process()
                .after(0, () -> ended(host, reporting, outcome instanceof Outcome.Committed<?>)));
  }

  private void ended(HostId host, Reporting reporting, boolean decided) {
    reporting.underWay = false;
    if (!decided) {
      with.process().after(RETRY.toNanos(), () -> submit(host, reporting));
    } else if (reporting.again) {
      submit(host, reporting);
    }
  }
}
