package io.heddle.firewall.rule;

import static io.heddle.firewall.site.Site.cidr;
import static io.heddle.firewall.site.Site.everythingOut;
import static io.heddle.firewall.site.Site.in;
import static io.heddle.firewall.site.Site.members;
import static io.heddle.firewall.site.Site.out;
import static io.heddle.firewall.site.Site.tcp;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.heddle.core.model.SecurityRule;
import io.heddle.core.model.Service;
import io.heddle.firewall.site.RealSite;
import io.heddle.firewall.site.Site;
import io.heddle.testkit.lab.LabVm;
import io.heddle.testkit.lab.TcpOutcome;
import io.heddle.testkit.lab.TcpStream;
import java.io.IOException;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Real TCP over real switches: servers that push to clients which never say a word, and rules that
/// go under them.
@Tag("slow")
class CutTest {

  private static final String SERVER = "10.0.0.2";
  private static final int A_MOMENT = 400;

  /// Two connections hang on the rule that goes, one beside its server and one across the tunnel;
  /// one of each hangs on another rule.
  @Test
  void aRuleThatGoesCutsItsConnectionsBothWaysAtOnceAndOthersGoOn() throws IOException {
    SecurityRule tls = in(tcp(443), members("clients"));
    SecurityRule http = in(tcp(80), cidr("10.0.0.0/24"));
    try (RealSite real = new RealSite(2)) {
      Site site = real.site();
      site.createGroup("clients", everythingOut());
      site.createGroup("web", tls, http, everythingOut());
      LabVm near = real.machine("near", 2, "10.0.0.1", "clients");
      LabVm far = real.machine("far", 1, "10.0.0.3", "clients");
      LabVm server = real.machine("server", 2, SERVER, "web");
      real.realize();
      try (TcpStream nearCut = TcpStream.open(near, server, SERVER, 443);
          TcpStream farCut = TcpStream.open(far, server, SERVER, 443);
          TcpStream nearKept = TcpStream.open(near, server, SERVER, 80);
          TcpStream farKept = TcpStream.open(far, server, SERVER, 80)) {
        for (TcpStream stream : List.of(nearCut, farCut, nearKept, farKept)) {
          stream.awaitPushed(A_MOMENT);
          stream.speak();
        }
        site.setRules("web", http, everythingOut());
        real.realize();

        assertSilent(List.of(nearCut, farCut), List.of(nearKept, farKept));
        try (ServerSocket listening = server.listen(443)) {
          assertEquals(443, listening.getLocalPort());
          assertEquals(TcpOutcome.TIMED_OUT, far.connect(SERVER, 443, Duration.ofMillis(700)));
        }

        site.setRules("web", tls, http, everythingOut());
        real.realize();
        nearCut.awaitPushed(A_MOMENT);
        farCut.awaitPushed(A_MOMENT);
      }
    }
  }

  @Test
  void egressAndMembershipsCutToo() throws IOException {
    SecurityRule toWeb = out(tcp(443), members("web"));
    try (RealSite real = new RealSite(2)) {
      Site site = real.site();
      site.createGroup("web");
      site.createGroup("shop", toWeb);
      site.createGroup("clients", everythingOut());
      site.setRules("web", in(tcp(443), members("shop")), in(tcp(443), members("clients")));
      LabVm shop = real.machine("shop", 1, "10.0.0.1", "shop");
      LabVm leaver = real.machine("leaver", 1, "10.0.0.3", "clients");
      LabVm client = real.machine("client", 1, "10.0.0.4", "clients");
      LabVm server = real.machine("server", 2, SERVER, "web");
      real.realize();
      try (TcpStream egress = TcpStream.open(shop, server, SERVER, 443);
          TcpStream membership = TcpStream.open(leaver, server, SERVER, 443);
          TcpStream kept = TcpStream.open(client, server, SERVER, 443)) {
        List.of(egress, membership, kept).forEach(stream -> stream.awaitPushed(A_MOMENT));
        site.setRules("shop", out(tcp(444), members("web")));
        site.putPort("leaver", "10.0.0.3", "shop");
        real.realize();
        assertSilent(List.of(egress, membership), List.of(kept));
      }
    }
  }

  @Test
  void machinesReachWhatTheyMayAndHearErrors() throws IOException {
    try (RealSite real = new RealSite(2)) {
      Site site = real.site();
      site.createGroup("clients", everythingOut());
      site.createGroup(
          "web",
          in(tcp(80, 90), members("clients")),
          in(new Service.Icmp(8, 0), members("clients")));
      site.createGroup("others", everythingOut());
      site.createGroup("open", Site.everythingIn(), everythingOut());
      LabVm near = real.machine("near", 2, "10.0.0.1", "clients");
      LabVm far = real.machine("far", 1, "10.0.0.3", "clients");
      LabVm other = real.machine("other", 1, "10.0.0.4", "others");
      LabVm open = real.machine("open", 1, "10.0.0.5", "open");
      LabVm server = real.machine("server", 2, SERVER, "web");
      LabVm alsoOpen = real.machine("open2", 2, "10.0.0.6", "open");
      real.realize();
      Duration patience = Duration.ofSeconds(2);
      Duration glance = Duration.ofMillis(500);
      try (ServerSocket web = server.listen(85)) {
        assertEquals(85, web.getLocalPort());
        assertEquals(TcpOutcome.CONNECTED, near.connect(SERVER, 85, patience));
        assertEquals(TcpOutcome.CONNECTED, far.connect(SERVER, 85, patience));
        assertEquals(TcpOutcome.REFUSED, far.connect(SERVER, 90, patience));
        assertEquals(TcpOutcome.TIMED_OUT, far.connect(SERVER, 91, glance));
        assertEquals(TcpOutcome.TIMED_OUT, other.connect(SERVER, 85, glance));
      }
      assertTrue(far.reaches(SERVER));
      assertTrue(near.reaches(SERVER));
      assertFalse(other.ping(SERVER).count(1).within(Duration.ofSeconds(1)).run().received() > 0);
      assertTrue(open.reaches("10.0.0.6"), "open to open, across");
      assertTrue(far.reaches("10.0.0.6"), "restricted ingress to open");
      assertFalse(
          alsoOpen.ping("10.0.0.3").count(1).within(Duration.ofSeconds(1)).run().received() > 0);

      other.exec("ip", "addr", "add", "10.0.0.3/32", "dev", "eth0");
      String spoofed = other.exec("sh", "-c", "ping -c 1 -W 1 -I 10.0.0.3 " + SERVER + " || true");
      assertTrue(spoofed.contains(" 0 received"), spoofed);
    }
  }

  @Test
  void connectionsWithoutPortRulesShareAFewMegaflowsAndPassesStayFew() throws IOException {
    try (RealSite real = new RealSite(2)) {
      Site site = real.site();
      site.createGroup("clients", everythingOut());
      site.createGroup("web", in(Service.ANY, members("clients")), everythingOut());
      LabVm near = real.machine("near", 2, "10.0.0.1", "clients");
      LabVm far = real.machine("far", 1, "10.0.0.3", "clients");
      LabVm server = real.machine("server", 2, SERVER, "web");
      real.realize();
      assertTrue(far.reaches(SERVER));
      for (LabVm client : List.of(near, far)) {
        for (int host = 1; host <= 2; host++) {
          String cleared = real.host(host).appctl("dpif-netdev/pmd-stats-clear");
          assertTrue(cleared.isEmpty());
        }
        try (ServerSocket web = server.listen(80)) {
          assertEquals(80, web.getLocalPort());
          for (int i = 0; i < 100; i++) {
            assertEquals(TcpOutcome.CONNECTED, client.connect(SERVER, 80, Duration.ofSeconds(5)));
            web.accept().close();
          }
        }
        long megaflows = real.host(2).appctl("dpctl/dump-flows").lines().count();
        assertTrue(megaflows < 60, () -> megaflows + " megaflows for 100 connections");
        double passes = passes(real.host(2).appctl("dpif-netdev/pmd-stats-show"));
        assertTrue(passes < (client == near ? 2.2 : 3.0), () -> passes + " passes");
      }
    }
  }

  private static double passes(String stats) {
    return stats
        .lines()
        .filter(line -> line.contains("passes per packet"))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.indexOf(':') + 1).strip()))
        .max()
        .orElseThrow();
  }

  /// While the ones go on for a good while, the others get nothing, in neither direction.
  private static void assertSilent(List<TcpStream> cut, List<TcpStream> kept) throws IOException {
    kept.forEach(stream -> stream.awaitPushed(A_MOMENT / 4));
    List<Long> pushed = cut.stream().map(TcpStream::pushed).toList();
    List<Long> spoken = cut.stream().map(TcpStream::spoken).toList();
    for (TcpStream stream : cut) {
      stream.speak();
    }
    kept.forEach(stream -> stream.awaitPushed(A_MOMENT));
    assertEquals(pushed, cut.stream().map(TcpStream::pushed).toList(), "the server's pushes");
    assertEquals(spoken, cut.stream().map(TcpStream::spoken).toList(), "what the client says");
  }
}
