package io.heddle.core.inventory;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.heddle.core.model.ClusterView;
import io.heddle.core.store.Decision;
import io.heddle.core.store.Draft;
import io.heddle.core.store.Fact;
import io.heddle.core.store.Image;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class AdvanceEpochTest {

  private static final ClusterView VIEW = new ClusterView(20, List.of("n1"));
  private static final Image IMAGE = Image.EMPTY.apply(1, List.of(Fact.put(VIEW))).image();

  private static Decision<ClusterView> decide(long seen) {
    return new AdvanceEpoch(seen).decide(new Draft(IMAGE, 2, Instant.EPOCH));
  }

  @Test
  void theViewGoesOnPastAnEpochFromElsewhere() {
    ClusterView past = VIEW.at(31);
    assertEquals(new Decision.Accepted<>(past, List.of(Fact.put(past))), decide(30));
  }

  /// Found by the simulation: a node that lagged behind showed a switch the epoch before the
  /// newest, which the switch had seen; every such time all masters had to claim again under a new
  /// one, and nodes that lagged were too late again.
  @Test
  void anEpochOfOursIsNoReasonForAnother() {
    assertEquals(new Decision.Accepted<>(VIEW, List.of()), decide(20));
    assertEquals(new Decision.Accepted<>(VIEW, List.of()), decide(19));
  }
}
