package io.heddle.core.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.heddle.core.model.ClusterView;
import io.heddle.core.model.HostId;
import io.heddle.core.store.Command;
import io.heddle.core.store.Decision;
import io.heddle.core.store.Draft;
import io.heddle.core.store.Fact;
import io.heddle.core.store.Image;
import io.heddle.core.store.Problem;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Found by the simulation: what a former master had to say of its host arrived after what the new
/// one had said, and stood.
class ByMasterTest {

  private static final HostId HOST = new HostId("hv1");
  private static final Command<String> SAID = draft -> draft.accept("said");

  private static Decision<String> decide(String node, long epoch, ClusterView view) {
    Image image = Image.EMPTY.apply(1, List.of(Fact.put(view))).image();
    return new ByMaster<>(node, HOST, epoch, SAID).decide(new Draft(image, 2, Instant.EPOCH));
  }

  private static Problem rejected(Decision<String> decision) {
    Problem problem = assertInstanceOf(Decision.Rejected.class, decision).problem();
    assertTrue(ByMaster.isOutdated(problem));
    return problem;
  }

  @Test
  void aMasterSpeaksForItsHost() {
    ClusterView view = new ClusterView(3, List.of("n1"));
    assertEquals(new Decision.Accepted<>("said", List.of()), decide("n1", 3, view));
  }

  @Test
  void whoIsNotTheMasterDoesNot() {
    String problem = rejected(decide("n2", 3, new ClusterView(3, List.of("n1")))).detail();
    assertTrue(problem.contains("n2") && problem.contains("hv1"), problem);
  }

  @Test
  void withAnotherViewItHasToBeSaidAgain() {
    rejected(decide("n1", 3, new ClusterView(4, List.of("n1"))));
  }

  @Test
  void whereThereIsNoViewThereIsNoMaster() {
    Draft draft = new Draft(Image.EMPTY, 1, Instant.EPOCH);
    rejected(new ByMaster<>("n1", HOST, 3, SAID).decide(draft));
  }

  @Test
  void aCommandsOwnRefusalIsNotTakenForIt() {
    assertFalse(ByMaster.isOutdated(Problem.preconditionFailed("the row has changed")));
  }
}
