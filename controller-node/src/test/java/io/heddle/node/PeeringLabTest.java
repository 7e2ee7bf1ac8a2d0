package io.heddle.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.heddle.testkit.api.Nic;
import io.heddle.testkit.api.Tenant;
import io.heddle.testkit.lab.LabHost;
import io.heddle.testkit.lab.LabVm;
import io.heddle.testkit.lab.TcpOutcome;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Peering with real packets, on one host and across two: a client's VPC, its peer, the peer's
/// peer, and a VPC with the client's addresses that is nobody's peer.
@Tag("slow")
class PeeringLabTest {
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final Duration SILENCE = Duration.ofSeconds(2);
  private static final String REALIZED = "?wait=realized&timeoutSeconds=20";
  private static final String TO_WEB =
      "{\"direction\":\"egress\",\"protocol\":\"tcp\",\"portFrom\":80,\"portTo\":81,\"remoteCidr\":\"10.2.0.0/16\"}";
  private static final String EGRESS = "{\"direction\":\"egress\"}";
  private static final String FROM_BLUE =
      "{\"direction\":\"ingress\",\"protocol\":\"tcp\",\"portFrom\":80,\"remoteCidr\":\"10.1.0.0/16\"}";
  private static final String PING_FROM_BLUE =
      "{\"direction\":\"ingress\",\"protocol\":\"icmp\",\"remoteCidr\":\"10.1.0.0/16\"}";

  @TempDir static Path folder;

  private static Site site;
  private static Tenant tenant;
  private static UUID peering;
  private static UUID blue;
  private static Machine open;
  private static Machine narrow;
  private static Machine near;
  private static Machine far;
  private static Machine beyond;
  private static Machine twin;

  private record Machine(LabVm vm, Nic nic) {}

  @BeforeAll
  static void build() {
    site = Site.open(folder.resolve("data"));
    tenant = site.tenant();
    LabHost hv1 = site.host("hv1");
    LabHost hv2 = site.host("hv2");
    site.lab().warmUnderlay();
    blue = tenant.vpc("blue", "10.1.0.0/16");
    UUID shared = tenant.vpc("shared", "10.2.0.0/16");
    UUID red = tenant.vpc("red", "10.3.0.0/16");
    UUID rival = tenant.vpc("rival", "10.1.0.0/16");
    peering = joined(blue, shared);
    UUID next = joined(shared, red);
    route(blue, to("10.2.0.0/15", peering));
    route(shared, to("10.1.0.0/16", peering) + "," + to("10.3.0.0/16", next));
    route(red, to("10.0.0.0/8", next));
    UUID clients = tenant.subnet(blue, "clients", "10.1.1.0/24");
    UUID servers = tenant.subnet(shared, "servers", "10.2.1.0/24");
    UUID web = tenant.group(shared, "web", EGRESS, FROM_BLUE, PING_FROM_BLUE);
    UUID everything = tenant.group(red, "everything", EGRESS, "{\"direction\":\"ingress\"}");
    open = machine("open", tenant.port(clients, "open", tenant.group(blue, "open", EGRESS)), hv1);
    narrow =
        machine(
            "narrow", tenant.port(clients, "narrow", tenant.group(blue, "narrow", TO_WEB)), hv1);
    near = machine("near", tenant.port(servers, "near", web), hv1);
    far = machine("far", tenant.port(servers, "far", web), hv2);
    UUID reds = tenant.subnet(red, "reds", "10.3.1.0/24");
    beyond = machine("beyond", tenant.port(reds, "beyond", everything), hv2);
    UUID rivals = tenant.subnet(rival, "rivals", "10.1.1.0/24");
    twin = machine("twin", tenant.port(rivals, "twin"), hv1);
  }

  @AfterAll
  static void close() {
    site.close();
  }

  private static Machine machine(String name, Nic nic, LabHost host) {
    return new Machine(site.machine(name, nic, host), nic);
  }

  private static UUID joined(UUID requester, UUID accepter) {
    String id =
        tenant
            .api()
            .post(
                "/v1/peerings",
                "{\"requesterVpcId\":\"%s\",\"accepterVpcId\":\"%s\"}"
                    .formatted(requester, accepter))
            .orFail()
            .text("/id");
    tenant.api().post("/v1/peerings/" + id + ":accept", "").orFail();
    return UUID.fromString(id);
  }

  private static String to(String destination, UUID over) {
    return "{\"destination\":\"%s\",\"target\":{\"type\":\"peering\",\"id\":\"%s\"}}"
        .formatted(destination, over);
  }

  private static void route(UUID vpc, String routes) {
    String table = tenant.api().get("/v1/vpcs/" + vpc).orFail().text("/mainRouteTableId");
    tenant
        .api()
        .patch("/v1/route-tables/" + table + REALIZED, "{\"routes\":[%s]}".formatted(routes))
        .orFail();
  }

  private static boolean isSilent(Machine from, String target) {
    return from.vm().ping(target).within(SILENCE).run().received() == 0;
  }

  @Test
  void peersAreServedByCidrOnOneHostAndAcrossTwo() throws IOException {
    for (Machine server : new Machine[] {near, far}) {
      String address = server.nic().address();
      try (ServerSocket _ = server.vm().listen(80);
          ServerSocket _ = server.vm().listen(81)) {
        for (Machine client : new Machine[] {open, narrow}) {
          assertEquals(TcpOutcome.CONNECTED, client.vm().connect(address, 80, PATIENCE));
          assertEquals(TcpOutcome.TIMED_OUT, client.vm().connect(address, 81, SILENCE));
        }
      }
      assertTrue(open.vm().reaches(address));
      assertTrue(isSilent(narrow, address), "may open web connections, and no others");
      assertTrue(isSilent(server, open.nic().address()), "nobody lets it in");
    }
  }

  @Test
  void peersOfPeersAndTwinsAreNotReached() {
    assertTrue(isSilent(open, beyond.nic().address()));
    assertTrue(isSilent(beyond, open.nic().address()));
    assertTrue(isSilent(twin, near.nic().address()));
    assertTrue(isSilent(twin, narrow.nic().address()), "an address that its own VPC has too");
    assertTrue(near.vm().reaches(beyond.nic().address()), "its own peer it reaches");
  }

  @Test
  void nothingFlowsWithoutItsRouteAndItIsBackWithIt() {
    assertTrue(open.vm().reaches(far.nic().address()));
    route(blue, "");
    assertTrue(isSilent(open, far.nic().address()));
    assertFalse(open.vm().ping(near.nic().address()).within(SILENCE).run().received() > 0);
    route(blue, to("10.2.0.0/15", peering));
    assertTrue(open.vm().reaches(far.nic().address()));
  }
}
