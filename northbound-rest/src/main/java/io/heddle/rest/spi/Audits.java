package io.heddle.rest.spi;

import io.heddle.core.model.HostId;
import io.heddle.core.model.Key;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/// Full looks at what switches hold, against what they should hold. Each is carried out by the
/// host's master, whichever node that is. Called from any thread; nothing blocks.
public interface Audits {

  /// Looks at one host now.
  ///
  /// @param repair whether what differs is mended; otherwise the switch is only read
  CompletionStage<Result> run(HostId host, boolean repair);

  /// What the last look at a host found, if there was one since its master took it over.
  Optional<Report> last(HostId host);

  /// How one look ended.
  sealed interface Result {

    record Done(Report report) implements Result {}

    /// Nobody could look: the host is not connected, or its switch did not answer.
    record Unavailable(String why) implements Result {}
  }

  /// What a look found.
  ///
  /// @param repaired whether what differed was mended
  /// @param differences the flows that differ; when there are very many, only the first of them
  record Report(
      HostId host, Instant at, boolean repaired, Counts counts, List<Difference> differences) {
    public Report {
      differences = List.copyOf(differences);
    }
  }

  /// How many flows of each sort there are.
  ///
  /// @param inStep as compiled
  /// @param missing not there
  /// @param altered carrying their cookie and saying something else
  /// @param extra ours, and not wanted any more
  /// @param foreign somebody else's, which can let packets around every rule
  record Counts(int inStep, int missing, int altered, int extra, int foreign) {

    /// How many are not as they should be.
    public int differing() {
      return missing + altered + extra + foreign;
    }
  }

  /// In which way a flow differs.
  enum Way {
    MISSING,
    ALTERED,
    EXTRA,
    FOREIGN
  }

  /// A flow that differs.
  ///
  /// @param table the stage's name
  /// @param match with the priority, as `ovs-ofctl` writes it
  /// @param unit the rule and its subject that the flow is compiled from; empty when nobody knows
  /// @param row the row that it comes from
  record Difference(Way way, String table, String match, String unit, Optional<Key<?>> row) {}
}
