package io.heddle.vpc.dhcp;

import io.heddle.core.model.IpAddress;
import io.heddle.core.model.Ipv4Address;
import io.heddle.core.model.Ipv4Prefix;
import io.heddle.core.model.Port;
import io.heddle.core.model.Subnet;
import io.heddle.core.pipeline.Overlay;
import io.heddle.core.punt.Answer;
import io.heddle.core.punt.Punt;
import io.heddle.core.punt.PuntHandler;
import io.heddle.core.store.Image;
import io.heddle.vpc.frame.Asker;
import io.heddle.vpc.frame.DomainNames;
import java.util.List;
import java.util.Optional;

/// The DHCP server of every subnet, at its gateway's address.
///
/// A port is told its own primary address and no other, whoever asks by it: only messages with the
/// port's own MAC are heard. An address that the intent gave is never in doubt, so a decline or a
/// release changes nothing and has no answer. The MTU it tells is what the overlay leaves of the
/// underlay's.
public final class DhcpServer implements PuntHandler {

  public static final byte CODE = 1;

  private static final Ipv4Prefix EVERYWHERE = Ipv4Prefix.parse("0.0.0.0/0");

  @Override
  public byte code() {
    return CODE;
  }

  @Override
  public List<Answer> answer(Image image, Punt punt) {
    return DhcpRequest.parse(punt.frame())
        .flatMap(request -> client(image, punt, request))
        .flatMap(Client::reply)
        .map(reply -> List.of(new Answer(punt.ofport(), reply.frame())))
        .orElse(List.of());
  }

  /// The port that the question came in by, if it is that port's own question and its subnet has
  /// DHCP.
  private static Optional<Client> client(Image image, Punt punt, DhcpRequest request) {
    return Asker.of(image, punt, request.source())
        .filter(asker -> asker.port().mac().equals(request.client()))
        .filter(asker -> asker.subnet().dhcp().enabled())
        .map(asker -> new Client(request, asker.port(), asker.subnet()));
  }

  /// Who asks, and what.
  private record Client(DhcpRequest request, Port port, Subnet subnet) {

    Optional<DhcpReply> reply() {
      return switch (request.type()) {
        case DISCOVER -> Optional.of(lease(DhcpMessageType.OFFER));
        case REQUEST -> confirm();
        case INFORM -> inform();
        // What only servers say, and what needs no answer.
        case OFFER, ACK, NAK, DECLINE, RELEASE -> Optional.empty();
      };
    }

    private Ipv4Address address() {
      return port.addresses().getFirst();
    }

    /// RFC 2131 §4.3.2: the client chose an offer (and names the server), or comes back with an
    /// address from before (and asks for it), or extends the lease of the one it uses.
    private Optional<DhcpReply> confirm() {
      boolean another = request.server().filter(id -> !id.equals(subnet.gateway())).isPresent();
      boolean uses = !request.current().equals(DhcpRequest.NO_ADDRESS);
      Optional<Ipv4Address> wanted = uses ? Optional.of(request.current()) : request.requested();
      if (another || wanted.isEmpty()) {
        return Optional.empty();
      }
      return Optional.of(wanted.get().equals(address()) ? lease(DhcpMessageType.ACK) : refusal());
    }

    private DhcpReply lease(DhcpMessageType type) {
      int lease = subnet.dhcp().leaseSeconds();
      DhcpOptions options =
          options(type)
              .seconds(DhcpCode.LEASE_SECONDS, lease)
              .seconds(DhcpCode.RENEWAL_SECONDS, lease / 2)
              .seconds(DhcpCode.REBINDING_SECONDS, (int) (lease * 7L / 8));
      Ipv4Address current =
          type == DhcpMessageType.ACK ? request.current() : DhcpRequest.NO_ADDRESS;
      return new DhcpReply(
          request,
          subnet.gateway(),
          current,
          address(),
          reachedAt(current),
          boot(),
          settings(options));
    }

    /// The client has an address by other means and asks for the rest.
    private Optional<DhcpReply> inform() {
      if (!port.addresses().contains(request.current())) {
        return Optional.empty();
      }
      return Optional.of(
          new DhcpReply(
              request,
              subnet.gateway(),
              request.current(),
              DhcpRequest.NO_ADDRESS,
              request.current(),
              boot(),
              settings(options(DhcpMessageType.ACK))));
    }

    /// A client that is told no has no address that it could be reached at.
    private DhcpReply refusal() {
      return new DhcpReply(
          request,
          subnet.gateway(),
          DhcpRequest.NO_ADDRESS,
          DhcpRequest.NO_ADDRESS,
          DhcpReply.EVERYBODY,
          DhcpReply.Boot.NOTHING,
          options(DhcpMessageType.NAK));
    }

    private DhcpReply.Boot boot() {
      Ipv4Address server = subnet.dhcp().tftpServer();
      return server == null
          ? DhcpReply.Boot.NOTHING
          : new DhcpReply.Boot(server, subnet.dhcp().bootFile());
    }

    /// RFC 2131 §4.1.
    private Ipv4Address reachedAt(Ipv4Address current) {
      if (!current.equals(DhcpRequest.NO_ADDRESS)) {
        return current;
      }
      return request.broadcast() ? DhcpReply.EVERYBODY : address();
    }

    private DhcpOptions options(DhcpMessageType type) {
      int size = request.maxMessageSize().orElse(DhcpOptions.DEFAULT_MESSAGE_SIZE);
      return new DhcpOptions(size)
          .type(type)
          .address(DhcpCode.SERVER_ID, subnet.gateway())
          // RFC 6842: a client id comes back as it was sent.
          .copy(DhcpCode.CLIENT_ID, request.options().getOrDefault(DhcpCode.CLIENT_ID, List.of()));
    }

    private DhcpOptions settings(DhcpOptions options) {
      Subnet.Dhcp dhcp = subnet.dhcp();
      List<Ipv4Address> dns = IpAddress.only(Ipv4Address.class, dhcp.dnsServers());
      List<Ipv4Address> ntp = IpAddress.only(Ipv4Address.class, dhcp.ntpServers());
      Ipv4Address tftp = dhcp.tftpServer();
      options
          .address(DhcpCode.SUBNET_MASK, new Ipv4Address(subnet.cidr().mask()))
          .address(DhcpCode.ROUTER, subnet.gateway())
          .routes(DhcpCode.CLASSLESS_ROUTES, routes())
          .bytes(DhcpCode.MTU, Overlay.MTU)
          .addresses(DhcpCode.DNS_SERVERS, dns)
          .text(DhcpCode.DOMAIN_NAME, dhcp.domainName())
          .bytes(DhcpCode.DOMAIN_SEARCH, DomainNames.encoded(dhcp.searchDomains()))
          .address(DhcpCode.BROADCAST, subnet.cidr().broadcast())
          .addresses(DhcpCode.NTP_SERVERS, ntp);
      if (tftp != null) {
        options
            .text(DhcpCode.TFTP_SERVER_NAME, tftp.toString())
            .text(DhcpCode.BOOT_FILE, dhcp.bootFile())
            .address(DhcpCode.TFTP_SERVER, tftp);
      }
      return options;
    }

    /// RFC 3442: who takes these looks at no other route, so the default one is among them. What
    /// lies beyond the subnet is the gateway's affair, however many route tables there are.
    private List<DhcpOptions.Route> routes() {
      return List.of(new DhcpOptions.Route(EVERYWHERE, subnet.gateway()));
    }
  }
}
