package io.heddle.testkit.lab;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/// ISC's dhclient in a guest, of either family: one run until it has a lease.
///
/// @param values what it passes to its script, like `new_ip_address`, `new_ip6_address` and
///   `new_rfc3442_classless_static_routes`
/// @param log what it printed
public record Dhclient(Map<String, String> values, String log) {

  /// Sets the address and leaves the rest of the guest alone.
  private static final String SCRIPT =
      """
      #!/bin/sh
      case "$reason" in
        BOUND|RENEW|REBIND|REBOOT)
          ip addr replace "$new_ip_address/$new_subnet_mask" dev "$interface"
          env > "$LEASE_FILE.new" && mv "$LEASE_FILE.new" "$LEASE_FILE"
          ;;
        BOUND6|RENEW6|REBIND6)
          ip -6 addr replace "$new_ip6_address/128" dev "$interface"
          env > "$LEASE_FILE.new" && mv "$LEASE_FILE.new" "$LEASE_FILE"
          ;;
      esac
      exit 0
      """;

  private static final String CONFIGURATION =
      """
      option rfc3442-classless-static-routes code 121 = array of unsigned integer 8;
      option tftp-server-address code 150 = ip-address;
      request subnet-mask, broadcast-address, routers, domain-name, domain-name-servers,
        domain-search, interface-mtu, ntp-servers, rfc3442-classless-static-routes,
        tftp-server-name, bootfile-name, tftp-server-address,
        dhcp6.name-servers, dhcp6.domain-search, dhcp6.sntp-servers;
      """;

  private static final Duration LIMIT = Duration.ofSeconds(30);

  public Dhclient {
    values = Map.copyOf(values);
  }

  /// Asks for an IPv4 address.
  public static Dhclient ipv4(LabVm vm) {
    return run(vm, "-4", "");
  }

  /// The same by a client that believes to have this lease, in dhclient's own words.
  public static Dhclient ipv4(LabVm vm, String formerLease) {
    return run(vm, "-4", formerLease);
  }

  /// Asks for IPv6 addresses.
  public static Dhclient ipv6(LabVm vm) {
    return run(vm, "-6", "");
  }

  private static Dhclient run(LabVm vm, String family, String formerLease) {
    Path folder = vm.netns().directory();
    String name = vm.name() + family;
    Path script = folder.resolve("dhclient.sh");
    Path configuration = folder.resolve("dhclient.conf");
    Path leases = folder.resolve(name + ".leases");
    Path answer = folder.resolve(name + ".env");
    try {
      Files.deleteIfExists(answer);
      Files.writeString(script, SCRIPT);
      Files.writeString(configuration, CONFIGURATION);
      Files.writeString(leases, formerLease);
      if (!script.toFile().setExecutable(true)) {
        throw new IOException("cannot make executable: " + script);
      }
      List<String> words = new ArrayList<>(List.of("dhclient"));
      words.addAll(List.of(family, "-1", "-v", "-d", "-cf", configuration.toString()));
      words.addAll(List.of("-sf", script.toString(), "-lf", leases.toString()));
      words.addAll(List.of("-pf", folder.resolve(name + ".pid").toString()));
      words.addAll(List.of("-e", "LEASE_FILE=" + answer, "eth0"));
      try (Background client = vm.netns().start(name, words.toArray(String[]::new))) {
        awaitLease(answer, client);
        return new Dhclient(parse(Files.readString(answer)), client.output());
      }
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  private static void awaitLease(Path answer, Background client) {
    try {
      Await.until(LIMIT, "a lease", () -> Files.exists(answer));
    } catch (AssertionError none) {
      throw new AssertionError("no lease: " + client.output(), none);
    }
  }

  private static Map<String, String> parse(String environment) {
    return environment
        .lines()
        .filter(line -> line.matches("(new_|reason)[a-z0-9_]*=.*"))
        .collect(
            Collectors.toMap(
                line -> line.substring(0, line.indexOf('=')),
                line -> line.substring(line.indexOf('=') + 1),
                (first, second) -> second));
  }

  public Optional<String> value(String name) {
    return Optional.ofNullable(values.get(name));
  }
}
