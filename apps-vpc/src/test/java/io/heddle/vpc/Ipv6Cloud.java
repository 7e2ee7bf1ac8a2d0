package io.heddle.vpc;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.heddle.core.model.HostId;
import io.heddle.core.model.IpAddress;
import io.heddle.core.model.Ipv4Prefix;
import io.heddle.core.model.Ipv6Address;
import io.heddle.core.model.Ipv6Prefix;
import io.heddle.core.model.MacAddress;
import io.heddle.core.model.Port;
import io.heddle.core.model.SecurityGroupId;
import io.heddle.core.model.Subnet;
import io.heddle.core.model.SubnetId;
import io.heddle.core.model.Vpc;
import io.heddle.core.model.VpcId;
import io.heddle.core.pipeline.Overlay;
import io.heddle.core.punt.Answer;
import io.heddle.core.punt.Punt;
import io.heddle.core.punt.PuntHandler;
import io.heddle.vpc.command.CreateSubnet;
import io.heddle.vpc.command.CreateVpc;
import io.heddle.vpc.command.UpdatePort;
import io.heddle.vpc.command.UpdateSubnet;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/// One port of a subnet with both families, plugged in, and the frames that pass between its
/// machine and a handler. Checksums of answers are checked.
public final class Ipv6Cloud {

  public static final Ipv6Prefix PREFIX = Ipv6Prefix.parse("fd00:1:0:1::/64");
  public static final int OFPORT = 5;

  public final Cloud cloud = new Cloud();
  public final HostId host = cloud.host("hv1", "192.0.2.1");
  public final Subnet subnet;
  public final Port port;

  /// An answer as a machine reads it.
  public record Reply(MacAddress to, Ipv6Address target, int protocol, ByteBuffer payload) {}

  public Ipv6Cloud() {
    Vpc vpc =
        cloud.commit(
            new CreateVpc(
                new VpcId(cloud.nextId()),
                new SecurityGroupId(cloud.nextId()),
                Cloud.ACME,
                "blue",
                Map.of(),
                List.of(Ipv4Prefix.parse("10.0.0.0/16")),
                List.of(Ipv6Prefix.parse("fd00:1::/48"))));
    subnet =
        cloud.commit(
            new CreateSubnet(
                new SubnetId(cloud.nextId()),
                vpc.id(),
                Cloud.ACME,
                "web",
                Map.of(),
                Ipv4Prefix.parse("10.0.1.0/24"),
                Optional.empty(),
                Optional.of(PREFIX),
                "",
                Subnet.Dhcp.DEFAULT,
                Optional.empty()));
    port = cloud.port("a", subnet);
    cloud.plug(port, host, OFPORT);
  }

  /// The address that the machine makes of its MAC.
  public Ipv6Address own() {
    return Ipv6Address.inPrefix(PREFIX, port.mac());
  }

  public void tell(Subnet.Dhcp dhcp) {
    Subnet _ =
        cloud.commit(
            new UpdateSubnet(
                subnet.id(),
                Cloud.ACME,
                OptionalLong.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.of(dhcp)));
  }

  /// Gives the port these IPv6 addresses and no others.
  public void address(String... addresses) {
    List<IpAddress> all = new ArrayList<>(port.addresses());
    for (String address : addresses) {
      all.add(Ipv6Address.parse(address));
    }
    Port _ =
        cloud.commit(
            new UpdatePort(
                port.id(),
                Cloud.ACME,
                OptionalLong.empty(),
                new UpdatePort.Changes(
                    Optional.empty(),
                    Optional.empty(),
                    Optional.of(all),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty())));
  }

  /// A frame of the port's machine.
  public byte[] frame(Ipv6Address source, int protocol, byte[] payload) {
    ByteBuffer frame = ByteBuffer.allocate(54 + payload.length);
    frame.putShort((short) 0x3333).putInt(2);
    frame.putShort((short) (port.mac().bits() >>> 32)).putInt((int) port.mac().bits());
    frame.putShort((short) 0x86dd).putInt(0x6000_0000).putShort((short) payload.length);
    frame.put((byte) protocol).put((byte) 255);
    frame.putLong(source.high()).putLong(source.low());
    Ipv6Address routers = Ipv6Address.parse("ff02::2");
    return frame.putLong(routers.high()).putLong(routers.low()).put(payload).array();
  }

  public List<Answer> ask(PuntHandler handler, byte[] frame) {
    return handler.answer(cloud.image(), new Punt(host, OFPORT, frame));
  }

  /// The one answer to a frame.
  public Reply reply(PuntHandler handler, byte[] frame) {
    List<Answer> answers = ask(handler, frame);
    assertEquals(1, answers.size());
    assertEquals(OFPORT, answers.getFirst().ofport());
    return read(answers.getFirst().frame());
  }

  public static Reply read(byte[] bytes) {
    ByteBuffer frame = ByteBuffer.wrap(bytes);
    assertEquals(Overlay.GATEWAY_MAC, mac(frame, 6), "from the gateways' MAC");
    assertEquals((short) 0x86dd, frame.getShort(12));
    int length = frame.getShort(18);
    assertEquals(bytes.length - 54, length);
    assertEquals((byte) 255, frame.get(21), "hop limit");
    assertEquals(Overlay.GATEWAY_LINK_LOCAL, address(frame, 22));
    int protocol = frame.get(20);
    assertEquals(0xffff, fold(sum(frame, 22, bytes.length) + length + protocol), "checksum");
    return new Reply(mac(frame, 0), address(frame, 38), protocol, frame.slice(54, length));
  }

  private static MacAddress mac(ByteBuffer frame, int at) {
    return new MacAddress(
        (frame.getShort(at) & 0xffffL) << 32 | frame.getInt(at + 2) & 0xffff_ffffL);
  }

  public static Ipv6Address address(ByteBuffer bytes, int at) {
    return new Ipv6Address(bytes.getLong(at), bytes.getLong(at + 8));
  }

  private static int sum(ByteBuffer bytes, int from, int to) {
    int sum = 0;
    for (int i = from; i < to; i += 2) {
      int low = i + 1 < to ? bytes.get(i + 1) & 0xff : 0;
      sum += (bytes.get(i) & 0xff) << 8 | low;
    }
    return sum;
  }

  private static int fold(int sum) {
    return sum >>> 16 == 0 ? sum : fold((sum & 0xffff) + (sum >>> 16));
  }
}
