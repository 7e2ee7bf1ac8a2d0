package io.heddle.node;

import io.heddle.core.model.HostId;
import io.heddle.node.cluster.Mastery;
import io.heddle.node.cluster.Reachability;
import io.heddle.node.fabric.Fabric;
import io.heddle.node.fabric.HostInventory;
import io.heddle.openflow.codec.Message;
import io.heddle.openflow.codec.PacketIn;
import io.heddle.openflow.codec.SwitchError;
import io.heddle.openflow.codec.SwitchPort;
import io.heddle.openflow.session.SwitchEvents;
import io.heddle.openflow.session.SwitchSession;
import io.heddle.ovsdb.report.HostEvents;
import io.heddle.ovsdb.report.HostReport;
import io.heddle.ovsdb.report.Standing;
import java.util.function.LongConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Hears switches and hosts' databases and passes on what concerns the fabric, the inventory, the
/// services and the cluster. Called from event loops; never waits.
final class Southbound implements SwitchEvents, HostEvents {

  private static final Logger LOG = LoggerFactory.getLogger(Southbound.class);

  private final Listeners to;
  private final LongConsumer laterEpochSeen;
  private final LongConsumer reclaimSwitch;

  /// Who hears.
  record Listeners(
      Fabric fabric,
      HostInventory inventory,
      Services services,
      Mastery mastery,
      Reachability reachability,
      Datapaths datapaths) {}

  /// @param laterEpochSeen is told of an epoch that is not older than ours
  /// @param reclaimSwitch is told of a datapath whose host has only become known
  Southbound(Listeners to, LongConsumer laterEpochSeen, LongConsumer reclaimSwitch) {
    this.to = to;
    this.laterEpochSeen = laterEpochSeen;
    this.reclaimSwitch = reclaimSwitch;
  }

  @Override
  public void attached(long datapathId) {
    to.reachability().attached(datapathId, true);
  }

  @Override
  public void detached(long datapathId) {
    to.reachability().attached(datapathId, false);
  }

  @Override
  public void ready(SwitchSession session) {
    to.fabric().ready(session);
    to.services().ready(session);
  }

  @Override
  public void closed(SwitchSession session, String why) {
    to.fabric().closed(session);
    to.services().closed(session);
  }

  @Override
  public void stale(long datapathId, long seenEpoch) {
    laterEpochSeen.accept(seenEpoch);
  }

  @Override
  public void packetIn(SwitchSession session, PacketIn packet) {
    to.services().packetIn(session, packet);
  }

  @Override
  public void portChanged(SwitchSession session, Message.PortChange change, SwitchPort port) {
    LOG.debug("switch port changed datapath={} port={}", session.datapathId(), port);
  }

  @Override
  public void error(SwitchSession session, SwitchError error) {
    LOG.warn("switch refused datapath={} error={}", session.datapathId(), error);
  }

  @Override
  public void connected(HostReport report) {
    to.reachability().database(report.host(), true);
    changed(report);
  }

  @Override
  public void changed(HostReport report) {
    to.datapaths().reported(report);
    to.mastery().seen(report.host());
    to.fabric().reported(report);
    to.inventory().reported(report);
    if (report.datapathId().isPresent()) {
      long datapath = report.datapathId().getAsLong();
      if (to.reachability().identified(report.host(), datapath)) {
        reclaimSwitch.accept(datapath);
      }
    }
    if (report.standing() instanceof Standing.Fenced(long seen)) {
      laterEpochSeen.accept(seen);
    }
  }

  @Override
  public void disconnected(HostId host, String reason) {
    to.datapaths().disconnected(host);
    to.reachability().database(host, false);
    to.mastery().gone(host);
    to.fabric().unreported(host);
    to.inventory().disconnected(host);
  }

  @Override
  public void duplicate(HostId host, String stays, String refused) {
    LOG.warn("system-id twice host={} stays={} refused={}", host, stays, refused);
  }
}
