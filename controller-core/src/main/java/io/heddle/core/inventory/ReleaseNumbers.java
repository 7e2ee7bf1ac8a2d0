package io.heddle.core.inventory;

import io.heddle.core.store.Command;
import io.heddle.core.store.Decision;
import io.heddle.core.store.Draft;
import io.heddle.core.store.Numbers;

/// Every host has realised a revision: numbers that were given back by then may be handed out
/// again.
public record ReleaseNumbers(long realizedEverywhere) implements Command<Integer> {

  @Override
  public Decision<Integer> decide(Draft draft) {
    return draft.accept(Numbers.release(draft, realizedEverywhere));
  }
}
