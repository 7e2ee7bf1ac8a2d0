package io.heddle.node;

import io.heddle.core.model.HostId;
import io.heddle.node.fabric.Fabric;
import io.heddle.node.fabric.HostInventory;
import io.heddle.node.fabric.Punts;
import io.heddle.openflow.codec.Message;
import io.heddle.openflow.codec.PacketIn;
import io.heddle.openflow.codec.SwitchError;
import io.heddle.openflow.codec.SwitchPort;
import io.heddle.openflow.session.SwitchEvents;
import io.heddle.openflow.session.SwitchSession;
import io.heddle.ovsdb.report.HostEvents;
import io.heddle.ovsdb.report.HostReport;
import io.heddle.ovsdb.report.Standing;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Hears switches and hosts' databases and passes on what concerns the fabric, the inventory and
/// the punts. Called from event loops; never waits.
final class Southbound implements SwitchEvents, HostEvents {

  private static final Logger LOG = LoggerFactory.getLogger(Southbound.class);

  private final Fabric fabric;
  private final HostInventory inventory;
  private final Punts punts;
  private final LongConsumer laterEpochSeen;
  private final Map<Long, HostId> hostsByDatapath = new ConcurrentHashMap<>();

  Southbound(Fabric fabric, HostInventory inventory, Punts punts, LongConsumer laterEpochSeen) {
    this.fabric = fabric;
    this.inventory = inventory;
    this.punts = punts;
    this.laterEpochSeen = laterEpochSeen;
  }

  @Override
  public void attached(long datapathId) {
    LOG.debug("switch connected datapath={}", datapathId);
  }

  @Override
  public void detached(long datapathId) {
    LOG.debug("switch disconnected datapath={}", datapathId);
  }

  @Override
  public void ready(SwitchSession session) {
    fabric.ready(session);
  }

  @Override
  public void closed(SwitchSession session, String why) {
    fabric.closed(session);
  }

  @Override
  public void stale(long datapathId, long seenEpoch) {
    laterEpochSeen.accept(seenEpoch);
  }

  @Override
  public void packetIn(SwitchSession session, PacketIn packet) {
    HostId host = hostsByDatapath.get(session.datapathId());
    if (host != null) {
      punts.packetIn(host, session, packet);
    }
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
    changed(report);
  }

  @Override
  public void changed(HostReport report) {
    report.datapathId().ifPresent(datapath -> hostsByDatapath.put(datapath, report.host()));
    fabric.reported(report);
    inventory.reported(report);
    if (report.standing() instanceof Standing.Fenced(long seen)) {
      laterEpochSeen.accept(seen);
    }
  }

  @Override
  public void disconnected(HostId host, String reason) {
    fabric.unreported(host);
  }

  @Override
  public void duplicate(HostId host, String stays, String refused) {
    LOG.warn("system-id twice host={} stays={} refused={}", host, stays, refused);
  }
}
