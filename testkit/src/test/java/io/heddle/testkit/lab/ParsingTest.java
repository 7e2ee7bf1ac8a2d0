package io.heddle.testkit.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/// What ping, udhcpc and `ip route` print, read without running them.
class ParsingTest {

  @Test
  void pingTotals() {
    PingResult result =
        Ping.parse(
            """
            5 packets transmitted, 4 received, 20% packet loss, time 800ms
            rtt min/avg/max/mdev = 0.100/0.250/1.500/0.1 ms
            """);
    assertEquals(1, result.lost());
    assertFalse(result.lossless());
    assertEquals(Duration.ofNanos(250_000), result.average());
    assertEquals(Duration.ofNanos(1_500_000), result.slowest());
    assertEquals(0, Ping.parse("ping: connect: Network is unreachable").sent());
  }

  @Test
  void gapsAreFoundAndLateRepliesCloseThem() {
    assertEquals(List.of(), gaps("1 2 3", 3));
    assertEquals(List.of(new BackgroundPing.Gap(3, 2)), gaps("1 2 5 6", 6));
    assertEquals(List.of(), gaps("1 3 2 4", 4));
    assertEquals(
        List.of(new BackgroundPing.Gap(2, 1), new BackgroundPing.Gap(4, 1)), gaps("1 5 3", 5));
  }

  @Test
  void whatIsUnderWayAtTheEndIsNotLostButSilenceIs() {
    assertEquals(List.of(), gaps("1 2", 5));
    assertEquals(List.of(new BackgroundPing.Gap(3, 98)), gaps("1 2", 100));
    assertEquals(List.of(new BackgroundPing.Gap(1, 100)), gaps("", 100));
  }

  @Test
  void sequenceNumbersWrap() {
    String sequences =
        LongStream.rangeClosed(1, 65_600)
            .filter(sequence -> sequence != 65_540)
            .mapToObj(sequence -> Long.toString(sequence & 0xffff))
            .collect(Collectors.joining(" "));
    assertEquals(List.of(new BackgroundPing.Gap(65_540, 1)), gaps(sequences, 65_600));
  }

  @Test
  void leasesAreTheClientsVariables() {
    Lease lease =
        Lease.parse(
            "PATH=/bin\nip=10.0.0.5\nmask=24\nrouter=10.0.0.1\ndns=1.1.1.1 9.9.9.9\nmtu=1450\n");
    assertEquals("10.0.0.5", lease.address());
    assertEquals(24, lease.prefixLength());
    assertEquals(Optional.of("10.0.0.1"), lease.router());
    assertEquals(List.of("1.1.1.1", "9.9.9.9"), lease.dnsServers());
    assertEquals(Optional.of(1450), lease.mtu());
    assertTrue(lease.value("PATH").isEmpty());
  }

  @Test
  void aControlSubnetKeepsOutOfTheWay() {
    ControlSubnet subnet = new ControlSubnet(258);
    assertEquals("100.65.2.7", subnet.address(7));
    assertTrue(subnet.clashesWith("100.65.2.0/24 dev hl proto kernel scope link"));
    assertTrue(subnet.clashesWith("100.64.0.0/10 dev tailnet"));
    assertTrue(subnet.clashesWith("local 100.65.2.1 dev hl table local"));
    assertFalse(subnet.clashesWith("100.65.3.0/24 dev hl"));
    assertFalse(subnet.clashesWith("default via 192.0.2.1 dev eth0"));
  }

  @Test
  void waitingGivesUpAndSaysForWhat() {
    AssertionError timeout =
        assertThrows(
            AssertionError.class,
            () ->
                Await.until(
                    Duration.ofMillis(50),
                    "rain",
                    () -> {
                      throw new IllegalStateException("dry");
                    }));
    assertTrue(timeout.getMessage().contains("rain"));
    assertEquals("dry", timeout.getCause().getMessage());
  }

  private static List<BackgroundPing.Gap> gaps(String answered, int sent) {
    String replies =
        answered.isEmpty()
            ? ""
            : List.of(answered.split(" ", -1)).stream()
                .map("64 bytes from 10.0.0.2: icmp_seq=%s ttl=64 time=0.1 ms\n"::formatted)
                .collect(Collectors.joining());
    return BackgroundPing.parse(replies + sent + " packets transmitted, ").gaps();
  }
}
