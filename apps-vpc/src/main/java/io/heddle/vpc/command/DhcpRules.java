package io.heddle.vpc.command;

import io.heddle.core.intent.Refused;
import io.heddle.core.model.IpAddress;
import io.heddle.core.model.Ipv4Address;
import io.heddle.core.model.Ipv6Address;
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

  /// What resolvers take.
  private static final int MAX_SEARCH_DOMAINS = 6;

  /// The field of a BOOTP message, less its end mark.
  private static final Pattern BOOT_FILE = Pattern.compile("[\\x21-\\x7e]{0,127}");

  /// RFC 1123 host names, 253 characters in all.
  private static final Pattern DOMAIN =
      Pattern.compile(
          "(?=.{1,253}$)[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?(\\.[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?)*");

  private DhcpRules() {}

  static void check(Subnet.Dhcp dhcp) {
    checkServers("dhcp.dnsServers", dhcp.dnsServers());
    checkServers("dhcp.ntpServers", dhcp.ntpServers());
    if (!dhcp.domainName().isEmpty()) {
      checkDomain("dhcp.domainName", dhcp.domainName());
    }
    checkSearch(dhcp.searchDomains());
    checkBoot(dhcp);
    if (dhcp.leaseSeconds() < MIN_LEASE_SECONDS || dhcp.leaseSeconds() > MAX_LEASE_SECONDS) {
      throw new Refused(
          Problem.invalid(
              "dhcp.leaseSeconds",
              "%d seconds; a lease lasts from %d to %d"
                  .formatted(dhcp.leaseSeconds(), MIN_LEASE_SECONDS, MAX_LEASE_SECONDS)));
    }
  }

  private static void checkDomain(String field, String name) {
    if (!DOMAIN.matcher(name).matches()) {
      throw new Refused(
          Problem.invalid(
              field, "'%s' is not a domain name; write one like vpc.example.com".formatted(name)));
    }
  }

  private static void checkSearch(List<String> domains) {
    if (domains.size() > MAX_SEARCH_DOMAINS) {
      throw new Refused(
          Problem.invalid(
              "dhcp.searchDomains",
              "%d domains; at most %d are searched".formatted(domains.size(), MAX_SEARCH_DOMAINS)));
    }
    for (int i = 0; i < domains.size(); i++) {
      checkDomain("dhcp.searchDomains[%d]".formatted(i), domains.get(i));
    }
  }

  private static void checkBoot(Subnet.Dhcp dhcp) {
    Ipv4Address server = dhcp.tftpServer();
    if (server != null) {
      checkServer("dhcp.tftpServer", server);
    }
    if (!BOOT_FILE.matcher(dhcp.bootFile()).matches()) {
      throw new Refused(
          Problem.invalid(
              "dhcp.bootFile",
              "the boot file's name has %d characters; use up to 127 printable ASCII ones"
                  .formatted(dhcp.bootFile().length())));
    }
    if (server == null && !dhcp.bootFile().isEmpty()) {
      throw new Refused(
          Problem.invalid(
              "dhcp.bootFile",
              "'%s' is to be had from nobody; name a tftpServer too".formatted(dhcp.bootFile())));
    }
  }

  private static void checkServers(String field, List<IpAddress> servers) {
    if (servers.size() > MAX_SERVERS) {
      throw new Refused(
          Problem.invalid(
              field, "%d servers; at most %d are told".formatted(servers.size(), MAX_SERVERS)));
    }
    for (int i = 0; i < servers.size(); i++) {
      checkServer("%s[%d]".formatted(field, i), servers.get(i));
    }
  }

  private static void checkServer(String field, IpAddress server) {
    boolean reachable =
        switch (server) {
          case Ipv4Address v4 -> !v4.isMulticast() && !v4.isLoopback() && v4.bits() >>> 24 != 0;
          case Ipv6Address v6 -> !v6.isMulticast() && !v6.isLinkLocal() && v6.high() != 0;
        };
    if (!reachable) {
      throw new Refused(
          Problem.invalid(
              field,
              "%s is not a server's address; name a host's own, like 10.0.0.2 or fd00:1::2"
                  .formatted(server)));
    }
  }
}
