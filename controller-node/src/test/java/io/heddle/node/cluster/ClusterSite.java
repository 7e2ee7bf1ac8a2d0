package io.heddle.node.cluster;

import io.heddle.testkit.api.Api;
import io.heddle.testkit.api.Nic;
import io.heddle.testkit.api.Tenant;
import io.heddle.testkit.lab.Await;
import io.heddle.testkit.lab.Lab;
import io.heddle.testkit.lab.LabHost;
import io.heddle.testkit.lab.LabVm;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// A cluster's world: nodes that found it, each in a seat of the control network, and hypervisors
/// that are told of all of them.
///
/// ```java
/// try (ClusterSite site = ClusterSite.open(folder, 3)) {
///   LabHost hv1 = site.host("hv1");
///   ClusterNode leader = site.leader();
///   leader.kill();
///   site.awaitWhole();          // fails: one is missing
/// }
/// ```
final class ClusterSite implements AutoCloseable {
  /// A JVM starts in seconds, on a machine that others use too in many.
  static final Duration STARTED = Duration.ofSeconds(60);

  private static final Duration SETTLED = Duration.ofSeconds(30);

  /// A view that has stood for so long awaits nobody: a node joins it after a second of good signs.
  private static final Duration CALM = Duration.ofMillis(1_500);

  private final Lab lab;
  private final Path folder;
  private final List<ClusterNode> founders = new ArrayList<>();
  private final List<ClusterNode> nodes = new ArrayList<>();

  private ClusterSite(Lab lab, Path folder) {
    this.lab = lab;
    this.folder = folder;
  }

  /// Founds a cluster of nodes n1, n2, …; returns when all are ready.
  ///
  /// @param folder for data and logs, which outlive the site
  static ClusterSite open(Path folder, int size) {
    ClusterSite site = new ClusterSite(Lab.open(), folder);
    boolean opened = false;
    try {
      for (int i = 1; i <= size; i++) {
        site.founders.add(site.seat("n" + i));
      }
      site.founders.forEach(node -> node.startAmong(site.founders));
      site.founders.forEach(node -> node.awaitReady(STARTED));
      opened = true;
      return site;
    } finally {
      if (!opened) {
        site.close();
      }
    }
  }

  /// A machine for a node that is not started yet.
  ClusterNode seat(String name) {
    ClusterNode node = new ClusterNode(name, lab.seat(name), folder);
    nodes.add(node);
    NodeLogs.watch(node.log());
    return node;
  }

  Lab lab() {
    return lab;
  }

  List<ClusterNode> founders() {
    return List.copyOf(founders);
  }

  List<ClusterNode> running() {
    return nodes.stream().filter(ClusterNode::isRunning).toList();
  }

  /// All that run, but these.
  List<ClusterNode> others(ClusterNode... excluded) {
    return running().stream().filter(node -> !List.of(excluded).contains(node)).toList();
  }

  ClusterNode node(String name) {
    return nodes.stream().filter(node -> node.name().equals(name)).findFirst().orElseThrow();
  }

  /// Whom all running nodes hold for the leader.
  ClusterNode leader() {
    return leaderAmong(running());
  }

  /// Whom these hold for the leader: it is one of them.
  ClusterNode leaderAmong(List<ClusterNode> some) {
    return Await.value(
        SETTLED,
        some + " to have one leader",
        () -> {
          Set<String> named =
              some.stream()
                  .map(node -> node.status().leader().orElse(""))
                  .collect(Collectors.toSet());
          return some.stream().filter(node -> named.equals(Set.of(node.name()))).findFirst();
        });
  }

  /// Has another node lead.
  void transferLeader(ClusterNode to) {
    Api.Answer _ =
        to.api()
            .post("/v1/cluster:transferLeader", "{\"target\":\"%s\"}".formatted(to.name()))
            .orFail();
    Await.until(SETTLED, to + " to lead", () -> leader() == to);
  }

  /// A hypervisor that is told of the founders, and on board.
  LabHost host(String name) {
    LabHost host = lab.host(name);
    List<String> command = new ArrayList<>(List.of("set-manager"));
    founders.forEach(node -> command.add(node.manager()));
    String _ = host.vsctl(command.toArray(String[]::new));
    Api.Answer _ = tenant().awaitConnected(host.systemId());
    return host;
  }

  /// A machine with the address that the controller has for it.
  LabVm machine(String name, Nic nic, LabHost host) {
    LabVm vm = host.plugVm(name, nic.id(), nic.mac());
    Api.Answer _ = tenant().awaitRealized(nic);
    var _ = vm.dhcp();
    return vm;
  }

  /// Somebody who asks the first node that runs.
  Tenant tenant() {
    return new Tenant(running().getFirst().api());
  }

  /// The node that a host's switch obeys, as the switch says.
  ClusterNode masterOf(LabHost host) {
    return Await.value(
        SETTLED,
        host.name() + " to have one master",
        () -> {
          List<ClusterNode> masters =
              nodes.stream().filter(node -> SwitchRoles.of(host).obeys(node)).toList();
          return masters.size() == 1 ? masters.stream().findFirst() : Optional.empty();
        });
  }

  /// Loses all between the nodes of two groups, both ways, until it is closed.
  Cuts cut(List<ClusterNode> some, List<ClusterNode> others) {
    Cuts cuts = new Cuts(lab);
    for (ClusterNode one : some) {
      for (ClusterNode other : others) {
        cuts.between(one.netns(), other.netns());
      }
    }
    return cuts;
  }

  /// Waits until the nodes that run are one cluster with all its hosts, and quiet: a leader, the
  /// same revision everywhere, a view that stands, one master for each switch, and nobody kept from
  /// any.
  void awaitWhole() {
    running().forEach(node -> node.awaitReady(STARTED));
    Set<Long> epochs = new HashSet<>();
    long[] since = {System.nanoTime()};
    Await.until(
        SETTLED,
        running() + " to be one cluster",
        () -> {
          Set<Long> revisions = new HashSet<>();
          requireMembers()
              .forEach(status -> {
                epochs.add(status.epoch());
                revisions.add(status.revision());
              });
          if (epochs.size() > 1) {
            epochs.clear();
            since[0] = System.nanoTime();
          }
          require(revisions.size() == 1, "revisions " + revisions);
          return !epochs.isEmpty() && System.nanoTime() - since[0] > CALM.toNanos();
        });
  }

  /// Waits until all nodes that run work together, even while others write.
  void awaitMembers() {
    Await.until(SETTLED, running() + " to work together", () -> !requireMembers().isEmpty());
  }

  private List<ClusterStatus> requireMembers() {
    List<ClusterStatus> statuses = running().stream().map(ClusterNode::status).toList();
    Set<String> leaders = new HashSet<>();
    for (ClusterStatus status : statuses) {
      require(!status.stale(), "stale: " + status);
      leaders.add(status.leader().orElse(""));
      for (ClusterNode other : running()) {
        ClusterStatus.MemberStatus member =
            status
                .member(other.name())
                .orElseThrow(() -> new IllegalStateException(other + " is missing: " + status));
        require(member.connected(), other + " is not connected: " + status);
        require(member.exceptions().isEmpty(), other + " does not reach " + member.exceptions());
      }
    }
    require(leaders.size() == 1 && !leaders.contains(""), "leaders " + leaders);
    lab.hosts().forEach(this::requireMaster);
    return statuses;
  }

  private void requireMaster(LabHost host) {
    SwitchRoles roles = SwitchRoles.of(host);
    long masters = running().stream().filter(roles::obeys).count();
    long standbys = running().stream().filter(roles::hasStandby).count();
    require(
        masters == 1 && standbys == running().size() - 1L,
        "%s has %s".formatted(host.name(), roles));
  }

  private static void require(boolean condition, String otherwise) {
    if (!condition) {
      throw new IllegalStateException(otherwise);
    }
  }

  /// Ends all, whatever happened.
  @Override
  public void close() {
    try {
      lab.close();
    } finally {
      nodes.forEach(ClusterNode::close);
    }
  }
}
