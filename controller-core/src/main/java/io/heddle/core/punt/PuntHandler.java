package io.heddle.core.punt;

import io.heddle.core.store.Image;
import java.util.List;

/// Answers one sort of punted packets from the intent.
public interface PuntHandler {

  /// The first byte of the userdata of the flows that punt to it; unique among all handlers.
  byte code();

  /// What to send back, possibly nothing. The frame comes from a VM: it may be garbage, and is
  /// never a reason to throw.
  List<Answer> answer(Image image, Punt punt);
}
