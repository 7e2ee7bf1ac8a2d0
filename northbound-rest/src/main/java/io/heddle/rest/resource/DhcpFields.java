package io.heddle.rest.resource;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.heddle.core.model.IpAddress;
import io.heddle.core.model.Ipv4Address;
import io.heddle.core.model.Subnet;
import io.heddle.core.model.Subnet.Ipv6AddressMode;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// A subnet's `dhcp`.
final class DhcpFields {

  private DhcpFields() {}

  static void describe(Subnet.Dhcp dhcp, ObjectNode json) {
    Ipv4Address tftp = dhcp.tftpServer();
    json.put("enabled", dhcp.enabled());
    Representation.texts(json.putArray("dnsServers"), dhcp.dnsServers());
    json.put("domainName", dhcp.domainName());
    Representation.texts(json.putArray("searchDomains"), dhcp.searchDomains());
    Representation.texts(json.putArray("ntpServers"), dhcp.ntpServers());
    json.put("leaseSeconds", dhcp.leaseSeconds())
        .put("ipv6AddressMode", text(dhcp.ipv6AddressMode()))
        .put("tftpServer", tftp == null ? null : tftp.toString())
        .put("bootFile", dhcp.bootFile());
  }

  /// What is absent stays as before; what is null goes back to the default.
  static Subnet.Dhcp read(Fields fields, Subnet.Dhcp before) {
    Settings settings = new Settings(fields, before);
    return new Subnet.Dhcp(
        settings.of("enabled", fields.flag("enabled"), Subnet.Dhcp::enabled),
        settings.of(
            "dnsServers", fields.list("dnsServers", IpAddress::parse), Subnet.Dhcp::dnsServers),
        settings.of("domainName", fields.text("domainName"), Subnet.Dhcp::domainName),
        settings.of(
            "searchDomains",
            fields.list("searchDomains", Function.identity()),
            Subnet.Dhcp::searchDomains),
        settings.of(
            "ntpServers", fields.list("ntpServers", IpAddress::parse), Subnet.Dhcp::ntpServers),
        settings.of("leaseSeconds", fields.number("leaseSeconds"), Subnet.Dhcp::leaseSeconds),
        settings.of(
            "ipv6AddressMode",
            fields.value("ipv6AddressMode", DhcpFields::mode),
            Subnet.Dhcp::ipv6AddressMode),
        tftpServer(fields, before),
        settings.of("bootFile", fields.text("bootFile"), Subnet.Dhcp::bootFile));
  }

  private static @Nullable Ipv4Address tftpServer(Fields fields, Subnet.Dhcp before) {
    return fields.has("tftpServer")
        ? fields.value("tftpServer", Ipv4Address::parse).orElse(null)
        : before.tftpServer();
  }

  /// What a request says of each field, on top of what there was.
  private record Settings(Fields fields, Subnet.Dhcp before) {
    <T> T of(String name, Optional<T> said, Function<Subnet.Dhcp, T> current) {
      return said.orElseGet(() -> current.apply(fields.has(name) ? Subnet.Dhcp.DEFAULT : before));
    }
  }

  private static String text(Ipv6AddressMode mode) {
    return switch (mode) {
      case SLAAC -> "slaac";
      case DHCPV6_STATEFUL -> "dhcpv6Stateful";
    };
  }

  private static Ipv6AddressMode mode(String text) {
    return switch (text) {
      case "slaac" -> Ipv6AddressMode.SLAAC;
      case "dhcpv6Stateful" -> Ipv6AddressMode.DHCPV6_STATEFUL;
      default ->
          throw new IllegalArgumentException(
              "'%s' is no IPv6 address mode; write slaac or dhcpv6Stateful".formatted(text));
    };
  }
}
