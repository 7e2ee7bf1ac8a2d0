package io.heddle.node.cluster;

import com.fasterxml.jackson.core.type.TypeReference;
import io.heddle.core.cluster.CommandType;
import io.heddle.core.cluster.HostBoard;
import io.heddle.core.cluster.Peers;
import io.heddle.core.cluster.Pulse;
import io.heddle.core.cluster.Reach;
import io.heddle.core.cluster.Relay;
import io.heddle.core.cluster.ReportMember;
import io.heddle.core.inventory.ActivateBinding;
import io.heddle.core.inventory.AdvanceEpoch;
import io.heddle.core.inventory.ClaimAddress;
import io.heddle.core.inventory.ReportBindings;
import io.heddle.core.inventory.ReportHost;
import io.heddle.core.model.ClusterView;
import io.heddle.core.model.Host;
import io.heddle.core.model.HostId;
import io.heddle.core.model.Member;
import io.heddle.core.model.NodeName;
import io.heddle.core.model.PortId;
import io.heddle.core.replication.HistoryArchive;
import io.heddle.core.store.LogGroup;
import io.heddle.core.store.Owner;
import io.heddle.core.store.Store;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/// This node's part in the cluster, put together: everything here is the same for a node that is
/// alone.
public final class Participation implements AutoCloseable {

  /// What nodes hand to their leader by themselves.
  private static final List<CommandType<?>> COMMANDS =
      List.of(
          new CommandType<>("report-host", ReportHost.class, new TypeReference<Host>() {}),
          new CommandType<>(
              "report-bindings",
              ReportBindings.class,
              new TypeReference<SortedMap<PortId, String>>() {}),
          new CommandType<>("claim-address", ClaimAddress.class, new TypeReference<Boolean>() {}),
          new CommandType<>(
              "activate-binding", ActivateBinding.class, new TypeReference<Boolean>() {}),
          new CommandType<>(
              "advance-epoch", AdvanceEpoch.class, new TypeReference<ClusterView>() {}),
          new CommandType<>("report-member", ReportMember.class, new TypeReference<Member>() {}));

  private static final Duration NEVER = Duration.ofDays(1);

  private final Store store;
  private final LogGroup group;
  private final Peers peers;
  private final Owner owner;
  private final Relay relay;
  private final HostBoard board;
  private final SharedHistory history;
  private final RequestRelay requests;
  private final Reachability reachability = new Reachability();
  private final Pulse pulse;

  public Participation(Store store, LogGroup group, HistoryArchive archive, Peers peers) {
    this.store = store;
    this.group = group;
    this.peers = peers;
    this.owner = Owner.thread("heddle-cluster");
    this.relay = new Relay(store, peers, group::leader, COMMANDS);
    this.board = new HostBoard(peers, UUID.randomUUID());
    this.history = new SharedHistory(store, archive, peers);
    this.requests = new RequestRelay(store, peers, history);
    this.pulse =
        new Pulse(new Pulse.Surroundings(store, peers, owner, System::nanoTime, new Senses()));
  }

  private final class Senses implements Pulse.Senses {
    @Override
    public Duration sinceConfirmed(long term) {
      Duration since = group.sinceContact();
      boolean leads = group.leader().filter(peers.self()::equals).isPresent();
      return leads && group.term() == term ? since : NEVER;
    }

    @Override
    public SortedMap<HostId, Reach> reach() {
      return reachability.reach();
    }

    @Override
    public Set<String> group() {
      return group.members().stream().map(LogGroup.Peer::name).collect(Collectors.toSet());
    }
  }

  /// Lets the others hear of this node.
  public void start() {
    pulse.start();
  }

  /// The nodes as the API sees them.
  ///
  /// @param found where this one is found, once its doors are open
  public Members members(NodeName self, Supplier<Member> found, InstantSource clock) {
    return new Members(self, new Members.Surroundings(found, store, group, peers, pulse, clock));
  }

  /// Full looks at switches, wherever their masters are.
  ///
  /// @param local looks at one that is this node's
  public SharedAudits audits(Mastery mastery, SharedAudits.Local local) {
    return new SharedAudits(peers, mastery, local);
  }

  /// What security groups have met with, whichever nodes know of it.
  public SharedPolicyWatch policyWatch(SharedPolicyWatch.Local local) {
    return new SharedPolicyWatch(peers, local);
  }

  public Relay relay() {
    return relay;
  }

  public HostBoard board() {
    return board;
  }

  public SharedHistory history() {
    return history;
  }

  public RequestRelay requests() {
    return requests;
  }

  public Reachability reachability() {
    return reachability;
  }

  public Pulse pulse() {
    return pulse;
  }

  public Peers peers() {
    return peers;
  }

  /// How long ago this node last knew all that the cluster had decided.
  public Duration silence() {
    return pulse.sinceContact();
  }

  @Override
  public void close() {
    pulse.close();
    peers.close();
    owner.close();
  }
}
