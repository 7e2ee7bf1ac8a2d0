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

/// A hypervisor without processes: an OVSDB side that is onboarded, and a switch that dials the
/// controllers which onboarding named.
public final class SimulatedHost implements AutoCloseable {
  private final HostId id;
  private final SimulatedOvsdb ovsdb;
  private final CompletableFuture<SimulatedSwitch> onboarded;
  private final Map<String, Integer> ofports = new HashMap<>();
  private int nextOfport = 1;

  private SimulatedHost(HostId id, SimulatedOvsdb ovsdb, EventLoopGroup loops) {
    this.id = id;
    this.ovsdb = ovsdb;
    this.onboarded = ovsdb.onboarded().thenApply(where -> dialling(where, loops));
  }

  /// Starts a host that knows where its OVSDB manager is, and nothing else.
  public static SimulatedHost connect(
      HostId id, Ipv4Address encapIp, InetSocketAddress manager, EventLoopGroup loops) {
    return new SimulatedHost(id, SimulatedOvsdb.connect(id, encapIp, manager, loops), loops);
  }

  /// On the loop that onboarding completed on: nothing here may wait.
  private static SimulatedSwitch dialling(SimulatedOvsdb.Onboarded where, EventLoopGroup loops) {
    SimulatedSwitch created = SimulatedSwitch.create(where.datapathId(), loops);
    where.controllers().forEach(target -> created.startDialling(address(target)));
    return created;
  }

  /// The address in a target such as `tcp:127.0.0.1:6653`.
  private static InetSocketAddress address(String target) {
    String[] parts = target.split(":", -1);
    if (parts.length != 3 || !parts[0].equals("tcp")) {
      throw new IllegalArgumentException("a simulated switch cannot dial " + target);
    }
    return new InetSocketAddress(parts[1], Integer.parseInt(parts[2]));
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
