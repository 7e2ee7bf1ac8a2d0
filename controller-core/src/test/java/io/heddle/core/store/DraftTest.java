package io.heddle.core.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.heddle.core.model.Cluster;
import io.heddle.core.model.Key;
import io.heddle.core.model.Kind;
import io.heddle.core.model.NumberHold;
import io.heddle.core.model.Project;
import io.heddle.core.model.ProjectId;
import io.heddle.core.model.Row;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class DraftTest {

  /// A row of a build to come.
  record Future(Id id) implements Row {
    static final Kind<Future> KIND =
        new Kind<>("future", Future.class, Cluster.CURRENT_FEATURE_LEVEL + 1, Id::new, List.of());

    @Override
    public Id key() {
      return id;
    }

    record Id(String text) implements Key<Future> {
      @Override
      public Kind<Future> kind() {
        return KIND;
      }
    }
  }

  private static Draft draft(int featureLevel) {
    Cluster cluster = new Cluster(new UUID(1, 2), 1, featureLevel, "key");
    return new Draft(Image.of(1, List.of(Fact.put(cluster))), 2, Rig.START);
  }

  @Test
  void aRowAboveTheFeatureLevelCannotBeWritten() {
    Future row = new Future(new Future.Id("x"));
    Draft now = draft(Cluster.CURRENT_FEATURE_LEVEL);
    IllegalStateException refused = assertThrows(IllegalStateException.class, () -> now.put(row));
    assertTrue(refused.getMessage().contains("a future row needs feature level"));
    assertEquals(List.of(), now.facts());
    Draft later = draft(Cluster.CURRENT_FEATURE_LEVEL + 1);
    later.put(row);
    assertEquals(Optional.of(row), later.find(row.id()));
  }

  @Test
  void whatIsDeletedSaysWhoseItWas() {
    Project project = Rig.project("p");
    Cluster cluster = new Cluster(new UUID(1, 2), 1, 1, "key");
    Image image = Image.of(1, List.of(Fact.put(project), Fact.put(cluster)));
    Draft draft = new Draft(image, 2, Rig.START);
    draft.delete(project.id());
    draft.delete(Cluster.ID);
    assertEquals(
        List.of(
            new Fact.Delete(project.id(), new ProjectId("p")), new Fact.Delete(Cluster.ID, null)),
        draft.facts());
  }

  @Test
  void aNumberComesBackOnlyAfterWrapAroundAndOnceRealizedEverywhere() {
    Numbers.Space space = new Numbers.Space("test", 1, 4);
    Draft draft = new Draft(Image.EMPTY, 10, Rig.START);
    Set<Long> taken = new HashSet<>();
    for (int i = 0; i < 4; i++) {
      taken.add(Numbers.take(draft, space).orElseThrow());
    }
    assertEquals(Set.of(1L, 2L, 3L, 4L), taken);
    assertEquals(Optional.empty(), Numbers.take(draft, space));
    Numbers.giveBack(draft, space, 2);
    assertEquals(Optional.empty(), Numbers.take(draft, space));
    assertEquals(0, Numbers.release(draft, 9));
    assertEquals(1, Numbers.release(draft, 10));
    assertEquals(Optional.of(2L), Numbers.take(draft, space));
    assertEquals(4, draft.image().count(NumberHold.KIND));
  }
}
