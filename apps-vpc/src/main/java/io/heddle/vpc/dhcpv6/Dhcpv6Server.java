package io.heddle.vpc.dhcpv6;

import io.heddle.core.model.IpAddress;
import io.heddle.core.model.Ipv6Address;
import io.heddle.core.model.Ipv6Prefix;
import io.heddle.core.pipeline.Overlay;
import io.heddle.core.punt.Answer;
import io.heddle.core.punt.Punt;
import io.heddle.core.punt.PuntHandler;
import io.heddle.core.store.Image;
import io.heddle.vpc.dhcpv6.Dhcpv6Message.Association;
import io.heddle.vpc.frame.Asker;
import io.heddle.vpc.frame.DomainNames;
import io.heddle.vpc.frame.Ethernet;
import io.heddle.vpc.frame.Ipv6Datagram;
import io.heddle.vpc.frame.Ipv6Frame;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// The DHCPv6 server of every subnet, at the gateway's link-local address.
///
/// A machine's first association of addresses is given all of its port's, and any other nothing. An
/// address that the intent gave is never in doubt, so a release or a decline is acknowledged and
/// changes nothing. Where machines make their own addresses, they are told the same ones here, and
/// what else they want to know (RFC 8415 §6.1).
public final class Dhcpv6Server implements PuntHandler {

  public static final byte CODE = 3;

  private static final int CLIENT_PORT = 546;
  private static final int SERVER_PORT = 547;

  /// Who we are to clients (RFC 8415 §11.4): made of the gateways' MAC, so that every node is the
  /// same server.
  private static final byte[] SERVER_ID = serverId();

  private static byte[] serverId() {
    ByteBuffer id = ByteBuffer.allocate(10);
    id.putShort((short) 3).putShort((short) 1);
    Ethernet.put(id, Overlay.GATEWAY_MAC);
    return id.array();
  }

  @Override
  public byte code() {
    return CODE;
  }

  @Override
  public List<Answer> answer(Image image, Punt punt) {
    return Ipv6Datagram.parse(punt.frame())
        .flatMap(packet -> answer(image, punt, packet))
        .map(frame -> List.of(new Answer(punt.ofport(), frame)))
        .orElse(List.of());
  }

  private static Optional<byte[]> answer(Image image, Punt punt, Ipv6Datagram packet) {
    Ipv6Frame back = new Ipv6Frame(packet.sender(), packet.source());
    return Asker.of(image, punt, packet.sender())
        .filter(asker -> asker.subnet().dhcp().enabled())
        .flatMap(asker ->
            packet
                .udp(CLIENT_PORT, SERVER_PORT)
                .flatMap(Dhcpv6Message::parse)
                .flatMap(message -> client(asker, message))
                .flatMap(Client::reply))
        .map(reply -> back.udp(SERVER_PORT, CLIENT_PORT, reply));
  }

  private static Optional<Client> client(Asker asker, Dhcpv6Message message) {
    return Optional.ofNullable(asker.subnet().ipv6Cidr())
        .map(prefix -> new Client(asker, prefix, message));
  }

  /// Who asks, and what.
  private record Client(Asker asker, Ipv6Prefix prefix, Dhcpv6Message message) {

    Optional<byte[]> reply() {
      if (!isMeantForUs()) {
        return Optional.empty();
      }
      return switch (message.type()) {
        case SOLICIT -> Optional.of(solicited());
        case REQUEST, RENEW, REBIND -> Optional.of(reply(Dhcpv6Type.REPLY, leases()));
        case CONFIRM -> confirmed();
        case RELEASE, DECLINE ->
            Optional.of(reply(Dhcpv6Type.REPLY, identified().status(Dhcpv6Code.SUCCESS)));
        case INFORMATION_REQUEST -> informed();
        // What only servers say.
        case ADVERTISE, REPLY, RECONFIGURE -> Optional.empty();
      };
    }

    /// RFC 8415 §16: who is to name itself, and whether a server is to be named.
    private boolean isMeantForUs() {
      Optional<byte[]> server = message.value(Dhcpv6Code.SERVER_ID);
      boolean ours = server.filter(id -> Arrays.equals(id, SERVER_ID)).isPresent();
      boolean named = message.has(Dhcpv6Code.CLIENT_ID);
      return switch (message.type()) {
        case SOLICIT, CONFIRM, REBIND -> named && server.isEmpty();
        case REQUEST, RENEW, RELEASE, DECLINE -> named && ours;
        case INFORMATION_REQUEST -> server.isEmpty() || ours;
        case ADVERTISE, REPLY, RECONFIGURE -> false;
      };
    }

    private byte[] solicited() {
      if (!message.has(Dhcpv6Code.RAPID_COMMIT)) {
        return reply(Dhcpv6Type.ADVERTISE, leases());
      }
      return reply(Dhcpv6Type.REPLY, leases().add(Dhcpv6Code.RAPID_COMMIT, new byte[0]));
    }

    /// A machine that was away asks whether its addresses fit this link.
    private Optional<byte[]> confirmed() {
      List<Ipv6Address> held =
          message.associations().stream()
              .flatMap(association -> association.addresses().stream())
              .toList();
      if (held.isEmpty()) {
        return Optional.empty();
      }
      boolean fits = held.stream().allMatch(prefix::contains);
      int status = fits ? Dhcpv6Code.SUCCESS : Dhcpv6Code.NOT_ON_LINK;
      return Optional.of(reply(Dhcpv6Type.REPLY, identified().status(status)));
    }

    private Optional<byte[]> informed() {
      return message.associations().isEmpty()
          ? Optional.of(reply(Dhcpv6Type.REPLY, settings(identified())))
          : Optional.empty();
    }

    private Dhcpv6Options leases() {
      Dhcpv6Options options = identified();
      boolean given = false;
      for (Association asked : message.associations()) {
        boolean first = asked.code() == Dhcpv6Code.IA_NA && !given;
        int seconds = asker.subnet().dhcp().leaseSeconds();
        if (first && !asker.port().ipv6Addresses().isEmpty()) {
          given = true;
          options.association(asked, seconds, addresses(asked, seconds));
        } else {
          int status =
              asked.code() == Dhcpv6Code.IA_PD ? Dhcpv6Code.NO_PREFIXES : Dhcpv6Code.NO_ADDRESSES;
          options.association(asked, 0, new Dhcpv6Options().status(status));
        }
      }
      return settings(options);
    }

    /// The port's own; what the client has besides is over.
    private Dhcpv6Options addresses(Association asked, int seconds) {
      List<Ipv6Address> own = asker.port().ipv6Addresses();
      Dhcpv6Options options = new Dhcpv6Options();
      own.forEach(address -> options.lease(address, seconds));
      if (message.type() != Dhcpv6Type.SOLICIT) {
        asked.addresses().stream()
            .filter(address -> !own.contains(address))
            .forEach(address -> options.lease(address, 0));
      }
      return options;
    }

    private Dhcpv6Options identified() {
      Dhcpv6Options options = new Dhcpv6Options().add(Dhcpv6Code.SERVER_ID, SERVER_ID);
      message.value(Dhcpv6Code.CLIENT_ID).ifPresent(id -> options.add(Dhcpv6Code.CLIENT_ID, id));
      return options;
    }

    private Dhcpv6Options settings(Dhcpv6Options options) {
      var dhcp = asker.subnet().dhcp();
      options.addresses(
          Dhcpv6Code.DNS_SERVERS, IpAddress.only(Ipv6Address.class, dhcp.dnsServers()));
      if (!dhcp.search().isEmpty()) {
        options.add(Dhcpv6Code.DOMAIN_SEARCH, DomainNames.encoded(dhcp.search()));
      }
      List<Ipv6Address> ntp = IpAddress.only(Ipv6Address.class, dhcp.ntpServers());
      if (message.asksFor(Dhcpv6Code.SNTP_SERVERS)) {
        options.addresses(Dhcpv6Code.SNTP_SERVERS, ntp);
      }
      if (message.asksFor(Dhcpv6Code.NTP_SERVER)) {
        ntp.forEach(server ->
            options.add(
                Dhcpv6Code.NTP_SERVER,
                new Dhcpv6Options().addresses(Dhcpv6Code.NTP_ADDRESS, List.of(server)).encoded()));
      }
      if (message.type() == Dhcpv6Type.INFORMATION_REQUEST) {
        options.seconds(Dhcpv6Code.REFRESH_SECONDS, dhcp.leaseSeconds());
      }
      return options;
    }

    private byte[] reply(Dhcpv6Type type, Dhcpv6Options options) {
      byte[] encoded = options.encoded();
      return ByteBuffer.allocate(4 + encoded.length)
          .putInt(type.code() << 24 | message.transaction())
          .put(encoded)
          .array();
    }
  }
}
