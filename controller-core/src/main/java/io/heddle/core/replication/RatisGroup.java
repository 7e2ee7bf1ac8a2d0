package io.heddle.core.replication;

import io.heddle.core.store.Log;
import io.heddle.core.store.LogGroup;
import io.heddle.core.store.LogGroup.Refused;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.ratis.protocol.ClientId;
import org.apache.ratis.protocol.RaftClientReply;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.protocol.SetConfigurationRequest;
import org.apache.ratis.protocol.TransferLeadershipRequest;
import org.apache.ratis.protocol.exceptions.ReconfigurationInProgressException;
import org.apache.ratis.protocol.exceptions.ReconfigurationTimeoutException;
import org.apache.ratis.protocol.exceptions.TransferLeadershipException;
import org.apache.ratis.server.RaftConfiguration;
import org.apache.ratis.server.RaftServer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Changes to the group, asked of the Ratis server in this process while it leads.
final class RatisGroup {

  /// Five survive the loss of two. The others are there only while members are exchanged: each one
  /// more has to acknowledge, too.
  static final int MAX_MEMBERS = 7;

  /// A member that has not answered for so long does not count on to confirm what comes.
  static final Duration ANSWERS_WITHIN = Duration.ofSeconds(1);

  /// Time for a member that is only a little behind to catch up, while writes wait.
  private static final Duration TRANSFER_WITHIN = Duration.ofSeconds(3);

  /// Catching up with the snapshot of a large cloud over a slow network.
  private static final Duration CHANGE_WITHIN = Duration.ofMinutes(3);

  private static final Logger LOG = LoggerFactory.getLogger(RatisGroup.class);

  private final RatisSettings settings;
  private final Contact contact;
  private final RaftServer server;
  private final ClientId client = ClientId.randomId();
  private final AtomicLong calls = new AtomicLong();

  RatisGroup(RatisSettings settings, Contact contact, RaftServer server) {
    this.settings = settings;
    this.contact = contact;
    this.server = server;
  }

  /// @throws IOException when the server is closed
  RaftServer.Division division() throws IOException {
    return server.getDivision(settings.groupId());
  }

  static List<LogGroup.Peer> members(RaftServer.Division division) {
    return division.getRaftConf().getCurrentPeers().stream().map(RatisSettings::peer).toList();
  }

  /// Leads a group of which it is the only member.
  static boolean leadsAlone(RaftServer.Division division) {
    return division.getInfo().isLeaderReady() && division.getRaftConf().getAllPeers().size() == 1;
  }

  /// What is asked of the server, once it is known to be possible.
  private interface Change {
    CompletableFuture<RaftClientReply> start(RaftServer.Division division)
        throws IOException, Refused;
  }

  private CompletableFuture<Void> change(String what, Change change) {
    try {
      RaftServer.Division division = division();
      if (!division.getInfo().isLeaderReady()) {
        throw new Log.NotLeader("node %s does not lead the cluster".formatted(settings.node()));
      }
      return change
          .start(division)
          .orTimeout(CHANGE_WITHIN.toMillis(), TimeUnit.MILLISECONDS)
          .handle((reply, failed) -> outcome(what, reply, failed));
    } catch (IOException | Refused | Log.NotLeader | RuntimeException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  private Void outcome(String what, RaftClientReply reply, Throwable failed) {
    Throwable cause = failed;
    while (cause instanceof CompletionException && cause.getCause() != null) {
      cause = cause.getCause();
    }
    if (cause == null && !reply.isSuccess()) {
      cause = reply.getException();
    }
    if (cause == null) {
      LOG.info("event=group-changed change=\"{}\" members={}", what, membersOrNone());
      return null;
    }
    LOG.warn("event=group-unchanged change=\"{}\" cause=\"{}\"", what, cause.toString());
    throw new CompletionException(explain(what, cause));
  }

  private List<LogGroup.Peer> membersOrNone() {
    try {
      return members(division());
    } catch (IOException e) {
      return List.of();
    }
  }

  private static Exception explain(String what, Throwable cause) {
    return switch (cause) {
      case ReconfigurationInProgressException _ ->
          new Refused(
              "can't %s: another change of the members is under way; try again when it is done"
                  .formatted(what));
      case ReconfigurationTimeoutException _ ->
          new Refused(
              "can't %s: it did not answer or did not catch up; is it started, empty, within the leader's reach?"
                  .formatted(what));
      case TransferLeadershipException e ->
          new Refused("can't %s: %s".formatted(what, e.getMessage()));
      default ->
          new IOException(
              "whether this node could %s is not known (%s); look at the members"
                  .formatted(what, cause.getMessage()),
              cause);
    };
  }

  CompletableFuture<Void> add(LogGroup.Peer peer) {
    return change(
        "add " + peer,
        division -> {
          List<RaftPeer> members = new ArrayList<>(division.getRaftConf().getCurrentPeers());
          Optional<RaftPeer> same =
              members.stream().filter(member -> isCalled(member, peer.name())).findFirst();
          if (same.isPresent() && same.get().getAddress().equals(peer.address())) {
            return CompletableFuture.completedFuture(success(division));
          }
          refuseToAdd(peer, same, members.size());
          // Whoever founded a group of one may have had no address then.
          members.replaceAll(member ->
              isCalled(member, settings.node()) ? RatisSettings.raftPeer(settings.self()) : member);
          members.add(RatisSettings.raftPeer(peer));
          return configure(division, members);
        });
  }

  private void refuseToAdd(LogGroup.Peer peer, Optional<RaftPeer> same, int members)
      throws Refused {
    if (settings.self().port() == 0) {
      throw new Refused(
          "node %s was started as the only one, without an address for others; start it with one first"
              .formatted(settings.node()));
    }
    if (peer.port() == 0) {
      throw new Refused("a member needs a port, not 0: " + peer);
    }
    if (same.isPresent()) {
      throw new Refused(
          "%s is a member already, at %s; remove it first if it has moved to %s"
              .formatted(peer.name(), same.get().getAddress(), peer.address()));
    }
    if (members >= MAX_MEMBERS) {
      throw new Refused(
          "there are %d members already, and never more; remove one first".formatted(members));
    }
  }

  CompletableFuture<Void> remove(String name) {
    return change(
        "remove " + name,
        division -> {
          List<RaftPeer> members = new ArrayList<>(division.getRaftConf().getCurrentPeers());
          if (members.stream().noneMatch(member -> isCalled(member, name))) {
            return CompletableFuture.completedFuture(success(division));
          }
          if (name.equals(settings.node())) {
            throw new Refused(
                members.size() == 1
                    ? "node %s is the only member".formatted(name)
                    : "node %s leads; transfer the leadership to another member first"
                        .formatted(name));
          }
          members.removeIf(member -> isCalled(member, name));
          requireMajority(division, members, name);
          return configure(division, members);
        });
  }

  private void requireMajority(RaftServer.Division division, List<RaftPeer> left, String name)
      throws Refused {
    List<String> silent =
        left.stream()
            .filter(member -> !contact.answers(member, division.getId(), ANSWERS_WITHIN))
            .map(member -> member.getId().toString())
            .toList();
    if ((left.size() - silent.size()) * 2 <= left.size()) {
      throw new Refused(
          "without %s no majority is left: of the others, %s does not answer; remove that one first, or bring it back"
              .formatted(name, String.join(", ", silent)));
    }
  }

  private CompletableFuture<RaftClientReply> configure(
      RaftServer.Division division, List<RaftPeer> members) throws IOException {
    RaftConfiguration now = division.getRaftConf();
    return server.setConfigurationAsync(
        new SetConfigurationRequest(
            client,
            server.getId(),
            settings.groupId(),
            calls.incrementAndGet(),
            SetConfigurationRequest.Arguments.newBuilder()
                .setMode(SetConfigurationRequest.Mode.COMPARE_AND_SET)
                .setServersInCurrentConf(List.copyOf(now.getCurrentPeers()))
                .setServersInNewConf(members)
                .build()));
  }

  CompletableFuture<Void> transferLeadership(String name) {
    return change(
        "transfer the leadership to " + name,
        division -> {
          List<String> members =
              members(division).stream().map(LogGroup.Peer::name).sorted().toList();
          if (!members.contains(name)) {
            throw new Refused("%s is no member; there are %s".formatted(name, members));
          }
          RaftPeerId next = RaftPeerId.valueOf(name);
          if (!hears(division, name)) {
            throw new Refused("%s does not answer; choose another member".formatted(name));
          }
          return server.transferLeadershipAsync(
              new TransferLeadershipRequest(
                  client,
                  server.getId(),
                  settings.groupId(),
                  calls.incrementAndGet(),
                  next,
                  TRANSFER_WITHIN.toMillis()));
        });
  }

  boolean hears(RaftServer.Division division, String name) {
    RaftPeer member = division.getRaftConf().getPeer(RaftPeerId.valueOf(name));
    return member != null && contact.answers(member, division.getId(), ANSWERS_WITHIN);
  }

  /// Lets any other member lead. Does nothing where no other answers, or this node does not lead.
  CompletableFuture<Void> handOver() {
    try {
      RaftServer.Division division = division();
      return division.getRaftConf().getCurrentPeers().stream()
          .filter(member -> !member.getId().equals(division.getId()))
          .filter(member -> contact.answers(member, division.getId(), ANSWERS_WITHIN))
          .findFirst()
          .filter(next -> division.getInfo().isLeaderReady())
          .map(next -> transferLeadership(next.getId().toString()))
          .orElse(CompletableFuture.completedFuture(null));
    } catch (IOException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  private static boolean isCalled(RaftPeer member, String name) {
    return member.getId().toString().equals(name);
  }

  private RaftClientReply success(RaftServer.Division division) {
    return RaftClientReply.newBuilder()
        .setClientId(client)
        .setServerId(division.getMemberId())
        .setSuccess()
        .build();
  }
}
