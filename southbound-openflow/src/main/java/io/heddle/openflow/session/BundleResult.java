package io.heddle.openflow.session;

import io.heddle.openflow.codec.FlowMod;
import io.heddle.openflow.codec.SwitchError;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// How a bundle ended, where the connection did not end first.
public sealed interface BundleResult {

  /// Every flow-mod of it is in the switch.
  record Committed() implements BundleResult {}

  /// None of it is.
  ///
  /// @param refusals what the switch said, flow-mods that it named first
  record Refused(List<Refusal> refusals) implements BundleResult {
    public Refused {
      refusals = List.copyOf(refusals);
    }

    @Override
    public String toString() {
      return "refused: " + refusals;
    }
  }

  /// @param mod what the error is about; null where it is about the bundle as such
  record Refusal(SwitchError error, @Nullable FlowMod mod) {}
}
