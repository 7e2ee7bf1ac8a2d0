package io.heddle.firewall.log;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.heddle.core.flow.Action;
import io.heddle.core.model.Direction;
import io.heddle.core.model.IpAddress;
import io.heddle.core.model.SecurityGroupId;
import io.heddle.firewall.log.PolicyLogging.Remark;
import io.heddle.firewall.log.PolicyLogging.Verdict;
import io.heddle.testkit.random.Seeded;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/// Frames as a log names them, and the userdata beside them.
class LoggedPacketTest {

  private static final String MACS = "0a0000000001" + "0a0000000002";
  private static final String IPV4 = "0a000001" + "0a000002";
  private static final String IPV6 =
      "fd000001000000000000000000000001" + "fd000001000000000000000000000002";

  private static Optional<LoggedPacket> read(String hex) {
    return LoggedPacket.read(HexFormat.of().parseHex(hex));
  }

  private static Optional<LoggedPacket> packet(
      String source, String target, int protocol, int sourcePort, int targetPort) {
    return Optional.of(
        new LoggedPacket(
            IpAddress.parse(source), IpAddress.parse(target), protocol, sourcePort, targetPort));
  }

  @Test
  void ipv4() {
    String tcp =
        MACS + "0800" + "4500002800010000" + "4006" + "0000" + IPV4 + "9c400050" + "00000000";
    assertEquals(packet("10.0.0.1", "10.0.0.2", 6, 40_000, 80), read(tcp));
    String options =
        MACS + "0800" + "4600002c00010000" + "4011" + "0000" + IPV4 + "00000000" + "00350035";
    assertEquals(packet("10.0.0.1", "10.0.0.2", 17, 53, 53), read(options));
    String later = MACS + "0800" + "4500002800010001" + "4006" + "0000" + IPV4 + "9c400050";
    assertEquals(packet("10.0.0.1", "10.0.0.2", 6, -1, -1), read(later));
    String ping = MACS + "0800" + "4500002800010000" + "4001" + "0000" + IPV4 + "0800";
    assertEquals(packet("10.0.0.1", "10.0.0.2", 1, 8, 0), read(ping));
    String gre = MACS + "0800" + "4500002800010000" + "402f" + "0000" + IPV4;
    assertEquals(packet("10.0.0.1", "10.0.0.2", 47, -1, -1), read(gre));
  }

  @Test
  void ipv6() {
    String udp = MACS + "86dd" + "600000000010" + "1140" + IPV6 + "00350036";
    assertEquals(packet("fd00:1::1", "fd00:1::2", 17, 53, 54), read(udp));
    String behindOptions =
        MACS + "86dd" + "600000000010" + "0040" + IPV6 + "0600000000000000" + "9c4001bb";
    assertEquals(packet("fd00:1::1", "fd00:1::2", 6, 40_000, 443), read(behindOptions));
    String first = MACS + "86dd" + "600000000010" + "2c40" + IPV6 + "1100000100000007" + "00350036";
    assertEquals(packet("fd00:1::1", "fd00:1::2", 17, 53, 54), read(first));
    String later = MACS + "86dd" + "600000000010" + "2c40" + IPV6 + "1100000900000007" + "00350036";
    assertEquals(packet("fd00:1::1", "fd00:1::2", 17, -1, -1), read(later));
    String solicitation = MACS + "86dd" + "600000000010" + "3a40" + IPV6 + "8700";
    assertEquals(packet("fd00:1::1", "fd00:1::2", 58, 135, 0), read(solicitation));
  }

  @Test
  void whatIsNoPacketIsNothing() {
    assertEquals(Optional.empty(), read(MACS + "0806" + "0001"));
    assertEquals(Optional.empty(), read(""));
    assertEquals(Optional.empty(), read(MACS));
  }

  @Test
  void garbageIsReadOrNot() {
    Seeded.check(
        2_000,
        seeded -> {
          byte[] frame = new byte[seeded.between(0, 90)];
          for (int i = 0; i < frame.length; i++) {
            frame[i] = (byte) seeded.between(0, 255);
          }
          if (frame.length > 14) {
            frame[12] = (byte) 0x86;
            frame[13] = (byte) 0xdd;
          }
          Optional<LoggedPacket> read = LoggedPacket.read(frame);
          assertEquals(read, LoggedPacket.read(Arrays.copyOf(frame, frame.length)));
        });
  }

  @Test
  void remarksComeBackAsTheyWere() {
    for (Direction direction : Direction.values()) {
      for (Verdict verdict : Verdict.values()) {
        Remark remark = new Remark(new SecurityGroupId(new UUID(-2, 0x8877L)), direction, verdict);
        Action.Controller told = (Action.Controller) remark.tell();
        assertEquals(Optional.of(remark), Remark.read(told.userdata()));
        assertEquals(PolicyLogging.METER.id(), told.meter());
      }
    }
    assertEquals(Optional.empty(), Remark.read(List.of()));
    assertEquals(Optional.empty(), Remark.read(List.of(PolicyLogging.CODE, (byte) 1)));
  }
}
