package io.heddle.vpc.nic;

import io.heddle.core.inventory.ClaimAddress;
import io.heddle.core.model.ClaimedAddress;
import io.heddle.core.model.IpAddress;
import io.heddle.core.model.Ipv4Address;
import io.heddle.core.model.MacAddress;
import io.heddle.core.model.Port;
import io.heddle.core.punt.Answer;
import io.heddle.core.punt.Punt;
import io.heddle.core.punt.PuntHandler;
import io.heddle.core.store.Command;
import io.heddle.core.store.Image;
import io.heddle.vpc.frame.Asker;
import io.heddle.vpc.frame.Ethernet;
import io.heddle.vpc.frame.Ipv6Datagram;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;

/// Hears gratuitous ARP (RFC 5227 §3) and unsolicited neighbor advertisements (RFC 4861 §7.2.6), by
/// which a machine says that it has a virtual address now, as VRRP's new master does (RFC 9568).
public final class AddressClaims implements PuntHandler {

  public static final byte CODE = 4;

  private static final int ARP_BYTES = 28;
  private static final int ADVERTISEMENT = 136;
  private static final int TARGET_AT = 8;

  @Override
  public byte code() {
    return CODE;
  }

  @Override
  public List<Answer> answer(Image image, Punt punt) {
    return List.of();
  }

  @Override
  public Optional<Command<Boolean>> learn(Image image, Punt punt) {
    if (punt.frame().length < Ethernet.HEADER_BYTES) {
      return Optional.empty();
    }
    MacAddress sender = Ethernet.macAt(ByteBuffer.wrap(punt.frame()), 6);
    return announced(punt.frame())
        .flatMap(address ->
            Asker.of(image, punt, sender)
                .map(Asker::port)
                .filter(port -> port.virtualAddresses().contains(address))
                .filter(port -> !has(image, port, address))
                .map(port -> new ClaimAddress(port.id(), address)));
  }

  private static boolean has(Image image, Port port, IpAddress address) {
    return image
        .find(new ClaimedAddress.Id(port.vpc(), address))
        .filter(claimed -> claimed.port().equals(port.id()))
        .isPresent();
  }

  private static Optional<IpAddress> announced(byte[] frame) {
    ByteBuffer bytes = ByteBuffer.wrap(frame);
    return bytes.getShort(12) == 0x0806 ? byArp(bytes) : byAdvertisement(frame);
  }

  /// Its sender's address is the one that it asks for.
  private static Optional<IpAddress> byArp(ByteBuffer frame) {
    if (frame.limit() < Ethernet.HEADER_BYTES + ARP_BYTES) {
      return Optional.empty();
    }
    int sender = frame.getInt(Ethernet.HEADER_BYTES + 14);
    int target = frame.getInt(Ethernet.HEADER_BYTES + 24);
    return sender == target ? Optional.of(new Ipv4Address(sender)) : Optional.empty();
  }

  private static Optional<IpAddress> byAdvertisement(byte[] frame) {
    return Ipv6Datagram.parse(frame)
        .filter(packet -> packet.protocol() == Ipv6Datagram.ICMPV6)
        .map(Ipv6Datagram::payload)
        .filter(message -> message.limit() >= TARGET_AT + 16)
        .filter(message -> (message.get(0) & 0xff) == ADVERTISEMENT)
        .map(message -> Ipv6Datagram.addressAt(message, TARGET_AT));
  }
}
