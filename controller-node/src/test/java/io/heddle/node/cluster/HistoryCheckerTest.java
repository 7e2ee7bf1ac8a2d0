package io.heddle.node.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.heddle.node.cluster.LogChecker.Change;
import io.heddle.node.cluster.Operation.Action;
import io.heddle.node.cluster.Operation.Ending;
import io.heddle.node.cluster.Operation.Interval;
import io.heddle.node.cluster.Operation.Version;
import io.heddle.testkit.random.Seeded;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Histories that one store could have, and others that none could.
class HistoryCheckerTest {
  private static final int RUNS = 300;
  private static final int REQUESTS = 120;

  private final List<Operation> history = new ArrayList<>();
  private final List<Change> log = new ArrayList<>();

  @Test
  void whatOneStoreDoesIsFine() {
    at(0, 10).create("a", committed(1));
    at(20, 30).write("b", committed(2));
    at(25, 40).write("c", committed(3));
    at(50, 60).read(seen("c", 3, 3));
    at(55, 58).via("n2").read(seen("b", 2, 2)); // an older image, of another node
    at(70, 80).write("d", 3, committed(7));
    at(75, 85).write("e", 3, refused(412));
    at(90, 95).delete(committed(9));
    at(96, 99).read(seenNothing(9));
    at(96, 99).write("f", refused(404));
    assertFine();
  }

  @Test
  void anAcknowledgedWriteThatIsNotThereAtTheEnd() {
    at(0, 10).create("a", committed(1));
    at(20, 30).write("b", committed(2));
    at(40, 50).read(seen("a", 1, 5));
    assertAnomaly("does not see");
  }

  @Test
  void anAcknowledgedCreationThatIsNotThereAtTheEnd() {
    at(0, 10).create("a", committed(1));
    at(40, 50).read(seenNothing(5));
    assertAnomaly("does not see");
  }

  @Test
  void acknowledgedWritesInTheWrongOrder() {
    at(0, 10).create("a", committed(1));
    at(20, 30).write("b", committed(5));
    at(40, 50).write("c", committed(4));
    assertAnomaly("comes before");
  }

  @Test
  void acknowledgedWritesOfTwoKeysInTheWrongOrder() {
    at(0, 10).create("a", committed(5));
    at(20, 30).key("other").create("b", committed(4));
    assertAnomaly("comes before");
  }

  @Test
  void oneRevisionForTwoWritesOneAfterTheOther() {
    at(0, 10).create("a", committed(1));
    at(20, 30).write("b", committed(2));
    at(40, 50).write("c", committed(2));
    assertAnomaly("comes before");
  }

  @Test
  void twoWritesOfOneBatchAreFineAsLongAsReadersAgree() {
    at(0, 10).create("a", committed(1));
    at(20, 30).write("b", committed(2));
    at(20, 30).write("c", committed(2));
    at(40, 50).read(seen("c", 2, 2));
    at(40, 50).read(seen("c", 2, 3));
    assertFine();
    at(60, 70).read(seen("b", 2, 3));
    assertAnomaly("several contents");
  }

  @Test
  void aWriteThatOverwritesWhatItHadNotSeen() {
    at(0, 10).create("a", committed(1));
    at(20, 40).write("b", 1, committed(2));
    at(20, 40).write("c", 1, committed(3));
    assertAnomaly("its predecessor is");
  }

  @Test
  void aReadThatIsOlderThanWasAskedFor() {
    at(0, 10).create("a", committed(1));
    at(20, 30).write("b", committed(2));
    at(40, 50).via("n2").readAtLeast(2, seen("a", 1, 1));
    assertAnomaly("older than was asked for");
  }

  @Test
  void aNodeThatGoesBackwards() {
    at(0, 10).create("a", committed(1));
    at(20, 30).write("b", committed(2));
    at(40, 50).read(seen("a", 1, 1));
    assertAnomaly("the same node had answered");
  }

  @Test
  void anOldReadMayBeOldButNotFalse() {
    at(0, 10).create("a", committed(1));
    at(20, 30).write("b", committed(3));
    at(40, 50).via("n2").read(seen("a", 1, 2));
    assertFine();
    at(40, 50).via("n3").read(seen("a", 1, 3));
    assertAnomaly("does not see");
  }

  @Test
  void whatWasRefusedIsSeen() {
    at(0, 10).create("a", committed(1));
    at(20, 30).write("b", refused(503));
    at(40, 50).read(seen("b", 2, 2));
    assertAnomaly("had been refused");
  }

  @Test
  void whatIsUnknownMayHaveHappenedOrNot() {
    at(0, 10).create("a", committed(1));
    at(20, 30).write("b", unknown());
    at(40, 50).read(seen("a", 1, 2));
    assertFine();
    at(60, 70).read(seen("b", 3, 3)); // it may even happen late
    assertFine();
    at(80, 90).write("c", 3, committed(4));
    assertFine();
    at(95, 99).read(seen("b", 3, 5));
    assertAnomaly("does not see");
  }

  @Test
  void whatIsUnknownHappensOnceAndNotBeforeItWasAskedFor() {
    at(0, 10).create("a", committed(5));
    at(20, 30).write("b", unknown());
    at(40, 50).read(seen("b", 3, 6));
    assertAnomaly("comes before");
    at(40, 50).read(seen("b", 6, 6));
    assertAnomaly("shows another revision than 3");
  }

  @Test
  void anUnknownWriteDoesNotSlipUnderAConditionalOne() {
    at(0, 10).create("a", committed(1));
    at(20, 30).write("b", unknown());
    at(40, 50).via("n2").read(seen("b", 2, 2));
    at(45, 55).write("c", 1, committed(3));
    assertAnomaly("its predecessor is");
  }

  @Test
  void aReadOfTheFuture() {
    at(0, 10).create("a", committed(1));
    at(20, 30).read(seen("b", 2, 2));
    at(40, 50).write("b", unknown());
    assertAnomaly("saw what was asked for later");
  }

  @Test
  void aValueThatNobodyWrote() {
    at(0, 10).create("a", committed(1));
    at(20, 30).read(seen("z", 1, 2));
    assertAnomaly("nobody wrote");
  }

  @Test
  void whatIsDeletedStaysSo() {
    at(0, 10).create("a", committed(1));
    at(20, 30).delete(committed(2));
    at(40, 50).via("n2").read(seen("a", 1, 1));
    assertFine();
    at(40, 50).via("n3").read(seen("a", 1, 3));
    assertAnomaly("deleted");
    at(60, 70).write("b", committed(4));
    assertAnomaly("and it was deleted");
  }

  @Test
  void anUnknownDeletionThatWasSeenStaysSo() {
    at(0, 10).create("a", committed(1));
    at(20, 30).delete(unknown());
    at(40, 50).read(seenNothing(3));
    assertFine();
    at(60, 70).read(seen("a", 1, 4));
    assertAnomaly("was gone at revision 3");
  }

  @Test
  void aRefusalWithoutAReason() {
    at(0, 10).create("a", committed(1));
    at(20, 30).write("b", committed(2));
    at(40, 50).write("c", 2, refused(412));
    assertAnomaly("nothing had happened");
    at(60, 70).write("d", refused(404));
    assertAnomaly("nothing had happened");
  }

  @Test
  void aRefusalWithAnUnknownReason() {
    at(0, 10).create("a", committed(1));
    at(20, 30).write("b", unknown());
    at(40, 50).write("c", 1, refused(412));
    assertFine();
  }

  @Test
  void theLogTellsOfWhatWasAcknowledgedAndOfNothingThatWasRefused() {
    at(0, 10).create("a", committed(1));
    at(20, 30).write("b", committed(2));
    at(20, 30).write("c", refused(503));
    at(20, 30).write("d", unknown());
    at(20, 30).write("e", unknown());
    logged(1, "create", 0);
    logged(2, "update", 1);
    logged(3, "update", 4);
    log.add(new Change(2, "update", "key", "somebody else's"));
    LogChecker.Result result = LogChecker.check(history, log);
    assertEquals(List.of(), result.anomalies());
    assertEquals(List.of(), HistoryChecker.anomalies(result.operations()));
    assertEquals(List.of(0, 1, 2, 4), result.operations().stream().map(Operation::number).toList());
    assertEquals(OptionalLong.of(3), result.operations().getLast().position());
  }

  @Test
  void theLogMissesWhatWasAcknowledged() {
    at(0, 10).create("a", committed(1));
    assertLogAnomaly("does not tell of #0");
  }

  @Test
  void theLogHasAnotherRevisionThanWasAcknowledged() {
    at(0, 10).create("a", committed(1));
    logged(2, "create", 0);
    assertLogAnomaly("was done as");
  }

  @Test
  void theLogHasWhatWasRefused() {
    at(0, 10).create("a", refused(503));
    logged(2, "create", 0);
    assertLogAnomaly("and it was done as");
  }

  @Test
  void theLogHasAnythingTwice() {
    at(0, 10).create("a", unknown());
    logged(2, "create", 0);
    logged(5, "create", 0);
    assertLogAnomaly("was done 2 times");
  }

  @Test
  void theLogHasWhatNobodyAskedFor() {
    logged(2, "create", 17);
    assertLogAnomaly("nobody asked for");
  }

  private void assertLogAnomaly(String words) {
    List<String> anomalies = LogChecker.check(history, log).anomalies();
    assertTrue(anomalies.stream().anyMatch(one -> one.contains(words)), anomalies::toString);
  }

  @Test
  void anyHistoryOfOneStoreIsFine() {
    Seeded.check(
        RUNS,
        random -> {
          OneStore store = OneStore.run(random, REQUESTS, OneStore.Fault.NONE);
          assertEquals(List.of(), HistoryChecker.anomalies(store.history()));
          assertEquals(List.of(), anomalies(store));
        });
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NONE")
  void oneFaultIsFound(OneStore.Fault fault) {
    AtomicInteger occasions = new AtomicInteger();
    Seeded.check(
        RUNS,
        random -> {
          OneStore store = OneStore.run(random, REQUESTS, fault);
          if (store.hasFailed()) {
            int _ = occasions.incrementAndGet();
            assertFalse(anomalies(store).isEmpty(), fault::name);
          }
        });
    assertTrue(occasions.get() > RUNS / 2, "only " + occasions);
  }

  private static List<String> anomalies(OneStore store) {
    LogChecker.Result result = LogChecker.check(store.history(), store.log());
    List<String> all = new ArrayList<>(result.anomalies());
    all.addAll(HistoryChecker.anomalies(result.operations()));
    return all;
  }

  private void logged(long revision, String verb, int number) {
    log.add(new Change(revision, verb, "key", Operation.request(number)));
  }

  private void assertFine() {
    assertEquals(List.of(), HistoryChecker.anomalies(history));
  }

  private void assertAnomaly(String words) {
    List<String> anomalies = HistoryChecker.anomalies(history);
    assertFalse(anomalies.isEmpty(), "nothing found");
    assertTrue(anomalies.stream().anyMatch(one -> one.contains(words)), anomalies::toString);
  }

  private static Ending committed(long revision) {
    return new Ending.Committed(revision);
  }

  private static Ending refused(int status) {
    return new Ending.Refused(status);
  }

  private static Ending unknown() {
    return new Ending.Unknown("no answer");
  }

  private static Ending seen(String value, long revision, long at) {
    return new Ending.Seen(Optional.of(new Version(value, revision)), at);
  }

  private static Ending seenNothing(long at) {
    return new Ending.Seen(Optional.empty(), at);
  }

  private Request at(long invoked, long completed) {
    return new Request(new Interval(invoked, completed), "key", "n1");
  }

  /// A line of a history.
  private final class Request {
    private final Interval interval;
    private final String key;
    private final String session;

    Request(Interval interval, String key, String session) {
      this.interval = interval;
      this.key = key;
      this.session = session;
    }

    Request via(String other) {
      return new Request(interval, key, other);
    }

    Request key(String other) {
      return new Request(interval, other, session);
    }

    void create(String value, Ending ending) {
      add(new Action.Create(value), ending);
    }

    void write(String value, Ending ending) {
      add(new Action.Write(value, OptionalLong.empty()), ending);
    }

    void write(String value, long expected, Ending ending) {
      add(new Action.Write(value, OptionalLong.of(expected)), ending);
    }

    void delete(Ending ending) {
      add(new Action.Delete(OptionalLong.empty()), ending);
    }

    void read(Ending ending) {
      add(new Action.Read(OptionalLong.empty()), ending);
    }

    void readAtLeast(long revision, Ending ending) {
      add(new Action.Read(OptionalLong.of(revision)), ending);
    }

    private void add(Action action, Ending ending) {
      history.add(new Operation(history.size(), key, session, action, interval, ending));
    }
  }
}
