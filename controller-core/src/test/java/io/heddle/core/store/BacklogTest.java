package io.heddle.core.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.heddle.core.model.ProjectId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class BacklogTest {

  private final Backlog backlog = new Backlog(2_000, 1_000);

  private static Pending<Object> of(String project, String summary) {
    Command<Object> nothing = draft -> draft.accept(project);
    Submission<Object> submission = Submission.of(nothing, "test", summary);
    return new Pending<>(
        project.isEmpty() ? submission : submission.inTurnOf(new ProjectId(project)),
        Pending.ANY_TERM);
  }

  private void offer(String project, String... summaries) {
    for (String summary : summaries) {
      assertEquals(Optional.empty(), backlog.offer(of(project, summary)));
    }
  }

  private List<String> takeUp(int count) {
    backlog.advance();
    List<String> taken = new ArrayList<>();
    for (int i = 0; i < count && !backlog.next().isEmpty(); i++) {
      taken.add(backlog.next().removeFirst().submission().summary());
    }
    return taken;
  }

  @Test
  void projectsTakeTurnsAndEachKeepsItsOrder() {
    offer("red", "r1", "r2", "r3", "r4");
    offer("blue", "b1");
    offer("", "host");
    offer("green", "g1", "g2");
    assertEquals(List.of("r1", "b1", "host", "g1", "r2", "g2", "r3", "r4"), takeUp(9));
    assertEquals(0, backlog.size());
  }

  @Test
  void whoComesWhileMuchIsUpHasATurnBeforeTheRestOfIt() {
    for (int i = 0; i < 900; i++) {
      offer("red", "r" + i);
    }
    assertEquals(List.of("r0", "r1"), takeUp(2));
    offer("blue", "b0");
    assertEquals(List.of("r2", "b0", "r3"), takeUp(3));
    assertEquals(900 - 4, backlog.size() + backlog.next().size());
  }

  @Test
  void moreProjectsThanARoundHoldsAllGetTheirTurn() {
    int projects = Round.MAX_COMMANDS + 10;
    for (int i = 0; i < projects; i++) {
      offer("p" + i, "first of " + i, "second of " + i);
    }
    List<String> first = takeUp(Round.MAX_COMMANDS);
    assertTrue(first.stream().allMatch(each -> each.startsWith("first")));
    List<String> then = takeUp(10);
    assertTrue(then.stream().allMatch(each -> each.startsWith("first")), then::toString);
  }

  @Test
  void aBatchThatLostComesFirstAgain() {
    offer("red", "r1", "r2");
    backlog.advance();
    Pending<?> taken = backlog.next().removeFirst();
    backlog.putBack(List.of(taken));
    offer("red", "r3");
    assertEquals(List.of("r1", "r2", "r3"), takeUp(9));
  }

  @Test
  void oneProjectMayFillItsShareAndNotTheRest() {
    for (int i = 0; i < 1_000; i++) {
      offer("red", "r" + i);
    }
    Optional<String> refused = backlog.offer(of("red", "one more"));
    assertTrue(refused.orElse("").contains("1000 requests of project red"), refused::toString);
    for (int i = 0; i < 1_000; i++) {
      offer("", "host " + i);
    }
    assertTrue(backlog.offer(of("blue", "b")).orElse("").contains("2000 requests wait"));
  }

  @Test
  void whatIsWithdrawnIsNotDecided() {
    Pending<Object> going = of("red", "going");
    assertEquals(Optional.empty(), backlog.offer(going));
    offer("red", "staying");
    assertTrue(backlog.withdraw(going));
    assertFalse(backlog.withdraw(going));
    assertEquals(List.of("staying"), takeUp(9));
  }
}
