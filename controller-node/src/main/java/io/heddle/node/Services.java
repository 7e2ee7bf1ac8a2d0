package io.heddle.node;

import io.heddle.core.cluster.Relay;
import io.heddle.core.compile.Feature;
import io.heddle.core.model.HostId;
import io.heddle.core.store.Command;
import io.heddle.core.store.Outcome;
import io.heddle.core.store.Store;
import io.heddle.core.store.Submission;
import io.heddle.node.cluster.Participation;
import io.heddle.node.fabric.Punts;
import io.heddle.node.fabric.RouterBeacon;
import io.heddle.openflow.codec.PacketIn;
import io.heddle.openflow.session.SwitchSession;
import java.util.Collection;
import java.util.Optional;
import java.util.function.LongFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What this node says to machines by the switches that it masters: answers to what they ask, and
/// what they are told unasked.
final class Services implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Services.class);

  private final LongFunction<Optional<HostId>> hostOf;
  private final Relay relay;
  private final Punts punts;
  private final RouterBeacon beacon;
  private final Store.Subscription following;

  Services(Collection<Feature> features, Store store, Participation cluster) {
    hostOf = cluster.reachability()::hostOf;
    relay = cluster.relay();
    punts = new Punts(features, store::image, this::learnt);
    beacon = new RouterBeacon(store::image, hostOf);
    following = store.follow(beacon::applied);
  }

  /// What a host's machines made known is decided by the leader, if this node is the host's master.
  /// What gets lost is announced again.
  private void learnt(HostId host, Command<Boolean> command) {
    var _ =
        relay
            .submitAsMaster(host, Submission.of(command, "host:" + host, "heard from a machine"))
            .whenComplete((outcome, failed) -> {
              if (!(outcome instanceof Outcome.Committed)) {
                LOG.debug("not learnt host={} what={} outcome={}", host, command, outcome, failed);
              }
            });
  }

  void ready(SwitchSession session) {
    beacon.ready(session);
  }

  void closed(SwitchSession session) {
    beacon.closed(session);
  }

  void packetIn(SwitchSession session, PacketIn packet) {
    hostOf.apply(session.datapathId()).ifPresent(host -> punts.packetIn(host, session, packet));
  }

  Punts punts() {
    return punts;
  }

  @Override
  public void close() {
    following.close();
    beacon.close();
    punts.close();
  }
}
