package io.heddle.node.fabric;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.heddle.core.compile.HostScope;
import io.heddle.core.model.HostId;
import io.heddle.core.reconcile.Audit;
import io.heddle.core.reconcile.AuditPolicy;
import io.heddle.core.reconcile.AuditPolicy.Foreign;
import io.heddle.core.reconcile.AuditResult;
import io.heddle.core.reconcile.Difference;
import io.heddle.node.Node;
import io.heddle.testkit.lab.Await;
import io.heddle.testkit.lab.DummySwitch;
import io.heddle.testkit.lab.OvsSwitch;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Somebody with `ovs-ofctl` on a hypervisor: what they do to real Open vSwitch is found and mended
/// within a minute, or reported, as the policy says.
final class RealAuditTest {

  private static final Duration QUICKLY = Duration.ofMillis(300);
  private static final Duration NEVER = Duration.ofDays(1);
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final Duration A_MINUTE = Duration.ofMinutes(1);

  /// A hypervisor with two ports, programmed.
  private static final class Hypervisor implements AutoCloseable {
    final DummySwitch ovs = DummySwitch.withBridge();
    final FabricSite site;
    final HostId host;
    final List<String> flows;
    final String meters;

    Hypervisor(AuditPolicy policy) throws Exception {
      site = new FabricSite(new Fabric.Settings(Node.FEATURES, policy, NEVER));
      host = site.host(1);
      site.port(host);
      site.port(host);
      site.fabric().masters(HostScope.EVERY_HOST);
      ovs.vsctl("set", "bridge", OvsSwitch.BR_INT, "other-config:datapath-id=0000000000000001");
      ovs.setController("tcp:127.0.0.1:" + site.address().getPort());
      Await.until(PATIENCE, "the switch", () -> site.fabric().progress(host).connected());
      site.awaitRealized();
      flows = dump();
      meters = ovs.ofctl("dump-meters", OvsSwitch.BR_INT);
    }

    List<String> dump() {
      return ovs.dumpFlows().stream().sorted().toList();
    }

    boolean isAsItWas() {
      return dump().equals(flows) && ovs.ofctl("dump-meters", OvsSwitch.BR_INT).equals(meters);
    }

    Audit audit() {
      return site.fabric().progress(host).audit();
    }

    AuditResult.Looked look(boolean repair) throws Exception {
      return assertInstanceOf(
          AuditResult.Looked.class,
          site.fabric().audit(host, repair).get(PATIENCE.toSeconds(), TimeUnit.SECONDS));
    }

    /// The cookie of the flow that lets a port's ARP in, as `0x48…`.
    String someCookie() {
      return flows.stream()
          .filter(flow -> flow.contains("table=5,") && flow.contains("arp"))
          .map(flow -> flow.replaceAll(".*cookie=(0x[0-9a-f]+).*", "$1"))
          .findFirst()
          .orElseThrow();
    }

    void ofctl(String... arguments) {
      String _ = ovs.ofctl(arguments);
    }

    @Override
    public void close() {
      try {
        site.close();
      } finally {
        ovs.close();
      }
    }
  }

  private interface Deed {
    void on(Hypervisor hypervisor);
  }

  private static Map<String, Deed> deeds() {
    String bridge = OvsSwitch.BR_INT;
    Map<String, Deed> deeds = new LinkedHashMap<>();
    deeds.put("delete a table", h -> h.ofctl("del-flows", bridge, "table=5"));
    deeds.put(
        "delete one flow by its cookie",
        h -> h.ofctl("del-flows", bridge, "cookie=%s/-1".formatted(h.someCookie())));
    deeds.put(
        "alter flows to a hole that keeps their cookies",
        h -> h.ofctl("mod-flows", bridge, "table=5,actions=NORMAL"));
    deeds.put(
        "alter flows to something that we could have said",
        h -> h.ofctl("mod-flows", bridge, "table=70,actions=drop"));
    deeds.put(
        "add a hole", h -> h.ofctl("add-flow", bridge, "table=0,priority=65535,actions=NORMAL"));
    deeds.put(
        "add a hole under a cookie of ours",
        h ->
            h.ofctl(
                "add-flow",
                bridge,
                "cookie=%s,table=0,priority=65535,in_port=1,actions=NORMAL"
                    .formatted(h.someCookie())));
    deeds.put(
        "add a hole that matches what we never do",
        h -> h.ofctl("add-flow", bridge, "cookie=0x77,table=0,priority=9,ipv6,actions=output:1"));
    deeds.put(
        "take the place of a flow of ours",
        h -> h.ofctl("add-flow", bridge, "cookie=0x78,table=5,priority=0,actions=goto_table:10"));
    deeds.put(
        "use a table that we do not", h -> h.ofctl("add-flow", bridge, "table=123,actions=NORMAL"));
    deeds.put("delete the meters, and with them their flows", h -> h.ofctl("del-meters", bridge));
    deeds.put(
        "loosen a meter",
        h ->
            h.ofctl(
                "mod-meter", bridge, "meter=1,pktps,burst,band=type=drop,rate=9999,burst_size=1"));
    deeds.put(
        "add a meter", h -> h.ofctl("add-meter", bridge, "meter=77,pktps,band=type=drop,rate=1"));
    deeds.put("delete everything", h -> h.ofctl("del-flows", bridge));
    return deeds;
  }

  @Test
  void whatOthersDoIsMended() throws Exception {
    AuditPolicy policy = new AuditPolicy(true, Foreign.REMOVE, QUICKLY);
    try (Hypervisor hypervisor = new Hypervisor(policy)) {
      deeds()
          .forEach((name, deed) -> {
            deed.on(hypervisor);
            assertTrue(!hypervisor.isAsItWas(), name + " does nothing");
            Await.until(PATIENCE, "the mending of: " + name, hypervisor::isAsItWas);
          });
      Await.until(PATIENCE, "a clean look", () -> hypervisor.audit().findings() == 0);
      assertEquals(0, hypervisor.look(false).counts().findings());
      assertTrue(hypervisor.site.fabric().findings() >= deeds().size());
    }
  }

  @Test
  void whatOthersDoIsReportedAndNothingElseWhereThatIsThePolicy() throws Exception {
    AuditPolicy policy = new AuditPolicy(false, Foreign.REPORT, QUICKLY);
    try (Hypervisor hypervisor = new Hypervisor(policy)) {
      Map<String, Deed> deeds = deeds();
      deeds.get("delete one flow by its cookie").on(hypervisor);
      deeds.get("alter flows to something that we could have said").on(hypervisor);
      deeds.get("add a hole").on(hypervisor);
      List<String> left = hypervisor.dump();
      Await.until(
          PATIENCE, "the report", () -> hypervisor.audit().findsWhat(new Audit(0, 1, 1, 0, 1)));
      assertEquals(left, hypervisor.dump());

      AuditResult.Looked looked = hypervisor.look(false);
      assertEquals(left, hypervisor.dump());
      assertTrue(looked.counts().findsWhat(hypervisor.audit()), looked.toString());
      assertEquals("spoof_guard", named(looked, Difference.Way.MISSING).table());
      assertEquals("SpoofGuard", named(looked, Difference.Way.MISSING).unit().orElseThrow().rule());
      assertEquals("deliver", named(looked, Difference.Way.ALTERED).table());
      assertEquals("priority=65535", named(looked, Difference.Way.FOREIGN).match());
      assertEquals(Optional.empty(), named(looked, Difference.Way.FOREIGN).unit());

      assertEquals(1, hypervisor.look(true).counts().missing());
      assertEquals(
          new Audit(hypervisor.look(false).counts().inStep(), 0, 0, 0, 1),
          hypervisor.look(false).counts(),
          "foreign flows stay where they are only reported");
    }
  }

  private static Difference named(AuditResult.Looked looked, Difference.Way way) {
    return looked.differences().stream()
        .filter(difference -> difference.way() == way)
        .findFirst()
        .orElseThrow();
  }

  @Test
  @Tag("slow")
  void withinAMinuteByDefault() throws Exception {
    try (Hypervisor hypervisor = new Hypervisor(AuditPolicy.DEFAULT)) {
      Await.until(A_MINUTE, "the first look", () -> hypervisor.audit().inStep() > 0);
      long since = System.nanoTime(); // the worst moment: just looked at
      deeds().get("alter flows to a hole that keeps their cookies").on(hypervisor);
      deeds().get("add a hole").on(hypervisor);
      Await.until(A_MINUTE.plus(PATIENCE), "the mending", hypervisor::isAsItWas);
      Duration took = Duration.ofNanos(System.nanoTime() - since);
      assertTrue(took.compareTo(A_MINUTE) < 0, took.toString());
    }
  }
}
