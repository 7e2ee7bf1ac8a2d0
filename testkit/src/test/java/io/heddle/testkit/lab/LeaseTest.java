package io.heddle.testkit.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// A machine asks for its address with a real client, and a lease changes nothing outside the
/// machine.
class LeaseTest {

  @Test
  void aGuestConfiguresItselfFromItsLease() throws Exception {
    try (Lab lab = Lab.open()) {
      LabHost host = lab.host("hv1");
      host.createIntegrationBridge("standalone");
      LabVm guest = host.plugVm("guest", UUID.randomUUID(), "0a:00:00:00:00:05");
      LabVm server = host.plugVm("server", UUID.randomUUID(), "0a:00:00:00:00:02");
      server.address("10.0.0.2/24");
      server.gateway("10.0.0.1");
      try (TinyDhcp dhcp = TinyDhcp.serve(server)) {
        Lease lease = guest.dhcp();
        assertEquals("10.0.0.5", lease.address());
        assertEquals(24, lease.prefixLength());
        assertEquals(Optional.of("10.0.0.2"), lease.router());
        assertEquals(Optional.of(1400), lease.mtu());
        assertEquals(Optional.of("blue.test"), lease.value("domain"));
        assertTrue(dhcp.answers() >= 2, "an offer and an acknowledgement");
      }
      assertTrue(guest.reaches("10.0.0.2"));
      assertTrue(guest.exec("ip", "route").contains("default via 10.0.0.2"));
      assertTrue(guest.exec("ip", "link", "show", "eth0").contains("mtu 1400"));
    }
  }

  @Test
  @Tag("slow")
  void silenceIsReported() {
    try (Lab lab = Lab.open()) {
      LabHost host = lab.host("hv1");
      host.createIntegrationBridge("secure");
      LabVm guest = host.plugVm("guest", UUID.randomUUID(), "0a:00:00:00:00:05");
      AssertionError silence = assertThrows(AssertionError.class, guest::dhcp);
      assertTrue(silence.getMessage().startsWith("guest got no lease"), silence::getMessage);
    }
  }
}
