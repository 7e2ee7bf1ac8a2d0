package io.heddle.firewall.rule;

import static io.heddle.firewall.site.Site.anywhere;
import static io.heddle.firewall.site.Site.cidr;
import static io.heddle.firewall.site.Site.everythingIn;
import static io.heddle.firewall.site.Site.everythingOut;
import static io.heddle.firewall.site.Site.in;
import static io.heddle.firewall.site.Site.members;
import static io.heddle.firewall.site.Site.out;
import static io.heddle.firewall.site.Site.tcp;
import static io.heddle.firewall.site.Site.udp;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.heddle.core.model.HostId;
import io.heddle.core.model.SecurityRule;
import io.heddle.core.model.Service;
import io.heddle.core.trace.Packet;
import io.heddle.firewall.site.Site;
import io.heddle.firewall.site.Wire;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What policies let through and what they stop, each with the client beside the server and behind
/// a tunnel.
class PolicyTraceTest {

  private final Site site = new Site();
  private final HostId hv1 = site.createHost("hv1", "192.168.50.1");
  private final HostId hv2 = site.createHost("hv2", "192.168.50.2");
  private final Wire wire = new Wire(site);

  private void client(boolean sameHost, String... groups) {
    site.putPort("client", "10.0.0.1", groups);
    site.plug("client", sameHost ? hv2 : hv1, 1);
  }

  private void server(String... groups) {
    site.putPort("server", "10.0.0.2", groups);
    site.plug("server", hv2, 2);
  }

  private void other(boolean sameHost, String... groups) {
    site.putPort("other", "10.0.0.3", groups);
    site.plug("other", sameHost ? hv2 : hv1, 3);
  }

  private boolean udpGoes(String from, String to, int port) {
    return wire.send(from, to, wire.udp(from, to, 5000, port));
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aRuleWithACidrAdmitsItsServiceFromThereAndNothingElse(boolean sameHost) {
    site.createGroup("open", everythingOut());
    site.createGroup(
        "web", in(tcp(80), cidr("10.0.0.0/31")), in(udp(5000, 5003), cidr("10.0.0.1/32")));
    client(sameHost, "open");
    server("web");
    other(sameHost, "open");

    assertTrue(wire.opens("client", "server", 80), wire::way);
    assertFalse(wire.opens("client", "server", 81), wire::way);
    assertFalse(wire.opens("other", "server", 80), wire::way);
    assertTrue(udpGoes("client", "server", 5003), wire::way);
    assertFalse(udpGoes("client", "server", 5004), wire::way);
    assertFalse(udpGoes("client", "server", 80), wire::way);
    assertFalse(wire.pings("client", "server"), wire::way);
    assertFalse(wire.opens("server", "client", 80), "nothing is let in by egress: " + wire.way());
  }

  /// Where a switch takes one of several flows that match, a CIDR must not hide what another one
  /// allows.
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void overlappingCidrsGiveTheUnionOfTheirServices(boolean sameHost) {
    site.createGroup("open", everythingOut());
    site.createGroup(
        "web",
        in(tcp(80), cidr("10.0.0.0/24")),
        in(tcp(443), cidr("10.0.0.0/31")),
        in(tcp(22), cidr("10.0.0.1/32")),
        in(udp(53, 53), cidr("10.0.0.0/8")));
    client(sameHost, "open");
    server("web");
    other(sameHost, "open");

    for (int port : new int[] {22, 80, 443}) {
      assertTrue(wire.opens("client", "server", port), wire::way);
    }
    assertTrue(udpGoes("client", "server", 53), wire::way);
    assertTrue(wire.opens("other", "server", 80), wire::way);
    assertTrue(udpGoes("other", "server", 53), wire::way);
    assertFalse(wire.opens("other", "server", 443), wire::way);
    assertFalse(wire.opens("other", "server", 22), wire::way);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aRuleWithAGroupAdmitsItsMembersByIdentity(boolean sameHost) {
    site.createGroup("apps", everythingOut());
    site.createGroup("extra");
    site.createGroup("others", everythingOut());
    site.createGroup("db", in(tcp(5432), members("apps")), in(tcp(9000, 9009), members("apps")));
    client(sameHost, "apps", "extra");
    server("db");
    other(sameHost, "others");

    assertTrue(wire.opens("client", "server", 5432), wire::way);
    assertTrue(wire.opens("client", "server", 9009), wire::way);
    assertFalse(wire.opens("client", "server", 9010), wire::way);
    assertFalse(wire.opens("other", "server", 5432), wire::way);
    assertFalse(wire.pings("client", "server"), wire::way);
    assertFalse(udpGoes("client", "server", 5432), wire::way);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void icmpIsHeldToTypeAndCodeAndItsAnswersComeBack(boolean sameHost) {
    site.createGroup("open", everythingOut());
    site.createGroup("pinged", in(new Service.Icmp(Packet.ICMP_ECHO, 0), anywhere()));
    client(sameHost, "open");
    server("pinged");

    assertTrue(wire.pings("client", "server"), wire::way);
    Packet timestamp =
        Packet.icmp(wire.link("client", "server"), wire.path("client", "server"), 13, 0);
    assertFalse(wire.send("client", "server", timestamp.icmpId(9)), wire::way);
    assertFalse(wire.pings("server", "client"), wire::way);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void restrictedEgressIsHeldAtTheSourceAndItsAnswersAreHeldThereToo(boolean sameHost) {
    site.createGroup("web", everythingIn());
    site.createGroup("shop", out(tcp(80), members("web")), out(tcp(443), cidr("10.0.0.2/32")));
    site.createGroup("rest", everythingIn());
    client(sameHost, "shop");
    server("web");
    other(sameHost, "rest");

    assertTrue(wire.opens("client", "server", 80), wire::way);
    assertTrue(wire.opens("client", "server", 443), wire::way);
    assertFalse(wire.opens("client", "server", 22), wire::way);
    assertFalse(wire.opens("client", "other", 80), wire::way);
    assertFalse(wire.opens("client", "other", 443), wire::way);

    site.setRules("shop", out(tcp(443), cidr("10.0.0.2/32")));
    assertFalse(wire.send("client", "server", wire.segment("client", "server", 40_000, 80)));
    assertFalse(
        wire.send("server", "client", wire.segment("server", "client", 80, 40_000)), wire::way);
    assertTrue(
        wire.send("server", "client", wire.segment("server", "client", 443, 40_000)), wire::way);
    assertTrue(wire.send("client", "server", wire.segment("client", "server", 40_000, 443)));
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aRuleThatGoesCutsItsConnectionsBothWaysAndNoOther(boolean sameHost) {
    SecurityRule web = in(tcp(80), members("clients"));
    SecurityRule tls = in(tcp(443), cidr("10.0.0.0/24"));
    site.createGroup("clients", everythingOut());
    site.createGroup("web", web, tls, everythingOut());
    client(sameHost, "clients");
    server("web");
    assertTrue(wire.opens("client", "server", 80));
    assertTrue(wire.opens("client", "server", 443));

    site.setRules("web", tls, everythingOut());
    assertFalse(
        wire.send("server", "client", wire.segment("server", "client", 80, 40_000)),
        "the server pushes: " + wire.way());
    assertFalse(wire.send("client", "server", wire.segment("client", "server", 40_000, 80)));
    assertTrue(wire.send("server", "client", wire.segment("server", "client", 443, 40_000)));
    assertTrue(wire.send("client", "server", wire.segment("client", "server", 40_000, 443)));

    site.setRules("web", web, tls, everythingOut());
    assertTrue(
        wire.send("client", "server", wire.segment("client", "server", 40_000, 80)),
        "the rule is back: " + wire.way());
    assertTrue(wire.send("server", "client", wire.segment("server", "client", 80, 40_000)));
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void ofTwoRulesThatAllowAConnectionEitherMayGo(boolean sameHost) {
    SecurityRule byGroup = in(tcp(80), members("clients"));
    SecurityRule byCidr = in(tcp(80, 90), cidr("10.0.0.0/24"));
    site.createGroup("clients", everythingOut());
    site.createGroup("web", byGroup, byCidr);
    client(sameHost, "clients");
    server("web");
    assertTrue(wire.opens("client", "server", 80));
    for (List<SecurityRule> left : List.of(List.of(byGroup), List.of(byCidr))) {
      site.setRules("web", left.toArray(SecurityRule[]::new));
      assertTrue(
          wire.send("server", "client", wire.segment("server", "client", 80, 40_000)), wire::way);
      assertTrue(wire.send("client", "server", wire.segment("client", "server", 40_000, 80)));
    }
    site.setRules("web");
    assertFalse(wire.send("server", "client", wire.segment("server", "client", 80, 40_000)));
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aMembershipThatGoesCutsToo(boolean sameHost) {
    site.createGroup("clients", everythingOut());
    site.createGroup("plain", everythingOut());
    site.createGroup("web", in(tcp(80), members("clients")));
    site.createGroup("closed", everythingOut());
    client(sameHost, "clients");
    server("web");
    other(sameHost, "clients"); // keeps the identity alive
    assertTrue(wire.opens("client", "server", 80));
    assertTrue(wire.opens("other", "server", 80));

    client(sameHost, "plain");
    assertFalse(wire.send("client", "server", wire.segment("client", "server", 40_000, 80)));
    assertFalse(
        wire.send("server", "client", wire.segment("server", "client", 80, 40_000)),
        "disowned: " + wire.way());
    assertTrue(wire.send("server", "other", wire.segment("server", "other", 80, 40_000)));
    assertTrue(wire.send("other", "server", wire.segment("other", "server", 40_000, 80)));

    server("closed");
    assertFalse(wire.send("server", "other", wire.segment("server", "other", 80, 40_000)));
    assertFalse(wire.send("other", "server", wire.segment("other", "server", 40_000, 80)));
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void anEgressRuleThatGoesCutsAtTheSource(boolean sameHost) {
    site.createGroup("clients");
    site.createGroup("web", in(tcp(80), members("clients")));
    site.setRules("clients", everythingOut(), in(Service.ANY, members("web")));
    client(sameHost, "clients");
    server("web");
    assertTrue(wire.opens("client", "server", 80));
    site.setRules("clients", in(Service.ANY, members("web")));
    assertFalse(wire.send("client", "server", wire.segment("client", "server", 40_000, 80)));
    assertFalse(
        wire.send("server", "client", wire.segment("server", "client", 80, 40_000)),
        "a reply is nobody's first packet: " + wire.way());
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void icmpErrorsAboutAConnectionPassBothWaysAndOthersDoNot(boolean sameHost) {
    for (SecurityRule egress : List.of(everythingOut(), out(udp(53, 53), members("dns")))) {
      if (site.image().find(Site.groupId("dns")).isEmpty()) {
        site.createGroup("dns", in(udp(53, 53), members("dns")));
        site.createGroup("clients");
      }
      site.setRules("dns", in(udp(53, 53), members("clients")));
      site.setRules("clients", egress);
      client(sameHost, "clients");
      server("dns");
      Packet query = wire.udp("client", "server", 5000, 53);
      assertTrue(wire.send("client", "server", query));
      assertTrue(
          wire.send("server", "client", wire.unreachable("server", "client", query)), wire::way);
      Packet answer = wire.udp("server", "client", 53, 5000);
      assertTrue(wire.send("server", "client", answer));
      assertTrue(
          wire.send("client", "server", wire.unreachable("client", "server", answer)), wire::way);
      assertFalse(
          wire.send(
              "server",
              "client",
              wire.unreachable("server", "client", wire.udp("client", "server", 1, 2))));
      site.setRules("dns");
      assertFalse(wire.send("server", "client", wire.unreachable("server", "client", query)));
      assertFalse(wire.send("client", "server", wire.unreachable("client", "server", answer)));
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aPortWithoutGroupsSendsAndReceivesNothing(boolean sameHost) {
    site.createGroup("all", everythingIn(), everythingOut());
    client(sameHost);
    server("all");
    assertFalse(wire.opens("client", "server", 80));
    assertFalse(wire.opens("server", "client", 80));
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void packetsPassConnectionTrackingNoOftenerThanTheyMust(boolean sameHost) {
    site.createGroup("clients", everythingOut());
    site.createGroup("web", in(tcp(80), members("clients")), everythingOut());
    client(sameHost, "clients");
    server("web");
    assertTrue(wire.opens("client", "server", 80));
    assertEquals(sameHost ? List.of(2) : List.of(2, 2), wire.passes());
    assertTrue(wire.send("server", "client", wire.segment("server", "client", 80, 40_000)));
    assertEquals(sameHost ? List.of(2) : List.of(2, 1), wire.passes(), wire::way);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void whatNeedsNoStatePaysNoPass(boolean sameHost) {
    site.createGroup("all", everythingIn(), everythingOut());
    client(sameHost, "all");
    server("all");
    assertTrue(wire.opens("client", "server", 80));
    assertEquals(sameHost ? List.of(1) : List.of(1, 1), wire.passes(), wire::way);

    site.createGroup("web", in(tcp(80), members("all")), everythingOut());
    other(sameHost, "web");
    assertTrue(wire.opens("client", "other", 80), wire::way);
    assertTrue(wire.opens("other", "client", 80), wire::way);
    assertTrue(wire.opens("client", "server", 80), wire::way);
    assertEquals(sameHost ? List.of(1) : List.of(1, 1), wire.passes(), wire::way);
  }
}
