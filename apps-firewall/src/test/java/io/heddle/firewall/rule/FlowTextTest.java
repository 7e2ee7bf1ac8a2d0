package io.heddle.firewall.rule;

import static io.heddle.firewall.site.Site.anywhere;
import static io.heddle.firewall.site.Site.cidr;
import static io.heddle.firewall.site.Site.everythingOut;
import static io.heddle.firewall.site.Site.groupId;
import static io.heddle.firewall.site.Site.in;
import static io.heddle.firewall.site.Site.members;
import static io.heddle.firewall.site.Site.out;
import static io.heddle.firewall.site.Site.tcp;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.heddle.core.compile.CompileResult;
import io.heddle.core.compile.FlowSet;
import io.heddle.core.flow.FlowText;
import io.heddle.core.model.HostId;
import io.heddle.core.model.Ipv4Address;
import io.heddle.core.model.Port;
import io.heddle.core.model.SecurityRule;
import io.heddle.core.model.Service;
import io.heddle.core.pipeline.Stage;
import io.heddle.firewall.site.Site;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/// The flows as operators read them, where they are, and how many.
class FlowTextTest {

  private final Site site = new Site();
  private final HostId hv1 = site.createHost("hv1", "192.168.50.1");
  private final HostId hv2 = site.createHost("hv2", "192.168.50.2");

  private static List<String> without(List<String> flows, String... unwanted) {
    return flows.stream().map(flow -> cut(flow, unwanted)).toList();
  }

  private static String cut(String flow, String... unwanted) {
    String left = flow;
    for (String part : unwanted) {
      left = left.replace(part, "");
    }
    return left;
  }

  @Test
  void aRuleIsOneFlowThatServesBothDirectionsOfAConnection() {
    site.createGroup("clients", everythingOut());
    site.createGroup(
        "web",
        in(tcp(80, 83), cidr("10.0.0.0/24")),
        in(Service.ANY, cidr("10.9.0.0/16")),
        in(tcp(443), cidr("fd00::/64")),
        in(tcp(22), anywhere()),
        in(new Service.Icmp(8, 0), anywhere()));
    site.putPort("p", "10.0.0.1", "web");
    site.plug("p", hv1, 1);
    String group = "reg5=0x%x,".formatted(site.group("web").tag());
    assertEquals(
        List.of(
            "priority=19983,ip,ct_nw_src=10.9.0.0/255.255.0.0",
            "priority=17115,ip,ct_nw_proto=6,ct_nw_src=10.0.0.0/255.255.255.0,ct_tp_dst=0x50/0xfffc",
            "priority=16880,ct_nw_proto=6,ct_tp_dst=0x16",
            "priority=16815,ipv6,ct_nw_proto=6,ct_ipv6_src=fd00::/64,ct_tp_dst=0x1bb",
            "priority=14800,ip,ct_nw_proto=1,ct_tp_src=0x8,ct_tp_dst=0x0"),
        without(
            site.textOf(FlowSet.group(groupId("web"))),
            group,
            "reg13=0x0,ct_state=-inv+trk,",
            "table=ingress_rules,",
            " actions=load:0x1->reg4[3]"));
  }

  @Test
  void rulesWithRemoteGroupsAreLookedUpByWhichOfThemAnIdentityIsIn() {
    site.createGroup("a", everythingOut());
    site.createGroup("b", everythingOut());
    site.createGroup("db", in(tcp(5432), members("a")), in(tcp(5433), members("b")));
    site.putPort("p1", "10.0.0.1", "a");
    site.putPort("p2", "10.0.0.2", "a", "b");
    site.putPort("p3", "10.0.0.3", "db");
    site.plug("p3", hv1, 1);
    String ofA = visit("a");
    String both =
        groupId("a").compareTo(groupId("b")) < 0 ? ofA + "," + visit("b") : visit("b") + "," + ofA;
    String connection = ",ct_state=-inv+trk,ct_nw_proto=6,ct_tp_dst=";
    assertEquals(
        Set.of(
            "priority=100,reg12=0x1/0xffff,reg13=0x0 actions=%s,set_field:0x0->reg13"
                .formatted(ofA),
            "priority=100,reg12=0x2/0xffff,reg13=0x0 actions=%s,set_field:0x0->reg13"
                .formatted(both),
            "priority=16880,reg13=0x%x%s0x1538 actions=load:0x1->reg4[3]"
                .formatted(site.group("a").tag(), connection),
            "priority=16880,reg13=0x%x%s0x1539 actions=load:0x1->reg4[3]"
                .formatted(site.group("b").tag(), connection)),
        Set.copyOf(
            without(
                site.textOf(FlowSet.group(groupId("db"))),
                "reg5=0x%x,".formatted(site.group("db").tag()),
                "table=ingress_rules,")));
  }

  private String visit(String group) {
    return "set_field:0x%x->reg13,resubmit(,ingress_rules)".formatted(site.group(group).tag());
  }

  @Test
  void aPolicyNamesItsGroupsAndNoRule() {
    site.createGroup("a", in(tcp(1), anywhere()), everythingOut());
    site.createGroup("b", in(tcp(2), anywhere()));
    Port port = site.putPort("p", "10.0.0.1", "a", "b");
    site.plug("p", hv1, 1);
    List<String> groups =
        List.of("a", "b").stream()
            .sorted((x, y) -> groupId(x).compareTo(groupId(y)))
            .map(name ->
                "set_field:0x%x->reg5,resubmit(,ingress_rules)".formatted(site.group(name).tag()))
            .toList();
    String identity = "reg2=0x10000/0xffff0000";
    List<String> flows =
        without(
            site.textOf(FlowSet.policy(port.identityId()), Stage.GROUP_IN),
            ",metadata=0x700000000/0xffffff00000000");
    assertTrue(
        flows.contains(
            ("table=group_in,priority=100,%s actions=move:reg2[0..15]->reg12[0..15],%s,"
                    + "set_field:0x0->reg5,load:0x0->reg12[0..15],goto_table:settle_in")
                .formatted(identity, String.join(",", groups))),
        () -> String.join("\n", flows));
    CompileResult another = site.setRules("b", in(tcp(2), anywhere()), in(tcp(3), anywhere()));
    assertEquals(
        Set.of(FlowSet.group(groupId("b"))),
        another.sets().stream().map(delta -> delta.set()).collect(Collectors.toSet()));
  }

  @Test
  void flowsGrowWithTheSumAndNotWithTheProduct() {
    List<SecurityRule> rules = new ArrayList<>();
    for (int port = 1; port <= 20; port++) {
      rules.add(in(tcp(port), members("clients")));
    }
    site.createGroup("clients", everythingOut());
    site.createGroup("web", rules.toArray(SecurityRule[]::new));
    site.putPort("server", "10.0.0.1", "web");
    site.plug("server", hv1, 1);
    FlowSet web = FlowSet.group(groupId("web"));
    for (int i = 1; i <= 10; i++) {
      site.createGroup("g" + i);
      site.putPort("p" + i, "10.0.1." + i, "clients", "g" + i);
    }
    // Ten identities and twenty services.
    assertEquals(10 + 20, site.flowsOf(web).size());

    CompileResult joined =
        site.run(draft -> {
          Port first = draft.require(Site.portId("p1"));
          draft.put(
              new Port(
                  Site.portId("new"),
                  first.meta(),
                  first.subnet(),
                  first.vpc(),
                  Site.mac(Ipv4Address.parse("10.0.2.1")),
                  List.of(Ipv4Address.parse("10.0.2.1")),
                  first.groups(),
                  first.identity(),
                  4711,
                  true,
                  true,
                  "",
                  null));
          return draft.accept(true);
        });
    assertEquals(List.of(), joined.sets(), "a machine joins an identity");

    site.putPort("p11", "10.0.1.11", "clients", "g1", "g2");
    assertEquals(11 + 20, site.flowsOf(web).size(), "another identity, one flow each");
  }

  @Test
  void hostsHoldWhatTheirOwnPortsNeed() {
    site.createGroup("web");
    site.createGroup("shop", out(tcp(80), members("web")));
    Port shop = site.putPort("shop", "10.0.0.1", "shop");
    Port web = site.putPort("web", "10.0.0.2", "web");
    site.plug("shop", hv1, 1);
    site.plug("web", hv2, 1);
    Set<FlowSet> shopSets = site.setsOf(hv1);
    assertTrue(shopSets.contains(FlowSet.policy(shop.identityId())));
    assertTrue(shopSets.contains(FlowSet.group(groupId("shop"))));
    assertFalse(shopSets.contains(FlowSet.policy(web.identityId())));
    assertFalse(shopSets.contains(FlowSet.group(groupId("web"))));
    assertFalse(site.setsOf(hv2).contains(FlowSet.policy(shop.identityId())));
  }

  @Test
  void noHostsFlowsCollide() {
    site.createGroup("all", Site.everythingIn(), everythingOut());
    site.createGroup("web", in(tcp(80), members("all")), out(tcp(80), members("web")));
    site.putPort("p1", "10.0.0.1", "all");
    site.putPort("p2", "10.0.0.2", "web", "all");
    site.putPort("p3", "10.0.0.3", "web");
    for (int i = 1; i <= 3; i++) {
      site.plug("p" + i, hv1, i);
    }
    List<String> flows =
        site.flowsOf(hv1).stream()
            .map(flow -> FlowText.flow(flow.flow()))
            .map(text -> text.substring(0, text.indexOf(" actions=")))
            .toList();
    assertEquals(flows.size(), Set.copyOf(flows).size());
  }
}
