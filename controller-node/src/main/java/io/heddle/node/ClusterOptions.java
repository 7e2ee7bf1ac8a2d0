package io.heddle.node;

import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Which cluster a node belongs to, and how it finds the others and is found.
///
/// The other nodes reach its log at a port, and it for everything else at the next one.
///
/// @param name names the cluster; nodes of another one are refused
/// @param address where the other nodes reach this one; nothing for a node that stays alone
/// @param founders the nodes that found the cluster together, this one among them; empty when the
///   node is alone or joins
/// @param seeds nodes of a cluster that exists, for a node that waits to be added to it
public record ClusterOptions(
    String name, Optional<Address> address, List<Founder> founders, List<Address> seeds) {

  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");
  private static final int MAX_FOUNDERS = 5;

  /// A node that founds the cluster.
  public record Founder(String node, Address address) {}

  /// Where a node is found by others.
  ///
  /// @param port of its log; the calls' is the next one
  public record Address(String host, int port) {
    private static final Pattern TEXT =
        Pattern.compile("(?<host>[^\\[\\]:]+|\\[[0-9A-Fa-f:.]+]):(?<port>[0-9]{1,5})");

    /// @throws IllegalArgumentException naming the option, the value and what would be accepted
    static Address parse(String option, String text) {
      Matcher matcher = TEXT.matcher(text);
      int port = matcher.matches() ? Integer.parseInt(matcher.group("port")) : 0;
      if (port < 1 || port > 65_534) {
        throw new IllegalArgumentException(
            "%s '%s' is not HOST:PORT, like 192.0.2.1:7081, with a port of 1 to 65534"
                .formatted(option, text));
      }
      return new Address(matcher.group("host"), port);
    }

    public String log() {
      return host + ":" + port;
    }

    public String calls() {
      return host + ":" + (port + 1);
    }
  }

  public static final ClusterOptions ALONE =
      new ClusterOptions("heddle", Optional.empty(), List.of(), List.of());

  public ClusterOptions {
    founders = List.copyOf(founders);
    seeds = List.copyOf(seeds);
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException(
          "--cluster '%s' is not a cluster's name: 1 to 64 letters, digits, '.', '_' and '-'"
              .formatted(name));
    }
    if (address.isEmpty() && !(founders.isEmpty() && seeds.isEmpty())) {
      throw new IllegalArgumentException(
          "a node with --peer or --join needs --cluster-address HOST:PORT, by which the others"
              + " reach it");
    }
    if (!founders.isEmpty() && !seeds.isEmpty()) {
      throw new IllegalArgumentException(
          "--peer founds a cluster and --join enters one that exists: say one of them");
    }
    if (founders.size() > MAX_FOUNDERS) {
      throw new IllegalArgumentException(
          "a cluster is founded by at most %d nodes, not %d"
              .formatted(MAX_FOUNDERS, founders.size()));
    }
    long names = founders.stream().map(Founder::node).distinct().count();
    if (names != founders.size()) {
      throw new IllegalArgumentException("--peer names a node twice: " + founders);
    }
  }

  boolean isAlone() {
    return address.isEmpty();
  }

  /// Where this node looks for others.
  List<String> callSeeds() {
    List<Address> from = seeds.isEmpty() ? founders.stream().map(Founder::address).toList() : seeds;
    return from.stream().map(Address::calls).toList();
  }
}
