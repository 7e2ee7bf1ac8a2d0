package io.heddle.rest.spi;

import io.heddle.core.model.Direction;
import io.heddle.core.model.HostId;
import io.heddle.core.model.SecurityGroupId;
import io.heddle.firewall.log.LoggedPacket;
import io.heddle.firewall.log.PolicyLogging.Verdict;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.CompletionStage;

/// What security groups have met with on all hosts, whichever nodes are these hosts' masters.
/// Called from any thread; nothing blocks.
public interface PolicyWatch {

  /// How often the rules of a group have admitted something, as the switches have it now.
  CompletionStage<Hits> hits(SecurityGroupId group);

  /// What a group has had logged lately, the newest first.
  CompletionStage<Tail> log(SecurityGroupId group, int limit);

  /// Packets that were alike, as they were told of.
  ///
  /// @param first when the first of them was
  /// @param last when the last of them was
  /// @param packets how many were told of; there may have been more
  /// @param host where they were
  /// @param direction of the rules that they were held against
  record Logged(
      Instant first,
      Instant last,
      long packets,
      HostId host,
      Direction direction,
      Verdict verdict,
      LoggedPacket packet) {}

  /// What was told of.
  ///
  /// @param silentNodes nodes that did not say what they have heard
  record Tail(List<Logged> entries, List<String> silentNodes) {
    public static final Tail NONE = new Tail(List.of(), List.of());

    public Tail {
      entries = List.copyOf(entries);
      silentNodes = List.copyOf(silentNodes);
    }

    /// Of hosts that are not the same.
    public static Tail sum(Collection<Tail> parts, int limit) {
      List<Logged> entries =
          parts.stream()
              .flatMap(part -> part.entries.stream())
              .sorted(Comparator.comparing(Logged::last).reversed())
              .limit(limit)
              .toList();
      return new Tail(entries, parts.stream().flatMap(part -> part.silentNodes.stream()).toList());
    }
  }

  /// Packets and their bytes.
  record Count(long packets, long bytes) {
    public static final Count NONE = new Count(0, 0);

    public Count plus(Count other) {
      return new Count(packets + other.packets, bytes + other.bytes);
    }
  }

  /// What was counted.
  ///
  /// @param rules by id; a rule that admitted nothing need not be in it
  /// @param hosts those that were counted
  /// @param silentHosts those whose switches did not say
  /// @param silentNodes nodes that did not say, and may be masters of further hosts
  record Hits(
      Map<UUID, Count> rules,
      SortedSet<HostId> hosts,
      SortedSet<HostId> silentHosts,
      List<String> silentNodes) {

    public static final Hits NONE = new Hits(Map.of(), new TreeSet<>(), new TreeSet<>(), List.of());

    public Hits {
      rules = Map.copyOf(rules);
      hosts = new TreeSet<>(hosts);
      silentHosts = new TreeSet<>(silentHosts);
      silentNodes = List.copyOf(silentNodes);
    }

    /// Of hosts that are not the same.
    public static Hits sum(Collection<Hits> parts) {
      Map<UUID, Count> rules = new HashMap<>();
      SortedSet<HostId> hosts = new TreeSet<>();
      SortedSet<HostId> silentHosts = new TreeSet<>();
      List<String> silentNodes = new ArrayList<>();
      for (Hits part : parts) {
        part.rules.forEach((rule, count) -> rules.merge(rule, count, Count::plus));
        hosts.addAll(part.hosts);
        silentHosts.addAll(part.silentHosts);
        silentNodes.addAll(part.silentNodes);
      }
      silentHosts.removeAll(hosts);
      return new Hits(rules, hosts, silentHosts, silentNodes);
    }
  }
}
