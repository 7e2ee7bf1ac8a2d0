package io.heddle.testkit.lab;

import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A hypervisor: a network namespace with its own Open vSwitch on the userspace datapath.
///
/// It is what an operator hands over: `br-phy` holds the uplink and the tunnel IP, and
/// `external_ids` say who and where it is. There is no br-int: a controller makes it, or
/// [#createIntegrationBridge] in its place.
public final class LabHost implements OvsSwitch {
  static final String UPLINK = "uplink";

  private static final Logger LOG = LoggerFactory.getLogger(LabHost.class);
  private static final String BR_PHY = "br-phy";
  private static final Duration BRIDGE_LIMIT = Duration.ofSeconds(15);

  private final Lab lab;
  private final String name;
  private final Netns netns;
  private final String tunnelIp;
  private final OvsProcess ovs;

  private LabHost(Lab lab, String name, Netns netns, String tunnelIp, OvsProcess ovs) {
    this.lab = lab;
    this.name = name;
    this.netns = netns;
    this.tunnelIp = tunnelIp;
    this.ovs = ovs;
  }

  static LabHost start(Lab lab, String name, Netns netns, String tunnelIp) {
    long begin = System.nanoTime();
    netns.exec("ethtool", "-K", UPLINK, "tx", "off");
    OvsProcess ovs = OvsProcess.start(netns.directory().resolve(name), netns.prefix(), List.of());
    LabHost host = new LabHost(lab, name, netns, tunnelIp, ovs);
    host.vsctl(
        "set",
        "Open_vSwitch",
        ".",
        "external_ids:system-id=" + UUID.randomUUID(),
        "external_ids:hostname=" + name,
        "external_ids:heddle-encap-ip=" + tunnelIp,
        "--",
        "add-br",
        BR_PHY,
        "--",
        "set",
        "Bridge",
        BR_PHY,
        "datapath_type=netdev",
        "--",
        "add-port",
        BR_PHY,
        UPLINK);
    host.setTunnelIp();
    LOG.info(
        "host={} lab={} tunnelIp={} up in {} ms",
        name,
        lab.name(),
        tunnelIp,
        Duration.ofNanos(System.nanoTime() - begin).toMillis());
    return host;
  }

  public String name() {
    return name;
  }

  public Netns netns() {
    return netns;
  }

  public String tunnelIp() {
    return tunnelIp;
  }

  /// What the host calls itself in OVSDB.
  public String systemId() {
    return value("Open_vSwitch", ".", "external_ids:system-id").replace("\"", "");
  }

  @Override
  public OvsProcess ovs() {
    return ovs;
  }

  /// Makes br-int by hand, for tests without a controller: `secure` or `standalone`.
  public void createIntegrationBridge(String failMode) {
    vsctl(
        "add-br",
        BR_INT,
        "--",
        "set",
        "Bridge",
        BR_INT,
        "datapath_type=netdev",
        "fail_mode=" + failMode,
        "protocols=OpenFlow10,OpenFlow13,OpenFlow14,OpenFlow15");
  }

  /// Starts a virtual machine on this host, as libvirt does: once br-int is there, its interface is
  /// plugged.
  ///
  /// @param ifaceId the id of the port whose traffic this is
  public LabVm plugVm(String vmName, UUID ifaceId, String mac) {
    Await.until(
        BRIDGE_LIMIT, "br-int on " + name, () -> vsctl("list-br").lines().anyMatch(BR_INT::equals));
    LabVm vm = LabVm.create(lab.namespace(vmName), vmName, ifaceId, mac);
    vm.plug(this);
    return vm;
  }

  /// Plugs a machine in that does not run yet and sends nothing, as one that is being moved here.
  public LabVm plugSilentVm(String vmName, UUID ifaceId, String mac) {
    LabVm vm = LabVm.create(lab.namespace(vmName), vmName, ifaceId, mac);
    vm.plugSilently(this);
    return vm;
  }

  /// Unplugs the machine's interface from br-int, as libvirt does when a machine stops.
  public void unplug(LabVm vm) {
    vm.unplug();
  }

  /// A clean restart; internal ports die with ovs-vswitchd, so the tunnel IP is set again.
  @Override
  public void startVswitchd() {
    ovs.startVswitchd();
    setTunnelIp();
  }

  private void setTunnelIp() {
    netns.ip("addr", "replace", tunnelIp + "/24", "dev", BR_PHY);
    netns.ip("link", "set", BR_PHY, "up");
  }

  /// Stops both daemons at once, as a machine that loses its power. Its files stay until the lab
  /// ends.
  @Override
  public void close() {
    killVswitchd();
    killDatabase();
  }
}
