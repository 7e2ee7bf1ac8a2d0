package io.heddle.node;

import io.heddle.core.model.HostId;
import io.heddle.openflow.session.SwitchServer;
import io.heddle.ovsdb.report.HostReport;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Which switch is which host's, as hosts' databases say. The first host to name a datapath has it
/// for as long as it is connected, so that a host can't take another one's switch away.
///
/// Any thread.
final class Datapaths implements SwitchServer.Door {

  private static final Logger LOG = LoggerFactory.getLogger(Datapaths.class);

  private final Map<Long, HostId> hosts = new HashMap<>();
  private final Set<HostId> connected = new HashSet<>();

  synchronized void reported(HostReport report) {
    HostId host = report.host();
    connected.add(host);
    if (report.datapathId().isEmpty()) {
      return;
    }
    long datapath = report.datapathId().getAsLong();
    HostId holder = hosts.get(datapath);
    if (holder != null && !holder.equals(host) && connected.contains(holder)) {
      LOG.warn(
          "datapath twice datapath={} stays={} refused={}",
          "%016x".formatted(datapath),
          holder,
          host);
      return;
    }
    if (!host.equals(holder)) {
      hosts.values().remove(host);
      hosts.put(datapath, host);
    }
  }

  synchronized void disconnected(HostId host) {
    connected.remove(host);
  }

  synchronized Optional<HostId> hostOf(long datapath) {
    return Optional.ofNullable(hosts.get(datapath));
  }

  @Override
  public boolean admits(HostId host, long datapathId) {
    return hostOf(datapathId).equals(Optional.of(host));
  }
}
