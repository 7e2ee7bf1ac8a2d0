package io.heddle.node.fabric;

import io.heddle.core.inventory.ReportBindings;
import io.heddle.core.inventory.ReportHost;
import io.heddle.core.model.Cluster;
import io.heddle.core.model.HostId;
import io.heddle.core.model.Ipv4Address;
import io.heddle.core.model.Ipv4Prefix;
import io.heddle.core.model.Port;
import io.heddle.core.model.PortId;
import io.heddle.core.model.Project;
import io.heddle.core.model.ProjectId;
import io.heddle.core.model.SecurityGroupId;
import io.heddle.core.model.Subnet;
import io.heddle.core.model.SubnetId;
import io.heddle.core.model.VpcId;
import io.heddle.core.store.Command;
import io.heddle.core.store.Decision;
import io.heddle.core.store.Draft;
import io.heddle.core.store.Image;
import io.heddle.node.Node;
import io.heddle.openflow.codec.Message;
import io.heddle.openflow.codec.PacketIn;
import io.heddle.openflow.codec.SwitchError;
import io.heddle.openflow.codec.SwitchPort;
import io.heddle.openflow.codec.Xids;
import io.heddle.openflow.session.Claim;
import io.heddle.openflow.session.SwitchEvents;
import io.heddle.openflow.session.SwitchServer;
import io.heddle.openflow.session.SwitchSession;
import io.heddle.ovsdb.report.HostReport;
import io.heddle.ovsdb.report.Standing;
import io.heddle.vpc.command.CreatePort;
import io.heddle.vpc.command.CreateProject;
import io.heddle.vpc.command.CreateSubnet;
import io.heddle.vpc.command.CreateVpc;
import io.heddle.vpc.command.PortSettings;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// A fabric that switches dial into on loopback, and a cloud of one VPC whose intent is decided
/// here, one command a revision.
final class FabricSite implements AutoCloseable {

  static final Duration WITHIN = Duration.ofSeconds(30);
  private static final ProjectId PROJECT = new ProjectId("acme");
  private static final long EPOCH = 1;

  private final AtomicReference<@Nullable Throwable> stopped = new AtomicReference<>();
  private final Fabric fabric;
  private final SwitchServer server;
  private final InetSocketAddress address;
  private final SubnetId subnet = new SubnetId(new UUID(3, 1));
  private final Map<HostId, Map<PortId, Integer>> plugged = new HashMap<>();
  private Image image = Image.EMPTY;
  private int names;

  FabricSite() {
    this(Fabric.Settings.of(Node.FEATURES));
  }

  FabricSite(Fabric.Settings settings) {
    Xids xids = new Xids();
    fabric = new Fabric(settings, xids, InstantSource.system(), stopped::set);
    server =
        new SwitchServer(
            new SwitchServer.Settings(datapath -> new Claim.Master(EPOCH), null, false, 1),
            new Events(),
            xids);
    address = server.listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    decide(draft -> {
      draft.put(new Cluster(new UUID(0, 1), 1, 1, "00112233445566778899aabbccddeeff"));
      return draft.accept(true);
    });
    decide(new CreateProject(PROJECT, "acme", Map.of(), Project.Quotas.DEFAULT));
    VpcId vpc = new VpcId(new UUID(1, 1));
    decide(
        new CreateVpc(
            vpc,
            new SecurityGroupId(new UUID(2, 1)),
            PROJECT,
            "blue",
            Map.of(),
            List.of(Ipv4Prefix.parse("10.0.0.0/16"))));
    decide(
        new CreateSubnet(
            subnet,
            vpc,
            PROJECT,
            "web",
            Map.of(),
            Ipv4Prefix.parse("10.0.0.0/20"),
            Optional.empty(),
            "",
            Subnet.Dhcp.DEFAULT));
  }

  Fabric fabric() {
    return fabric;
  }

  /// Where switches dial.
  InetSocketAddress address() {
    return address;
  }

  Image image() {
    return image;
  }

  <T> T decide(Command<T> command) {
    return switch (command.decide(new Draft(image, image.revision() + 1, Instant.EPOCH))) {
      case Decision.Accepted<T>(T result, var facts) -> {
        Image.Applied applied = image.apply(image.revision() + 1, facts);
        image = applied.image();
        fabric.applied(applied);
        yield result;
      }
      case Decision.Rejected<T> rejected -> throw new AssertionError(command + ": " + rejected);
    };
  }

  /// A host whose switch has this number as its datapath id.
  HostId host(int number) {
    return host(number, number);
  }

  HostId host(int number, long datapathId) {
    HostId host = new HostId("hv" + number);
    plugged.put(host, new HashMap<>());
    Ipv4Address tunnelIp = Ipv4Address.parse("192.0.2." + number);
    decide(new ReportHost(host, "hv" + number, tunnelIp, Map.of(), PROJECT));
    fabric.reported(
        new HostReport(
            host,
            "hv" + number,
            Optional.of(tunnelIp),
            OptionalLong.of(datapathId),
            Map.of(),
            new Standing.InStep(EPOCH),
            List.of(),
            List.of()));
    return host;
  }

  Port port() {
    names++;
    return decide(
        new CreatePort(
            new PortId(new UUID(4, names)),
            subnet,
            PROJECT,
            "p" + names,
            Map.of(),
            Optional.empty(),
            List.of(),
            Optional.empty(),
            PortSettings.DEFAULT));
  }

  /// A port that is plugged into the host.
  Port port(HostId host) {
    Port port = port();
    Map<PortId, Integer> there = plugged.getOrDefault(host, new HashMap<>());
    there.put(port.id(), there.size() + 1);
    decide(new ReportBindings(host, there));
    return port;
  }

  /// Returns when all connected hosts of the fabric have everything that was decided.
  void awaitRealized() throws Exception {
    fabric.awaitRealized(image.revision()).get(WITHIN.toSeconds(), TimeUnit.SECONDS);
  }

  /// Returns when the fabric has dealt with all that it was told so far.
  void awaitHeard() throws Exception {
    fabric.awaitRealized(0).get(WITHIN.toSeconds(), TimeUnit.SECONDS);
  }

  @Override
  public void close() {
    server.close();
    fabric.close();
    Throwable fault = stopped.get();
    if (fault != null) {
      throw new AssertionError("the fabric would have stopped its node", fault);
    }
  }

  /// Tells the fabric of switches.
  private final class Events implements SwitchEvents {
    @Override
    public void attached(long datapathId) {}

    @Override
    public void detached(long datapathId) {}

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
      throw new AssertionError("epoch %d seen".formatted(seenEpoch));
    }

    @Override
    public void packetIn(SwitchSession session, PacketIn packet) {
      // No machine is there to ask anything.
    }

    @Override
    public void portChanged(SwitchSession session, Message.PortChange change, SwitchPort port) {
      // Ports are reported by hand.
    }

    @Override
    public void error(SwitchSession session, SwitchError error) {
      throw new AssertionError(error.toString());
    }
  }
}
