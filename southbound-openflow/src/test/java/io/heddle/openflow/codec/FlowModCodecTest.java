package io.heddle.openflow.codec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.heddle.core.flow.Action;
import io.heddle.core.flow.Flow;
import io.heddle.core.flow.Header;
import io.heddle.core.flow.Match;
import io.heddle.openflow.RandomFlows;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class FlowModCodecTest {

  private static final long SEED = 14;

  @Test
  void everyFlowComesBackAsItWentOut() throws Exception {
    RandomFlows random = new RandomFlows(SEED);
    Set<Header> headers = EnumSet.noneOf(Header.class);
    Set<Class<?>> actions = new HashSet<>();
    for (int i = 0; i < 5_000; i++) {
      Flow flow = random.flow();
      flow.match().terms().forEach(term -> headers.add(term.header()));
      flow.actions().forEach(action -> actions.add(action.getClass()));
      FlowMod mod = new FlowMod.Add(flow, i * 0x0123_4567_89ab_cdefL);
      ByteBuf out = Unpooled.buffer();
      FlowModEncoder.writeBundleAdd(out, mod, i, 5);
      assertEquals(mod, FlowModDecoder.readBundleAdd(out));
      assertEquals(0, out.readableBytes() & 7, "a message is padded to 8 bytes");
    }
    assertEquals(EnumSet.allOf(Header.class), headers);
    assertEquals(Set.of(Action.class.getPermittedSubclasses()), actions);
  }

  @Test
  void statisticsComeBackAsTheyWentOut() throws Exception {
    List<FlowStat> stats = new ArrayList<>();
    ByteBuf out = Unpooled.buffer();
    for (Flow flow : new RandomFlows(SEED).distinct(100)) {
      FlowBody body = FlowBody.of(flow.match(), flow.actions());
      FlowStat stat = new FlowStat(flow.table(), flow.priority(), 1L << 63, 7, 700, body);
      stat.write(out);
      stats.add(stat);
      assertEquals(flow, stat.flow().orElseThrow());
    }
    assertEquals(stats, FlowStat.readAll(out));
  }

  @Test
  void anErrorsTransactionIdLeadsBackToTheFlow() throws Exception {
    Xids xids = new Xids();
    xids.reserve(-3); // So that the ids wrap in the middle.
    List<FlowMod> mods = new ArrayList<>();
    for (long cookie = 0; cookie < 6; cookie++) {
      mods.add(new FlowMod.Delete(cookie));
    }
    Encoded encoded = FlowModEncoder.encode(mods, xids);
    ByteBuf bytes = encoded.buffer();
    assertEquals(encoded.size(), bytes.readableBytes());
    for (FlowMod mod : mods) {
      int length = bytes.getUnsignedShort(bytes.readerIndex() + 2);
      int xid = bytes.getInt(bytes.readerIndex() + 4);
      assertEquals(mod, encoded.find(xid));
      assertEquals(mod, FlowModDecoder.readBundleAdd(bytes.readSlice(length)));
    }
    assertNull(encoded.find(encoded.firstXid() - 1));
    assertNull(encoded.find(encoded.firstXid() + mods.size()));
    assertEquals(encoded.firstXid() + mods.size(), xids.next());
  }

  @Test
  void actionsThatOpenFlowPutsElsewhereAreRefused() {
    Action meter = new Action.Meter(1);
    Action next = new Action.GotoTable(9);
    Xids xids = new Xids();
    for (List<Action> actions :
        List.of(List.of(new Action.DecTtl(), meter), List.of(next, new Action.DecTtl()))) {
      FlowMod mod = new FlowMod.Add(new Flow(0, 1, Match.ANY, actions), 1);
      assertThrows(IllegalArgumentException.class, () -> FlowModEncoder.encode(List.of(mod), xids));
    }
  }

  @Test
  void aFlowTooLongForAMessageIsRefused() {
    List<Action> actions = new ArrayList<>();
    for (int i = 0; i < 5_000; i++) {
      actions.add(new Action.Output(i + 1));
    }
    FlowMod mod = new FlowMod.Add(new Flow(0, 1, Match.ANY, actions), 1);
    assertThrows(
        IllegalArgumentException.class, () -> FlowModEncoder.encode(List.of(mod), new Xids()));
  }
}
