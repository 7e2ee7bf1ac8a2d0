package io.heddle.node.fabric;

import io.heddle.core.compile.Feature;
import io.heddle.core.model.HostId;
import io.heddle.core.store.Store;
import io.heddle.openflow.codec.PacketIn;
import io.heddle.openflow.session.SwitchSession;
import java.util.Collection;
import java.util.Optional;
import java.util.function.LongFunction;

/// What this node says to machines by the switches that it masters: answers to what they ask, and
/// what they are told unasked.
public final class Services implements AutoCloseable {

  private final LongFunction<Optional<HostId>> hostOf;
  private final Punts punts;
  private final RouterBeacon beacon;
  private final Store.Subscription following;

  /// @param hostOf whose a datapath is, where that is known
  public Services(
      Collection<Feature> features, Store store, LongFunction<Optional<HostId>> hostOf) {
    this.hostOf = hostOf;
    punts = new Punts(features, store::image);
    beacon = new RouterBeacon(store::image, hostOf);
    following = store.follow(beacon::applied);
  }

  public void ready(SwitchSession session) {
    beacon.ready(session);
  }

  public void closed(SwitchSession session) {
    beacon.closed(session);
  }

  public void packetIn(SwitchSession session, PacketIn packet) {
    hostOf.apply(session.datapathId()).ifPresent(host -> punts.packetIn(host, session, packet));
  }

  public Punts punts() {
    return punts;
  }

  @Override
  public void close() {
    following.close();
    beacon.close();
    punts.close();
  }
}
