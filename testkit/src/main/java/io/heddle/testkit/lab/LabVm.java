package io.heddle.testkit.lab;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// A virtual machine as the network sees it: a namespace whose `eth0` is a veth plugged into
/// br-int.
public final class LabVm implements AutoCloseable {
  /// What fits into a VXLAN packet on an underlay of 1500.
  private static final int MTU = 1450;

  private static final String NIC = "eth0";
  private static final Duration IPERF_SLACK = Duration.ofSeconds(15);
  private static final Pattern RECEIVED =
      Pattern.compile("\"sum_received\":\\s*\\{[^}]*?\"bits_per_second\":\\s*([0-9.e+]+)");

  private final Netns netns;
  private final String name;
  private final UUID ifaceId;
  private final String mac;
  private @Nullable LabHost host;

  private LabVm(Netns netns, String name, UUID ifaceId, String mac) {
    this.netns = netns;
    this.name = name;
    this.ifaceId = ifaceId;
    this.mac = mac;
  }

  static LabVm create(Netns netns, String name, UUID ifaceId, String mac) {
    return new LabVm(netns, name, ifaceId, mac);
  }

  public String name() {
    return name;
  }

  public String mac() {
    return mac;
  }

  public UUID ifaceId() {
    return ifaceId;
  }

  public Netns netns() {
    return netns;
  }

  /// The interface's name on the hypervisor, as `ovs-vsctl show` prints it.
  public String iface() {
    return "v-" + name;
  }

  /// Puts the machine's cable into a host's br-int, with what libvirt writes beside it.
  public void plug(LabHost into) {
    plugSilently(into);
    awake();
  }

  /// The machine runs: its interface is up, and speaks.
  public void awake() {
    netns.ip("link", "set", NIC, "up");
  }

  void plugSilently(LabHost into) {
    if (host != null) {
      throw new IllegalStateException(name + " is plugged into " + host.name());
    }
    netns.ip(
        "link",
        "add",
        NIC,
        "address",
        mac,
        "mtu",
        Integer.toString(MTU),
        "type",
        "veth",
        "peer",
        "name",
        iface(),
        "netns",
        into.netns().name());
    into.netns().ip("link", "set", iface(), "up");
    netns.exec("ethtool", "-K", NIC, "tx", "off");
    into.vsctl(
        "add-port",
        OvsSwitch.BR_INT,
        iface(),
        "--",
        "set",
        "Interface",
        iface(),
        "external_ids:attached-mac=\"" + mac + "\"",
        "external_ids:iface-id=" + ifaceId,
        "external_ids:vm-id=" + UUID.nameUUIDFromBytes(name.getBytes(UTF_8)),
        "external_ids:iface-status=active");
    host = into;
  }

  /// Takes the cable out; addresses and routes go with it. Nothing happens when it is out already.
  public void unplug() {
    if (host != null) {
      host.vsctl("--if-exists", "del-port", OvsSwitch.BR_INT, iface());
      netns.ip("link", "del", NIC);
      host = null;
    }
  }

  /// Gets an address as a guest does, from whoever answers its DHCP; an [AssertionError] when
  /// nobody does.
  public Lease dhcp() {
    return Lease.ask(netns, name, NIC);
  }

  /// Sets an address by hand, for instance `10.0.0.5/24`.
  public void address(String addressAndLength) {
    netns.ip("addr", "replace", addressAndLength, "dev", NIC);
  }

  /// Sets the default route by hand.
  public void gateway(String address) {
    netns.ip("route", "replace", "default", "via", address);
  }

  public String exec(String... arguments) {
    return netns.exec(arguments);
  }

  /// A ping still to be told how often and how long; see [Ping].
  public Ping ping(String target) {
    return Ping.of(netns, target);
  }

  /// Three pings: whether the target answers at all.
  public boolean reaches(String target) {
    return ping(target).count(3).run().received() > 0;
  }

  /// A ping every 10 ms until it is stopped, which then tells what was lost and for how long.
  public BackgroundPing pingAlong(String target) {
    return BackgroundPing.start(netns, name, target);
  }

  /// Listens on all addresses of the machine; the kernel accepts connections at once.
  public ServerSocket listen(int port) {
    try {
      return netns.call(() -> new ServerSocket(port));
    } catch (Exception failure) {
      throw new IllegalStateException("cannot listen in " + name, failure);
    }
  }

  /// Opens a connection from the machine, which the caller closes.
  public Socket open(String address, int port, Duration limit) throws IOException {
    try {
      return netns.call(() -> {
        Socket socket = new Socket();
        socket.connect(new InetSocketAddress(address, port), (int) limit.toMillis());
        return socket;
      });
    } catch (IOException | RuntimeException failure) {
      throw failure;
    } catch (Exception failure) {
      throw new IllegalStateException("no socket in " + netns.name(), failure);
    }
  }

  /// Tries a connection and says how it ended.
  public TcpOutcome connect(String address, int port, Duration limit) {
    try (Socket socket = open(address, port, limit)) {
      return socket.isConnected() ? TcpOutcome.CONNECTED : TcpOutcome.UNREACHABLE;
    } catch (SocketTimeoutException silence) {
      return TcpOutcome.TIMED_OUT;
    } catch (ConnectException refusal) {
      return TcpOutcome.REFUSED;
    } catch (SocketException noRoute) {
      return TcpOutcome.UNREACHABLE;
    } catch (IOException failure) {
      throw new IllegalStateException("cannot connect from " + name, failure);
    }
  }

  /// Megabits a second that one TCP stream carries from here to the server (iperf3).
  public double throughput(LabVm server, String address, Duration length) {
    try (Background listener =
        server.netns.start(server.name + ".iperf3", "iperf3", "-s", "-1", "--forceflush")) {
      Await.until(
          IPERF_SLACK,
          "iperf3 on " + server.name,
          () -> listener.output().contains("Server listening"));
      String seconds = Long.toString(Math.max(1, length.toSeconds()));
      String report =
          netns
              .command("iperf3", "-c", address, "-t", seconds, "-J")
              .within(length.plus(IPERF_SLACK))
              .run();
      Matcher received = RECEIVED.matcher(report);
      if (!received.find()) {
        throw new AssertionError("iperf3 measured nothing: " + report);
      }
      return Double.parseDouble(received.group(1)) / 1e6;
    }
  }

  /// Ends the machine: cable, processes and namespace.
  @Override
  public void close() {
    unplug();
    Leftovers.killInside(netns);
    netns.delete();
  }
}
