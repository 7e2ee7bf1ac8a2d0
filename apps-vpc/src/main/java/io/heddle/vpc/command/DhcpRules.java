package io.heddle.vpc.command;

import io.heddle.core.intent.Refused;
import io.heddle.core.model.Ipv4Address;
import io.heddle.core.model.Subnet;
import io.heddle.core.store.Problem;
import java.util.List;
import java.util.regex.Pattern;

/// What a subnet's DHCP may hand out: it must fit into one reply (RFC 2131), and be usable by
/// whoever gets it.
final class DhcpRules {

  static final int MAX_SERVERS = 8;
  static final int MIN_LEASE_SECONDS = 60;

  /// A year. Longer leases save nothing, and a client counts them in 32 bits.
  static final int MAX_LEASE_SECONDS = 365 * 24 * 3600;

  /// RFC 1123 host names, 253 characters in all.
  private static final Pattern DOMAIN =
      Pattern.compile(
          "(?=.{1,253}$)[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?(\\.[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?)*");

  private DhcpRules() {}

  static void check(Subnet.Dhcp dhcp) {
    checkServers("dhcp.dnsServers", dhcp.dnsServers());
    checkServers("dhcp.ntpServers", dhcp.ntpServers());
    if (!dhcp.domainName().isEmpty() && !DOMAIN.matcher(dhcp.domainName()).matches()) {
      throw new Refused(
          Problem.invalid(
              "dhcp.domainName",
              "'%s' is not a domain name; write one like vpc.example.com"
                  .formatted(dhcp.domainName())));
    }
    if (dhcp.leaseSeconds() < MIN_LEASE_SECONDS || dhcp.leaseSeconds() > MAX_LEASE_SECONDS) {
      throw new Refused(
          Problem.invalid(
              "dhcp.leaseSeconds",
              "%d seconds; a lease lasts from %d to %d"
                  .formatted(dhcp.leaseSeconds(), MIN_LEASE_SECONDS, MAX_LEASE_SECONDS)));
    }
  }

  private static void checkServers(String field, List<Ipv4Address> servers) {
    if (servers.size() > MAX_SERVERS) {
      throw new Refused(
          Problem.invalid(
              field, "%d servers; at most %d are told".formatted(servers.size(), MAX_SERVERS)));
    }
    for (int i = 0; i < servers.size(); i++) {
      Ipv4Address server = servers.get(i);
      if (server.isMulticast() || server.isLoopback() || server.bits() >>> 24 == 0) {
        throw new Refused(
            Problem.invalid(
                "%s[%d]".formatted(field, i),
                "%s is not a server's address; name a host's own, like 10.0.0.2"
                    .formatted(server)));
      }
    }
  }
}
