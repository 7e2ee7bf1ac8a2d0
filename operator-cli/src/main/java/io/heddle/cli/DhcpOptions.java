package io.heddle.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// What a subnet's machines are told by DHCP and by router advertisements.
final class DhcpOptions {
  @Option(
      names = "--dns",
      paramLabel = "IP",
      description = "All DNS servers that machines are told, of both families; repeatable.")
  List<String> dns = new ArrayList<>();

  @Option(names = "--domain", paramLabel = "NAME", description = "The domain that they are in.")
  @Nullable String domain;

  @Option(
      names = "--search",
      paramLabel = "NAME",
      description = "All domains where short names are looked for; repeatable.")
  List<String> search = new ArrayList<>();

  @Option(
      names = "--ntp",
      paramLabel = "IP",
      description = "All time servers, of both families; repeatable.")
  List<String> ntp = new ArrayList<>();

  @Option(
      names = "--lease",
      paramLabel = "SECONDS",
      description = "How long a lease lasts (default: 604800).")
  @Nullable Integer lease;

  @Option(
      names = "--ipv6-mode",
      paramLabel = "slaac|dhcpv6Stateful",
      description = "How machines come by their IPv6 addresses (default: slaac).")
  @Nullable String ipv6Mode;

  @Option(
      names = "--tftp-server",
      paramLabel = "IP",
      description = "Who has the file that machines boot from.")
  @Nullable String tftpServer;

  @Option(names = "--boot-file", paramLabel = "FILE", description = "That file's name.")
  @Nullable String bootFile;

  void describe(ObjectNode dhcp) {
    if (!dns.isEmpty()) {
      dns.forEach(dhcp.putArray("dnsServers")::add);
    }
    if (!search.isEmpty()) {
      search.forEach(dhcp.putArray("searchDomains")::add);
    }
    if (!ntp.isEmpty()) {
      ntp.forEach(dhcp.putArray("ntpServers")::add);
    }
    if (lease != null) {
      dhcp.put("leaseSeconds", lease);
    }
    put(dhcp, "domainName", domain);
    put(dhcp, "ipv6AddressMode", ipv6Mode);
    put(dhcp, "tftpServer", tftpServer);
    put(dhcp, "bootFile", bootFile);
  }

  private static void put(ObjectNode dhcp, String field, @Nullable String value) {
    if (value != null) {
      dhcp.put(field, value);
    }
  }
}
