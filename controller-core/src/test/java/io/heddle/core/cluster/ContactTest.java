package io.heddle.core.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/// How lately a node that follows knew everything. Found by the simulation: a node that came back,
/// and heard the leader again, took up what an old view gave it, and programmed switches with
/// revisions long past while it was still reading the log.
class ContactTest {

  private static final long START = Duration.ofDays(2).toNanos();

  private final Contact contact = new Contact("n2");

  /// A leader's heartbeat.
  ///
  /// @param answers what n2 said last before it, by n2's clock
  private static Heartbeat lead(long revision, Duration confirmedAgo, long answers) {
    Heartbeat.Lead lead = new Heartbeat.Lead(confirmedAgo.toNanos(), Map.of("n2", answers));
    return new Heartbeat("n1", null, 5, true, revision, lead, new TreeMap<>());
  }

  private static long at(long millis) {
    return START + Duration.ofMillis(millis).toNanos();
  }

  private Duration since(long revision, long millis) {
    return contact.since(revision, at(millis));
  }

  @Test
  void whoWasNeverAnsweredKnowsNothing() {
    assertEquals(Contact.NEVER, since(0, 0));
    Heartbeat.Lead lead = new Heartbeat.Lead(0, Map.of("n3", at(0)));
    contact.heard(new Heartbeat("n1", null, 5, true, 1, lead, new TreeMap<>()), at(1));
    assertEquals(Contact.NEVER, since(1, 2));
  }

  @Test
  void whatALeaderSaysIsNoOlderThanWhatItAnswers() {
    contact.heard(lead(10, Duration.ZERO, at(100)), at(300));
    assertEquals(Duration.ofMillis(200), since(10, 300));
    assertEquals(Duration.ofMillis(1_900), since(11, 2_000));
  }

  @Test
  void itProvesNothingAfterTheMomentAtWhichTheLeaderCertainlyLed() {
    contact.heard(lead(10, Duration.ofMillis(50), at(100)), at(300));
    assertEquals(Duration.ofMillis(250), since(10, 300));
  }

  @Test
  void whoLacksItsRevisionIsAsFarBehindAsTheLastOneThatItHas() {
    contact.heard(lead(10, Duration.ZERO, at(100)), at(200));
    contact.heard(lead(12, Duration.ZERO, at(1_100)), at(1_200));
    assertEquals(Duration.ofMillis(1_100), since(11, 1_200));
    assertEquals(Duration.ofMillis(100), since(12, 1_200));
    assertEquals(Contact.NEVER, since(9, 1_200));
  }

  /// A process that was stopped finds in its sockets what was said meanwhile.
  @Test
  void whatLayAroundIsAsOldAsItIs() {
    contact.heard(lead(10, Duration.ZERO, at(100)), at(9_000));
    assertEquals(Duration.ofMillis(8_900), since(10, 9_000));
    Contact another = new Contact("n2");
    another.heard(lead(10, Duration.ZERO, at(100)), at(60_000));
    assertEquals(Contact.NEVER, another.since(10, at(60_000)));
  }

  @Test
  void anAnswerToWhatWasNotSaidYetIsNone() {
    contact.heard(lead(10, Duration.ZERO, at(5_000)), at(300));
    assertEquals(Contact.NEVER, since(10, 300));
  }

  @Test
  void onlyALeaderSaysHowFarTheClusterIs() {
    contact.heard(new Heartbeat("n1", null, 5, true, 10, null, new TreeMap<>()), at(1));
    assertEquals(Contact.NEVER, since(10, 2));
  }
}
