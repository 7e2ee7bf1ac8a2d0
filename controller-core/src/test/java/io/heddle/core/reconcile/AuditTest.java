package io.heddle.core.reconcile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.heddle.core.compile.Compiler;
import io.heddle.core.compile.Feature;
import io.heddle.core.compile.ManyFlows;
import io.heddle.core.compile.SampleIntent;
import io.heddle.core.flow.Flow;
import io.heddle.core.model.HostId;
import io.heddle.core.pipeline.Sentinels;
import io.heddle.core.pipeline.Stage;
import io.heddle.core.reconcile.AuditPolicy.Foreign;
import io.heddle.core.reconcile.Difference.Way;
import io.heddle.core.store.Image;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What others do to a switch is found, named and mended, and nothing else is.
final class AuditTest {

  private static final HostId HOST = SampleIntent.HOSTS.get(0);
  private static final Duration SECOND = Duration.ofSeconds(1);

  private final SwitchTable table = new SwitchTable();
  private final Strangers strangers = new Strangers(table, new SplittableRandom(7));
  private final List<AuditResult> answers = new ArrayList<>();
  private final SampleIntent intent = new SampleIntent(4);
  private Compiler compiler = grown(List.of(SampleIntent.feature()), 60);
  private HostProgram program = new HostProgram(HOST, compiler, AuditPolicy.DEFAULT);

  private Compiler grown(List<Feature> features, int steps) {
    for (int i = 0; i < steps; i++) {
      intent.step();
    }
    Compiler grown = new Compiler(features, Compiler.OnFault.FAIL);
    grown.apply(intent.image(), intent.image().asDelta());
    return grown;
  }

  private void connect(AuditPolicy policy) {
    program = new HostProgram(HOST, compiler, policy);
    table.take(program.connected());
    table.carryOut(program);
    assertHoldsExactly();
    table.flowMods = 0;
    table.flushed.clear();
  }

  private void assertHoldsExactly() {
    assertEquals(SwitchTable.wanted(compiler, compiler.setsOf(HOST)), table.held());
    assertEquals(table.held().size(), table.flows.size());
    assertEquals(compiler.metersOf(HOST), new HashSet<>(table.meters.values()));
  }

  private AuditResult.Looked look(boolean repair) {
    table.take(program.audit(repair, answers::add));
    table.carryOut(program);
    return assertInstanceOf(AuditResult.Looked.class, answers.removeLast());
  }

  private void tick() {
    table.now = table.now.plus(SECOND);
    table.take(program.tick(table.now));
  }

  private InstalledFlow ofOurs(Stage stage) {
    return table.all().stream()
        .filter(flow -> flow.table() == stage.table())
        .findFirst()
        .orElseThrow();
  }

  private enum Deed {
    DELETE,
    ALTER,
    ADD,
    TAKE_OVER,
    IMPERSONATE,
    LEAVE_STALE,
    SPOIL_METERS,
    DELETE_ZONE_MARK
  }

  private void commit(Deed deed) {
    InstalledFlow victim = ofOurs(Stage.CLASSIFY);
    switch (deed) {
      case DELETE -> table.flows.remove(victim.key().orElseThrow());
      case ALTER -> strangers.alter(victim);
      case ADD -> strangers.addForeign();
      case TAKE_OVER -> strangers.takeOver(victim);
      case IMPERSONATE -> strangers.impersonate(victim);
      case LEAVE_STALE -> strangers.addStale();
      case SPOIL_METERS -> strangers.spoilMeters();
      case DELETE_ZONE_MARK ->
          table
              .flows
              .values()
              .removeIf(flow ->
                  Sentinels.zoneOf(Objects.requireNonNull(flow.match())) != 0
                      && flow.table() == Stage.SENTINEL.table());
    }
  }

  @ParameterizedTest
  @EnumSource(Deed.class)
  void whatOthersDoIsMendedWithoutBeingAsked(Deed deed) {
    connect(AuditPolicy.DEFAULT);
    commit(deed);
    Instant since = table.now;
    while (program.findings() == 0) {
      tick();
      table.carryOut(program);
    }
    Duration found = Duration.between(since, table.now);
    assertTrue(found.compareTo(AuditPolicy.ROUND.plus(SECOND)) <= 0, found.toString());
    assertHoldsExactly();
    assertEquals(List.of(), table.flushed, "a zone whose mark is put back keeps its connections");
    assertTrue(program.lastAudit().findings() > 0, program.lastAudit().toString());
    for (int i = 0; i < 50; i++) {
      tick();
      table.carryOut(program);
    }
    assertEquals(0, program.lastAudit().findings(), program.lastAudit().toString());
  }

  @ParameterizedTest
  @EnumSource(Deed.class)
  void whatOthersDoIsOnlyReportedWhereThatIsThePolicy(Deed deed) {
    connect(AuditPolicy.REPORT_ONLY);
    commit(deed);
    Map<Flow.Key, InstalledFlow> left = Map.copyOf(table.flows);
    for (int i = 0; i < 100; i++) {
      tick();
      table.carryOut(program);
    }
    assertTrue(program.lastAudit().findings() > 0, program.lastAudit().toString());
    assertEquals(0, table.flowMods);
    assertEquals(left, table.flows);
    AuditResult.Looked looked = look(false);
    assertTrue(looked.counts().findsWhat(program.lastAudit()), looked.toString());
    assertFalse(looked.repaired());
    assertEquals(left, table.flows);
  }

  @Test
  void foreignFlowsAreLeftWhereThatIsThePolicy() {
    connect(new AuditPolicy(true, Foreign.REPORT, AuditPolicy.ROUND));
    strangers.addForeign();
    commit(Deed.DELETE);
    AuditResult.Looked looked = look(true);
    assertEquals(1, looked.counts().foreign());
    assertEquals(1, looked.counts().missing());
    assertEquals(1, table.flows.values().stream().filter(flow -> !flow.isMarked()).count());
    assertEquals(1, look(true).counts().findings());
  }

  @Test
  void eachDifferenceSaysWhatItIsAndWhereItComesFrom() {
    connect(AuditPolicy.REPORT_ONLY);
    commit(Deed.DELETE);
    strangers.addForeign();
    Map<Way, Difference> named = new HashMap<>();
    look(false).differences().forEach(found -> named.put(found.way(), found));
    Difference missing = Objects.requireNonNull(named.get(Way.MISSING));
    assertEquals("classify", missing.table());
    assertTrue(missing.match().matches("priority=100,in_port=\\d+"), missing.match());
    assertEquals("Plugged", missing.unit().orElseThrow().rule());
    Difference foreign = Objects.requireNonNull(named.get(Way.FOREIGN));
    assertTrue(
        foreign.match().startsWith("priority=40000,dl_src=")
            || foreign.match().startsWith("priority=40000,eth_src="),
        foreign.match());
    assertTrue(foreign.unit().isEmpty());
  }

  /// However changes overlap with looks, a look finds nothing where nobody meddles.
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
  void ourOwnChangesAreNoFindings(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    table.order = random::nextInt;
    compiler = grown(List.of(SampleIntent.feature()), 10);
    program = new HostProgram(HOST, compiler, AuditPolicy.DEFAULT);
    table.take(program.connected());
    for (int step = 0; step < 2_000; step++) {
      switch (random.nextInt(8)) {
        case 0 -> {
          table.now = table.now.plusSeconds(random.nextInt(60));
          table.take(program.tick(table.now));
        }
        case 1 -> table.take(program.audit(random.nextBoolean(), answers::add));
        case 2, 3, 4, 5 -> {
          if (!table.coming.isEmpty()) {
            table.carryOutOne(program);
          }
        }
        default -> {
          Image.Applied applied = intent.step();
          table.take(program.compiled(compiler.apply(applied.image(), applied.delta()), table.now));
        }
      }
      assertEquals(0, program.findings(), () -> "seed " + seed + " " + program.lastDifferences());
    }
    assertTrue(answers.stream().filter(a -> a instanceof AuditResult.Looked).count() > 20);
    table.carryOut(program);
    assertEquals(0, look(true).counts().findings());
  }

  /// A large table is read in parts that are spread over the round, each small.
  @Test
  void aLargeTableIsReadInPartsWithinTheRound() {
    compiler = grown(ManyFlows.features(), 0);
    connect(AuditPolicy.DEFAULT);
    int flows = table.flows.size();
    assertTrue(flows > 2 * Slice.FLOWS, flows + " flows");
    List<Slice> read = new ArrayList<>();
    for (int second = 0; second < AuditPolicy.ROUND.toSeconds() + 1; second++) {
      tick();
      table.coming.forEach(step -> read.add(((Step.ReadFlows) step).slice()));
      assertTrue(table.coming.size() <= 1, "one part at a time");
      table.carryOut(program);
    }
    int parts = read.getFirst().count();
    assertTrue(parts >= 4, read.toString());
    assertEquals(parts, new HashSet<>(read).size(), read.toString());
    for (Slice part : new HashSet<>(read)) {
      long size = table.all().stream().filter(flow -> part.contains(flow.cookie())).count();
      assertTrue(size < 1.2 * Slice.FLOWS, part + " has " + size);
    }
    commit(Deed.DELETE);
    strangers.addForeign();
    AuditResult.Looked looked = look(true);
    assertEquals(1, looked.counts().missing());
    assertEquals(1, looked.counts().foreign());
    assertHoldsExactly();
  }

  @Test
  void whoAsksHearsWhenItIsMended() {
    connect(AuditPolicy.REPORT_ONLY);
    commit(Deed.DELETE);
    table.take(program.audit(true, answers::add));
    table.carryOutOne(program);
    assertEquals(List.of(), answers, "the repair is on its way");
    table.carryOut(program);
    AuditResult.Looked looked = assertInstanceOf(AuditResult.Looked.class, answers.getFirst());
    assertTrue(looked.repaired());
    assertEquals(1, looked.counts().missing());
    assertHoldsExactly();
  }

  @Test
  void whoAsksOfASwitchThatIsGoneHearsSo() {
    connect(AuditPolicy.DEFAULT);
    table.take(program.audit(true, answers::add));
    for (int i = 0; i < Auditing.MAX_WAITING; i++) {
      table.take(program.audit(false, answers::add));
    }
    assertEquals(List.of(), answers);
    table.take(program.audit(false, answers::add));
    assertEquals(1, answers.size(), "too many wait");
    program.disconnected();
    assertEquals(Auditing.MAX_WAITING + 2, answers.size());
    assertTrue(answers.stream().allMatch(answer -> answer instanceof AuditResult.Unavailable));
    table.take(program.audit(false, answers::add));
    assertInstanceOf(AuditResult.Unavailable.class, answers.getLast());
  }

  /// Looks that only read, asked for again and again, do not keep the round from mending.
  @Test
  void askingWithoutEndDoesNotStopTheMending() {
    connect(AuditPolicy.DEFAULT);
    commit(Deed.ALTER);
    for (int i = 0; i < 47; i++) {
      table.take(program.audit(false, answers::add));
      tick();
      table.carryOut(program);
    }
    assertHoldsExactly();
  }
}
