package io.heddle.openflow.codec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.heddle.core.flow.Flow;
import io.heddle.core.flow.FlowText;
import io.heddle.core.flow.Match;
import io.heddle.openflow.RandomFlows;
import io.heddle.openflow.RawConnection;
import io.heddle.openflow.RealOvs;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// Our bytes and our text, judged by Open vSwitch.
final class RealSwitchTest {

  private static final int FLOWS = 600;
  private static final long COOKIE = 0x4800_0000_0000_0000L;
  private static final int BARRIER = 0x7fff_0001;
  private static final int DUMP = 0x7fff_0002;

  private static RealOvs ovs;

  @BeforeAll
  static void start() {
    ovs = RealOvs.start("by-text", "by-wire");
    for (String bridge : List.of("by-text", "by-wire")) {
      ovs.ofctl("add-meter", bridge, "meter=7,pktps,bands=type=drop,rate=100");
      ovs.ofctl("add-group", bridge, "group_id=9,type=all,bucket=actions=output:1");
    }
  }

  @AfterAll
  static void stop() {
    ovs.close();
  }

  @Test
  void textAndWireMakeTheSameFlows() throws Exception {
    List<Flow> flows = new RandomFlows(3).distinct(FLOWS);
    String text =
        flows.stream()
            .map(flow -> "cookie=0x%x,%s".formatted(cookie(flows, flow), FlowText.flow(flow)))
            .collect(Collectors.joining("\n"));
    ovs.ofctl("add-flows", "by-text", ovs.write("flows.txt", text));
    List<FlowMod> mods = new ArrayList<>();
    flows.forEach(flow -> mods.add(new FlowMod.Add(flow, cookie(flows, flow))));
    List<Message> answers;
    List<FlowStat> dump;
    try (RawConnection connection = new RawConnection(ovs.socket("by-wire"))) {
      answers = commit(connection, FlowModEncoder.encode(mods, new Xids()));
      dump = dump(connection);
    }
    assertEquals(List.of(), refusals(answers));
    List<String> expected = lines("by-text");
    assertEquals(FLOWS, expected.size());
    assertEquals(String.join("\n", expected), String.join("\n", lines("by-wire")));
    assertEquals(sorted(flows), sorted(heldFlows(dump)));
  }

  private static long cookie(List<Flow> flows, Flow flow) {
    return COOKIE + flows.indexOf(flow);
  }

  private static List<Flow> heldFlows(List<FlowStat> dump) {
    List<Flow> held = new ArrayList<>();
    for (FlowStat stat : dump) {
      FlowBody.Content content = stat.body().content();
      var ours = assertInstanceOf(FlowBody.Content.Ours.class, content);
      held.add(new Flow(stat.table(), stat.priority(), ours.match(), ours.actions()));
    }
    return held;
  }

  private static String sorted(List<Flow> flows) {
    return flows.stream().map(Flow::toString).sorted().collect(Collectors.joining("\n"));
  }

  private static List<Message> commit(RawConnection connection, Encoded encoded) throws Exception {
    ByteBuf out = Unpooled.buffer();
    Ordinary.writeBundleOpen(out, 0x7ffe_0001);
    out.writeBytes(encoded.buffer());
    Ordinary.writeBundleCommit(out, 0x7ffe_0002);
    Ordinary.writeBarrier(out, BARRIER);
    connection.send(out);
    return connection.receiveUntil(BARRIER);
  }

  private static List<Message> refusals(List<Message> answers) {
    return answers.stream().filter(m -> m instanceof Message.Refusal).toList();
  }

  private static List<FlowStat> dump(RawConnection connection) throws Exception {
    ByteBuf out = Unpooled.buffer();
    FlowStat.writeRequest(out, DUMP, new FlowStat.Request(Wire.ALL_TABLES, 0, 0, Match.ANY));
    connection.send(out);
    List<FlowStat> all = new ArrayList<>();
    while (true) {
      Message.Flows part = assertInstanceOf(Message.Flows.class, connection.receive());
      assertEquals(DUMP, part.xid());
      all.addAll(part.flows());
      if (!part.more()) {
        return all;
      }
    }
  }

  private static List<String> lines(String bridge) {
    return ovs.ofctl("--no-stats", "dump-flows", bridge).lines().sorted().toList();
  }

  @Test
  void anIndependentReaderReadsOurBytes() {
    for (Flow flow : new RandomFlows(5).distinct(20)) {
      ByteBuf out = Unpooled.buffer();
      FlowModEncoder.writeBundleAdd(out, new FlowMod.Add(flow, 0x4812), 99, 1);
      String printed = ovs.ofctl("ofp-print", ByteBufUtil.hexDump(out));
      assertTrue(printed.contains("OFPT_BUNDLE_ADD_MESSAGE (OF1.4) (xid=0x63)"), printed);
      assertTrue(printed.contains("bundle_id=0x1 flags=atomic ordered"), printed);
      assertTrue(
          printed.contains("FLOW_MOD (OF1.4) (xid=0x63): ADD table:" + flow.table()), printed);
      assertTrue(printed.contains("cookie:0x4812"), printed);
    }
  }
}
