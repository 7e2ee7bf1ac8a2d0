package io.heddle.node.fabric;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.heddle.core.compile.Feature;
import io.heddle.core.inventory.ReportBindings;
import io.heddle.core.inventory.ReportHost;
import io.heddle.core.model.Cluster;
import io.heddle.core.model.HostId;
import io.heddle.core.model.Ipv4Address;
import io.heddle.core.model.Ipv4Prefix;
import io.heddle.core.model.MacAddress;
import io.heddle.core.model.Port;
import io.heddle.core.model.PortId;
import io.heddle.core.model.Project;
import io.heddle.core.model.ProjectId;
import io.heddle.core.model.SecurityGroupId;
import io.heddle.core.model.Subnet;
import io.heddle.core.model.SubnetId;
import io.heddle.core.model.VpcId;
import io.heddle.core.punt.Answer;
import io.heddle.core.punt.Punt;
import io.heddle.core.punt.PuntHandler;
import io.heddle.core.store.Command;
import io.heddle.core.store.Decision;
import io.heddle.core.store.Draft;
import io.heddle.core.store.Image;
import io.heddle.openflow.codec.Bytes;
import io.heddle.openflow.codec.Message;
import io.heddle.openflow.codec.PacketIn;
import io.heddle.openflow.codec.SwitchError;
import io.heddle.openflow.codec.SwitchPort;
import io.heddle.openflow.codec.Xids;
import io.heddle.openflow.session.Claim;
import io.heddle.openflow.session.SwitchEvents;
import io.heddle.openflow.session.SwitchServer;
import io.heddle.openflow.session.SwitchSession;
import io.heddle.testkit.lab.Await;
import io.heddle.testkit.switches.SimulatedSwitch;
import io.heddle.vpc.command.CreatePort;
import io.heddle.vpc.command.CreateProject;
import io.heddle.vpc.command.CreateSubnet;
import io.heddle.vpc.command.CreateVpc;
import io.heddle.vpc.command.PortSettings;
import io.heddle.vpc.dhcp.DhcpServer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Five thousand machines of one tenant start at once while another tenant floods: each is answered
/// the first time it asks.
class BootStormTest {

  private static final int HOSTS = 20;
  private static final int CLIENTS = 5_000;
  private static final int FLOODING_HOST = 0;
  private static final ProjectId CALM = new ProjectId("calm");
  private static final ProjectId FLOODING = new ProjectId("flooding");
  private static final Duration WITHIN = Duration.ofSeconds(60);
  private static final Duration ANSWER_TAKES = Duration.ofNanos(500_000);

  private final EventLoopGroup loops =
      new MultiThreadIoEventLoopGroup(2, NioIoHandler.newFactory());
  private final List<SimulatedSwitch> switches = new ArrayList<>();
  private final Map<HostId, Map<PortId, Integer>> plugged = new HashMap<>();
  private final Set<Long> ready = ConcurrentHashMap.newKeySet();
  private volatile Image image = Image.EMPTY;
  private final Punts punts = new Punts(List.of(slow()), () -> image, (host, learnt) -> {});
  private final SwitchServer server =
      new SwitchServer(
          new SwitchServer.Settings(datapath -> new Claim.Master(1), null, false, 1),
          new Events(),
          new Xids());
  private long ids;

  @AfterEach
  void close() {
    switches.forEach(SimulatedSwitch::close);
    server.close();
    punts.close();
    loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
  }

  /// A busy controller: one that answers less than the flood asks.
  private static Feature slow() {
    PuntHandler dhcp = new DhcpServer();
    return new Feature(
        "slow",
        List.of(),
        List.of(
            new PuntHandler() {
              @Override
              public byte code() {
                return dhcp.code();
              }

              @Override
              public List<Answer> answer(Image image, Punt punt) {
                LockSupport.parkNanos(ANSWER_TAKES.toNanos());
                return dhcp.answer(image, punt);
              }
            }));
  }

  private <T> T decide(Command<T> command) {
    return switch (command.decide(new Draft(image, image.revision() + 1, Instant.EPOCH))) {
      case Decision.Accepted<T>(T result, var facts) -> {
        image = image.apply(image.revision() + 1, facts).image();
        yield result;
      }
      case Decision.Rejected<T> rejected -> throw new AssertionError(rejected.toString());
    };
  }

  private UUID nextId() {
    return new UUID(0, ++ids);
  }

  private static HostId host(long number) {
    return new HostId("hv" + number);
  }

  private Subnet subnet(ProjectId project) {
    Project.Quotas quotas = new Project.Quotas(10, 10, 10_000, 10, 10);
    Project _ = decide(new CreateProject(project, project.value(), Map.of(), quotas));
    VpcId vpc = new VpcId(nextId());
    Ipv4Prefix cidr = Ipv4Prefix.parse("10.0.0.0/16");
    var _ =
        decide(
            new CreateVpc(
                vpc, new SecurityGroupId(nextId()), project, "", Map.of(), List.of(cidr)));
    return decide(
        new CreateSubnet(
            new SubnetId(nextId()),
            vpc,
            project,
            "",
            Map.of(),
            cidr,
            Optional.empty(),
            "",
            Subnet.Dhcp.DEFAULT));
  }

  private Port port(Subnet subnet, int host) {
    Port port =
        decide(
            new CreatePort(
                new PortId(nextId()),
                subnet.id(),
                subnet.meta().project(),
                "",
                Map.of(),
                Optional.empty(),
                List.of(),
                Optional.empty(),
                PortSettings.DEFAULT));
    Map<PortId, Integer> there = plugged.get(host(host));
    there.put(port.id(), there.size() + 1);
    return port;
  }

  private void build() {
    var _ =
        decide(draft -> {
          draft.put(new Cluster(new UUID(0, 1), 1, 1, "00112233445566778899aabbccddeeff"));
          return draft.accept(true);
        });
    InetSocketAddress address =
        server.listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    for (int i = 0; i < HOSTS; i++) {
      plugged.put(host(i), new HashMap<>());
      Ipv4Address tunnelIp = Ipv4Address.parse("192.0.2." + (i + 1));
      var _ = decide(new ReportHost(host(i), "hv" + i, tunnelIp, Map.of(), CALM));
      switches.add(SimulatedSwitch.connect(i, address, loops));
    }
    Await.until(WITHIN, "all switches", () -> ready.size() == HOSTS);
  }

  private void plugAll() {
    plugged.forEach(
        (host, there) -> assertEquals(Map.of(), decide(new ReportBindings(host, there))));
  }

  private static byte[] discover(MacAddress mac) {
    ByteBuffer frame = ByteBuffer.allocate(14 + 20 + 8 + 244);
    frame.putShort((short) -1).putInt(-1);
    frame.putShort((short) (mac.bits() >>> 32)).putInt((int) mac.bits()).putShort((short) 0x0800);
    frame.putInt(0x4500_0000 | 20 + 8 + 244).putInt(0).putInt(0x4011_0000).putInt(0).putInt(-1);
    frame.putShort((short) 68).putShort((short) 67).putShort((short) (8 + 244)).putShort((short) 0);
    frame.putInt(0x0101_0600).putInt((int) mac.bits());
    frame.position(14 + 20 + 8 + 28);
    frame.putShort((short) (mac.bits() >>> 32)).putInt((int) mac.bits());
    frame.position(14 + 20 + 8 + 236);
    return frame.putInt(0x6382_5363).putInt(0x3501_01ff).array();
  }

  private void ask(int host, int ofport, MacAddress mac) {
    Bytes frame = Bytes.copyOf(discover(mac));
    switches
        .get(host)
        .punt(new PacketIn(10, 0, ofport, 0, 1, List.of(DhcpServer.CODE), frame.length(), frame));
  }

  /// The OpenFlow ports of a host out of which an offer was sent.
  private Set<Integer> offered(int host) {
    return switches.get(host).packetsOut().stream()
        .map(SimulatedSwitch.PacketOut::outPort)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  @Test
  void fiveThousandMachinesAreAnsweredWhileAnotherTenantFloods() throws Exception {
    build();
    Port flooder = port(subnet(FLOODING), FLOODING_HOST);
    Subnet calm = subnet(CALM);
    List<Port> clients = new ArrayList<>();
    for (int i = 0; i < CLIENTS; i++) {
      clients.add(port(calm, 1 + i % (HOSTS - 1)));
    }
    plugAll();
    AtomicBoolean over = new AtomicBoolean();
    Thread flood =
        Thread.ofPlatform()
            .start(() -> {
              while (!over.get()) {
                ask(FLOODING_HOST, 1, flooder.mac());
              }
            });
    try {
      Await.until(WITHIN, "more than is answered", () -> punts.dropped() > 0);
      for (int i = 0; i < CLIENTS; i++) {
        int host = 1 + i % (HOSTS - 1);
        Port client = clients.get(i);
        ask(host, plugged.get(host(host)).get(client.id()), client.mac());
      }
      for (int host = 1; host < HOSTS; host++) {
        int asking = host;
        Set<Integer> all = new TreeSet<>(plugged.get(host(host)).values());
        Await.until(WITHIN, "offers on host " + host, () -> offered(asking).equals(all));
      }
    } finally {
      over.set(true);
      flood.join();
    }
    assertEquals(Set.of(1), offered(FLOODING_HOST), "the flood is answered too");
  }

  private final class Events implements SwitchEvents {
    @Override
    public void attached(long datapathId) {}

    @Override
    public void detached(long datapathId) {}

    @Override
    public void ready(SwitchSession session) {
      ready.add(session.datapathId());
    }

    @Override
    public void closed(SwitchSession session, String why) {}

    @Override
    public void stale(long datapathId, long seenEpoch) {}

    @Override
    public void packetIn(SwitchSession session, PacketIn packet) {
      punts.packetIn(host(session.datapathId()), session, packet);
    }

    @Override
    public void portChanged(SwitchSession session, Message.PortChange change, SwitchPort port) {}

    @Override
    public void error(SwitchSession session, SwitchError error) {
      throw new AssertionError(error.toString());
    }
  }
}
