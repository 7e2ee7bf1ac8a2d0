package io.heddle.testkit.lab;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/// What a guest's DHCP client was given: busybox udhcpc's variables by their names.
///
/// @param values `ip`, `mask` (a prefix length), `router`, `dns`, `mtu`, `lease`, `serverid`,
///   `staticroutes`, …
public record Lease(Map<String, String> values) {

  /// Does what Debian's script does, but touches nothing outside the guest (such as
  /// /etc/resolv.conf).
  private static final String SCRIPT =
      """
      #!/bin/sh
      case "$1" in
        bound|renew)
          [ -n "$mtu" ] && ip link set "$interface" mtu "$mtu"
          ip addr replace "$ip/$mask" dev "$interface"
          for gateway in $router; do
            ip route replace default via "$gateway" dev "$interface"
            break
          done
          env > "$LEASE_FILE"
          ;;
      esac
      """;

  public Lease {
    values = Map.copyOf(values);
  }

  static Lease ask(Netns netns, String name, String nic) {
    Path script = netns.directory().resolve("udhcpc.sh");
    Path answer = netns.directory().resolve(name + ".lease");
    try {
      Files.deleteIfExists(answer);
      Files.writeString(script, SCRIPT);
      if (!script.toFile().setExecutable(true)) {
        throw new IOException("cannot make executable: " + script);
      }
      Command.Result result =
          netns
              .command(
                  "udhcpc",
                  "-i",
                  nic,
                  "-f",
                  "-n",
                  "-q",
                  "-t",
                  "8",
                  "-T",
                  "1",
                  "-S",
                  "-O",
                  "mtu",
                  "-O",
                  "staticroutes",
                  "-O",
                  "ntpsrv",
                  "-s",
                  script.toString())
              .with(Map.of("LEASE_FILE", answer.toString()))
              .attempt();
      if (result.exit() != 0) {
        throw new AssertionError(
            "%s got no lease:%n%s%s".formatted(name, result.out(), result.err()));
      }
      return parse(Files.readString(answer));
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  static Lease parse(String environment) {
    return new Lease(
        environment
            .lines()
            .filter(line -> line.matches("[a-z]+[0-9]*=.*"))
            .collect(
                Collectors.toMap(
                    line -> line.substring(0, line.indexOf('=')),
                    line -> line.substring(line.indexOf('=') + 1),
                    (first, second) -> second)));
  }

  public String address() {
    return value("ip").orElseThrow();
  }

  public int prefixLength() {
    return Integer.parseInt(value("mask").orElseThrow());
  }

  /// The first gateway, if one was given.
  public Optional<String> router() {
    return list("router").stream().findFirst();
  }

  public List<String> dnsServers() {
    return list("dns");
  }

  public Optional<Integer> mtu() {
    return value("mtu").map(Integer::valueOf);
  }

  public Optional<String> value(String name) {
    return Optional.ofNullable(values.get(name));
  }

  private List<String> list(String name) {
    return value(name).map(text -> List.of(text.split(" +", -1))).orElse(List.of());
  }
}
