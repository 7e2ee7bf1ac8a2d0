package io.heddle.openflow.session;

import static io.heddle.openflow.session.Controller.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.heddle.core.flow.Action;
import io.heddle.core.flow.Flow;
import io.heddle.core.flow.Header;
import io.heddle.core.flow.Match;
import io.heddle.core.pipeline.Registers;
import io.heddle.openflow.RealOvs;
import io.heddle.openflow.codec.Encoded;
import io.heddle.openflow.codec.FlowMod;
import io.heddle.openflow.codec.FlowStat;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// 50,000 flows into a real switch and out of it, with figures for the log.
final class ThroughputTest {

  private static final Logger LOG = LoggerFactory.getLogger(ThroughputTest.class);
  private static final int FLOWS = 50_000;
  private static final int A_BUNDLE = 2_000;

  private static List<Encoded> encode(Controller controller) {
    List<Encoded> chunks = new ArrayList<>();
    for (int from = 0; from < FLOWS; from += A_BUNDLE) {
      List<FlowMod> mods = new ArrayList<>(A_BUNDLE);
      for (int i = from; i < from + A_BUNDLE; i++) {
        Match match = Registers.VPC.is(i >>> 10).and(Match.IPV4).and(Match.of(Header.IPV4_DST, i));
        List<Action> actions =
            List.of(new Action.SetField(Registers.TARGET_PORT, i), new Action.GotoTable(30));
        mods.add(new FlowMod.Add(new Flow(25, 100, match, actions), i));
      }
      chunks.add(controller.encode(mods));
    }
    return chunks;
  }

  @Test
  void fiftyThousandFlowsGoInAndComeBack() {
    try (RealOvs ovs = RealOvs.start("br");
        Controller controller = new Controller(1)) {
      SwitchSession session = controller.adopt(ovs, "br");
      long start = System.nanoTime();
      List<Encoded> chunks = encode(controller);
      long encoded = System.nanoTime();
      List<CompletableFuture<BundleResult>> results = new ArrayList<>();
      chunks.forEach(chunk -> results.add(session.bundle(BundleContent.of(chunk))));
      results.forEach(result -> assertEquals(new BundleResult.Committed(), await(result)));
      long committed = System.nanoTime();
      List<FlowStat> dump = await(session.dump(SwitchSession.ALL_TABLES, 0, 0));
      long dumped = System.nanoTime();
      assertEquals(FLOWS, dump.size());
      assertEquals(new BundleResult.Committed(), await(session.bundle(new BundleContent(chunks))));
      long again = System.nanoTime();
      LOG.warn(
          "flows={} bytes={} encode={} ms, 25 bundles={} ms, dump={} ms, one bundle={} ms",
          FLOWS,
          chunks.stream().mapToInt(Encoded::size).sum(),
          millis(start, encoded),
          millis(encoded, committed),
          millis(committed, dumped),
          millis(dumped, again));
    }
  }

  private static long millis(long from, long to) {
    return TimeUnit.NANOSECONDS.toMillis(to - from);
  }
}
