package io.heddle.vpc.command;

import io.heddle.core.intent.Checks;
import io.heddle.core.model.HostId;
import io.heddle.core.store.Draft;
import org.jspecify.annotations.Nullable;

/// Which hosts may bind a port.
public sealed interface HostChoice {

  /// Whichever host the port's VM is plugged into.
  record Any() implements HostChoice {}

  /// This one only.
  record Only(HostId host) implements HostChoice {}

  /// The choice as the port's row keeps it.
  ///
  /// @return null for any host
  default @Nullable HostId requested(Draft draft) {
    return named(draft, "requestedHostId");
  }

  /// The choice of where a port's machine is being moved.
  ///
  /// @return null for nowhere
  default @Nullable HostId migratesTo(Draft draft) {
    return named(draft, "migratingToHostId");
  }

  private @Nullable HostId named(Draft draft, String field) {
    return switch (this) {
      case Any() -> null;
      case Only(HostId host) -> Checks.existing(draft, host, field).id();
    };
  }
}
