package io.heddle.testkit.lab;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One test's world: hypervisors on an underlay, and a control network that reaches this machine.
///
/// ```java
/// try (Lab lab = Lab.open()) {
///   LabHost hv1 = lab.host("hv1");
///   hv1.setManager("tcp:" + lab.controllerAddress() + ":6640");
///   LabVm web = hv1.plugVm("web", portId, "0a:00:00:00:00:05");
///   Lease lease = web.dhcp();
/// }
/// ```
///
/// Labs run side by side. Needs root, Open vSwitch and iproute2.
public final class Lab implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Lab.class);

  /// An interface's name has room for 15 characters, and ours bear a prefix of two.
  private static final Pattern MEMBER_NAME = Pattern.compile("[a-z0-9][a-z0-9-]{0,11}");

  private final World world;
  private final Fabric fabric;
  private final List<LabHost> hosts = new ArrayList<>();

  private Lab(World world, Fabric fabric) {
    this.world = world;
    this.fabric = fabric;
  }

  /// Sweeps what dead runs left behind, and lays the cables.
  public static Lab open() {
    requireMeans();
    World world = World.open();
    try {
      Lab lab = new Lab(world, Fabric.create(world.name(), RunRoot.of(world.name())));
      LOG.info("lab={} open controller={}", world.name(), lab.controllerAddress());
      return lab;
    } catch (RuntimeException failure) {
      world.close();
      throw failure;
    }
  }

  public LabName name() {
    return world.name();
  }

  /// Where hypervisors find a controller that runs on this machine: bind its ports to this address.
  public String controllerAddress() {
    return fabric.rootAddress();
  }

  /// Starts a hypervisor with its Open vSwitch and its place on the underlay.
  public LabHost host(String hostname) {
    int seat = fabric.nextSeat();
    Netns netns = namespace(hostname);
    fabric.connect(Fabric.CONTROL, netns, "control");
    netns.ip("addr", "add", fabric.controlAddress(seat) + "/24", "dev", "control");
    fabric.connect(Fabric.UNDERLAY, netns, LabHost.UPLINK);
    LabHost host = LabHost.start(this, hostname, netns, fabric.underlayAddress(seat));
    hosts.add(host);
    return host;
  }

  public List<LabHost> hosts() {
    return List.copyOf(hosts);
  }

  /// A namespace on the control network, for a controller that shall be cut off or killed as a
  /// machine.
  public Seat seat(String memberName) {
    int seat = fabric.nextSeat();
    Netns netns = namespace(memberName);
    fabric.connect(Fabric.CONTROL, netns, "control");
    netns.ip("addr", "add", fabric.controlAddress(seat) + "/24", "dev", "control");
    return new Seat(netns, fabric.controlAddress(seat));
  }

  /// Sends one packet between any two tunnel addresses, so that no test waits for the underlay's
  /// ARP.
  public void warmUnderlay() {
    for (LabHost from : hosts) {
      for (LabHost to : hosts) {
        if (from != to) {
          Ping.of(from.netns(), to.tunnelIp()).count(1).run();
        }
      }
    }
  }

  /// Pulls or plugs the control cable of a hypervisor or a seat.
  public void controlCable(Netns of, boolean plugged) {
    fabric.set(Fabric.CONTROL, of, plugged);
  }

  /// Pulls or plugs the underlay cable of a hypervisor.
  public void underlayCable(LabHost of, boolean plugged) {
    fabric.set(Fabric.UNDERLAY, of.netns(), plugged);
  }

  /// Loses what one sends to the other over the control network, as a link does that is broken in
  /// one direction; neither is told. Needs nftables.
  public void cut(Netns from, Netns to) {
    fabric.cut(from, to);
  }

  /// Ends a [#cut].
  public void heal(Netns from, Netns to) {
    fabric.heal(from, to);
  }

  /// Processes, namespaces, interfaces and files that bear a lab's name: empty once it is closed.
  public static List<String> remains(LabName name) {
    return Leftovers.of(name);
  }

  Netns namespace(String memberName) {
    if (!MEMBER_NAME.matcher(memberName).matches()) {
      throw new IllegalArgumentException(
          "'%s' is no name for a host or VM: %s".formatted(memberName, MEMBER_NAME));
    }
    return Netns.create(world.name().member(memberName), RunRoot.of(world.name()));
  }

  private static void requireMeans() {
    if (!"root".equals(System.getProperty("user.name"))) {
      throw new IllegalStateException("a lab makes network namespaces: run as root");
    }
    List<String> missing =
        Stream.of("ovs-vswitchd", "ovsdb-server", "ip", "ping", "ethtool")
            .filter(program -> !installed(program))
            .toList();
    if (!missing.isEmpty()) {
      throw new IllegalStateException(missing + " not found: run ./heddle deps");
    }
  }

  private static boolean installed(String program) {
    return Stream.of("/usr/sbin", "/usr/bin", "/sbin", "/bin", "/usr/local/sbin", "/usr/local/bin")
        .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
  }

  @Override
  public void close() {
    world.close();
  }

  /// A place on the control network.
  public record Seat(Netns netns, String address) {}
}
