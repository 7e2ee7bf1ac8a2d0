package io.heddle.core.punt;

import io.heddle.core.store.Command;
import io.heddle.core.store.Image;
import java.util.List;
import java.util.Optional;

/// Answers one sort of punted packets from the intent.
public interface PuntHandler {

  /// The first byte of the userdata of the flows that punt to it; unique among all handlers.
  byte code();

  /// What to send back, possibly nothing. The frame comes from a VM: it may be garbage, and is
  /// never a reason to throw.
  List<Answer> answer(Image image, Punt punt);

  /// What the packet makes known that the whole cluster is to know, as a command for its leader; as
  /// a rule nothing. Garbage is no reason to throw here either.
  default Optional<Command<Boolean>> learn(Image image, Punt punt) {
    return Optional.empty();
  }
}
