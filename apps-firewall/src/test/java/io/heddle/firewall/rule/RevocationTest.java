package io.heddle.firewall.rule;

import static io.heddle.firewall.site.Site.anywhere;
import static io.heddle.firewall.site.Site.everythingOut;
import static io.heddle.firewall.site.Site.in;
import static io.heddle.firewall.site.Site.members;
import static io.heddle.firewall.site.Site.out;
import static io.heddle.firewall.site.Site.udp;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.heddle.core.compile.FlowSet;
import io.heddle.core.model.HostId;
import io.heddle.core.model.SecurityRule;
import io.heddle.core.model.Service;
import io.heddle.core.trace.Packet;
import io.heddle.firewall.site.Site;
import io.heddle.firewall.site.Wire;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Connections that lose what they hang on, while the end that opened them says nothing: UDP that
/// only replies, the hardest to cut. Each with the client beside the server and behind a tunnel,
/// and with a client that may open anything (its own host tracks nothing) and one that may not.
class RevocationTest {

  private static final SecurityRule SYSLOG = in(udp(514, 514), members("clients"));

  private final Site site = new Site();
  private final HostId hv1 = site.createHost("hv1", "192.168.50.1");
  private final HostId hv2 = site.createHost("hv2", "192.168.50.2");
  private final Wire wire = new Wire(site);

  private void cloud(String kind) {
    HostId host = kind.startsWith("near") ? hv2 : hv1;
    boolean free = kind.endsWith("free");
    SecurityRule egress = free ? everythingOut() : out(udp(514, 514), anywhere());
    site.createGroup("clients");
    site.createGroup("base", egress);
    site.createGroup("extra");
    site.createGroup("web", SYSLOG);
    site.putPort("leaver", "10.0.0.1", "clients", "base");
    site.putPort("stays", "10.0.0.2", "clients", "base");
    site.putPort("server", "10.0.0.3", "web");
    site.plug("leaver", host, 1);
    site.plug("stays", host, 2);
    site.plug("server", hv2, 3);
    for (String client : new String[] {"leaver", "stays"}) {
      assertTrue(wire.send(client, "server", wire.udp(client, "server", 4000, 514)), wire::way);
      assertTrue(pushes(client), wire::way);
    }
  }

  private boolean pushes(String client) {
    return wire.send("server", client, wire.udp("server", client, 514, 4000));
  }

  @ParameterizedTest
  @ValueSource(strings = {"near free", "near held", "far free", "far held"})
  void aSilentClientGetsNothingOnceItHasLeft(String kind) {
    cloud(kind);
    site.putPort("leaver", "10.0.0.1", "base");
    assertFalse(pushes("leaver"), wire::way);
    assertTrue(pushes("stays"), wire::way);

    site.putPort("leaver", "10.0.0.1", "clients", "base");
    assertTrue(pushes("leaver"), "it is back: " + wire.way());
  }

  @ParameterizedTest
  @ValueSource(strings = {"near free", "near held", "far free", "far held"})
  void anotherGroupBesidesDoesNotStallIt(String kind) {
    cloud(kind);
    site.putPort("leaver", "10.0.0.1", "clients", "base", "extra");
    assertTrue(pushes("leaver"), wire::way);
    site.putPort("stays", "10.0.0.2", "clients", "base", "extra");
    assertTrue(pushes("stays"), wire::way);
  }

  @ParameterizedTest
  @ValueSource(strings = {"near free", "near held", "far free", "far held"})
  void aRuleThatGoesCutsBothWays(String kind) {
    cloud(kind);
    site.setRules("web", in(udp(515, 515), members("clients")));
    assertFalse(pushes("stays"), wire::way);
    assertFalse(wire.send("stays", "server", wire.udp("stays", "server", 4000, 514)), wire::way);
    site.setRules("web", SYSLOG);
    assertTrue(pushes("stays"), wire::way);
  }

  @ParameterizedTest
  @ValueSource(strings = {"near held", "far held"})
  void anEgressRuleThatGoesCutsWhatTheServerPushes(String kind) {
    cloud(kind);
    site.setRules("base", out(udp(515, 515), anywhere()));
    assertFalse(pushes("stays"), wire::way);
    assertFalse(pushes("leaver"), wire::way);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void errorsAboutIpv6AreHeardWhereTheirConnectionsAre(boolean near) {
    site.createGroup("clients", everythingOut());
    site.createGroup("web", in(Site.tcp(80), Site.cidr("fd00::/16")));
    site.putPort("client", "10.0.0.1", "clients");
    site.putPort("server", "10.0.0.3", "web");
    site.plug("client", near ? hv2 : hv1, 1);
    site.plug("server", hv2, 3);
    Packet opens = Packet.tcp(wire.link("client", "server"), wire.path6("client", "server"), 9, 80);
    Packet.Link back = wire.link("server", "client");
    Packet error =
        Packet.icmpError(back, wire.path6("server", "client"), Packet.ICMPV6_UNREACHABLE, opens);
    assertFalse(wire.send("server", "client", error), "about nothing: " + wire.way());
    assertTrue(wire.send("client", "server", opens), wire::way);
    assertTrue(wire.send("server", "client", error), wire::way);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aPrefixListIsReadAsItIsNow(boolean near) {
    cloud(near ? "near free" : "far free");
    site.putList("offices", "10.0.0.1/32", "fd00::/64");
    site.setRules("web", in(Service.ANY, Site.list("offices")));
    assertTrue(pushes("leaver"), wire::way);
    assertFalse(pushes("stays"), wire::way);
    int flows = site.flowsOf(FlowSet.group(Site.groupId("web"))).size();
    assertEquals(2, flows, "one for each CIDR");
    site.putList("offices", "10.0.0.2/32");
    assertFalse(pushes("leaver"), wire::way);
    assertTrue(pushes("stays"), wire::way);
  }
}
