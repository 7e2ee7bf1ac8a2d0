package io.heddle.rest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.heddle.core.model.ProjectId;
import io.heddle.rest.http.HttpProblem;
import io.heddle.rest.http.Refusal;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class SharesTest {

  private static final ProjectId RED = new ProjectId("red");
  private static final ProjectId BLUE = new ProjectId("blue");

  private long now;
  private final Shares shares = new Shares(new RestOptions.Share(3, 2, 4), () -> now);

  private HttpProblem refused(ProjectId project) {
    HttpProblem problem = assertThrows(Refusal.class, () -> shares.take(project)).problem();
    assertEquals(429, problem.status());
    return problem;
  }

  private void takeAndGiveBack(ProjectId project) {
    shares.take(project);
    shares.giveBack(project);
  }

  @Test
  void soManyAtOnceAndNoMore() {
    for (int i = 0; i < 3; i++) {
      shares.take(RED);
    }
    HttpProblem problem = refused(RED);
    assertTrue(problem.detail().contains("3 requests of project red are in flight"));
    assertEquals("1", problem.headers().get("Retry-After"));
    shares.take(BLUE);
    shares.giveBack(RED);
    shares.take(RED);
  }

  @Test
  void aBurstThenTheRate() {
    for (int i = 0; i < 4; i++) {
      takeAndGiveBack(RED);
    }
    assertTrue(refused(RED).detail().contains("2 requests a second"));
    takeAndGiveBack(BLUE);
    now += Duration.ofMillis(500).toNanos();
    takeAndGiveBack(RED);
    refused(RED);
    now += Duration.ofHours(1).toNanos();
    for (int i = 0; i < 4; i++) {
      takeAndGiveBack(RED);
    }
    refused(RED);
  }

  @Test
  void retryAfterIsWhenThereIsRoomAgain() {
    Shares slow = new Shares(new RestOptions.Share(3, 1, 1), () -> now);
    slow.take(RED);
    slow.giveBack(RED);
    assertEquals(
        "1",
        assertThrows(Refusal.class, () -> slow.take(RED)).problem().headers().get("Retry-After"));
  }

  @Test
  void projectsThatAskNoMoreAreForgottenAndOthersAreNot() {
    for (int i = 0; i < 4; i++) {
      takeAndGiveBack(RED);
    }
    for (int i = 0; i < 5_000; i++) {
      takeAndGiveBack(new ProjectId("p" + i));
    }
    refused(RED);
  }
}
