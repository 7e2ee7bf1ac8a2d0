package io.heddle.testkit.switches;

import io.heddle.core.model.HostId;
import io.heddle.core.model.Ipv4Address;
import io.heddle.core.model.MacAddress;
import io.heddle.testkit.ovsdb.SimulatedOvsdb;
import io.netty.channel.EventLoopGroup;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/// A hypervisor without processes: an OVSDB side that is onboarded and dials every manager that it
/// is told of, and a switch that dials every controller.
public final class SimulatedHost implements AutoCloseable {
  private final HostId id;
  private final SimulatedOvsdb ovsdb;
  private final CompletableFuture<SimulatedSwitch> onboarded = new CompletableFuture<>();
  private final Map<String, Integer> ofports = new HashMap<>();
  private int nextOfport = 1;

  private SimulatedHost(HostId id, SimulatedOvsdb ovsdb, EventLoopGroup loops) {
    this.id = id;
    this.ovsdb = ovsdb;
    ovsdb.follow(now -> dialling(now, loops));
  }

  /// Starts a host that knows where one OVSDB manager is, and nothing else.
  public static SimulatedHost connect(
      HostId id, Ipv4Address encapIp, InetSocketAddress manager, EventLoopGroup loops) {
    return new SimulatedHost(id, SimulatedOvsdb.connect(id, encapIp, manager, loops), loops);
  }

  /// On the loop of the database, which onboarding changed: nothing here may wait.
  private void dialling(SimulatedOvsdb.Onboarded now, EventLoopGroup loops) {
    SimulatedSwitch openflow =
        onboarded.isDone() ? onboarded.join() : SimulatedSwitch.create(now.datapathId(), loops);
    openflow.dialOnly(now.controllers().stream().map(SimulatedOvsdb::address).toList());
    onboarded.complete(openflow);
  }

  public HostId id() {
    return id;
  }

  public SimulatedOvsdb ovsdb() {
    return ovsdb;
  }

  /// Its switch, as soon as it is onboarded.
  public CompletableFuture<SimulatedSwitch> openflow() {
    return onboarded.copy();
  }

  /// Plugs a VM's interface in: an OVSDB row, and an OpenFlow port with the lowest number never
  /// used.
  ///
  /// @return the port's number
  public synchronized int plug(String ifaceId, MacAddress mac) {
    int ofport = nextOfport++;
    ofports.put(ifaceId, ofport);
    onboarded.join().addPort(ofport, "tap" + ofport, mac);
    ovsdb.plug(ifaceId, ofport, mac).join();
    return ofport;
  }

  /// Unplugs it again.
  public synchronized void unplug(String ifaceId) {
    Integer ofport = ofports.remove(ifaceId);
    if (ofport == null) {
      throw new IllegalArgumentException(ifaceId + " is not plugged in");
    }
    ovsdb.unplug(ifaceId).join();
    onboarded.join().removePort(ofport);
  }

  @Override
  public void close() {
    ovsdb.close();
    if (onboarded.isDone() && !onboarded.isCompletedExceptionally()) {
      onboarded.join().close();
    }
  }
}
