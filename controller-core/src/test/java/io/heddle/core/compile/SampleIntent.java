package io.heddle.core.compile;

import io.heddle.core.flow.Actions;
import io.heddle.core.flow.Header;
import io.heddle.core.flow.Match;
import io.heddle.core.flow.Meter;
import io.heddle.core.model.Binding;
import io.heddle.core.model.Cluster;
import io.heddle.core.model.CtZone;
import io.heddle.core.model.HostId;
import io.heddle.core.model.Ipv4Address;
import io.heddle.core.model.Kind;
import io.heddle.core.model.MacAddress;
import io.heddle.core.model.Meta;
import io.heddle.core.model.Port;
import io.heddle.core.model.PortId;
import io.heddle.core.model.ProjectId;
import io.heddle.core.model.SubnetId;
import io.heddle.core.model.VpcId;
import io.heddle.core.pipeline.Priority;
import io.heddle.core.pipeline.Registers;
import io.heddle.core.pipeline.Stage;
import io.heddle.core.store.Fact;
import io.heddle.core.store.Image;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.UUID;

/// A small intent that changes at random, and a feature with the shapes that real ones have: shared
/// and host sets, reads of single rows and of index entries, subscriptions, meters and zones.
public final class SampleIntent {

  private static final List<VpcId> VPCS =
      List.of(new VpcId(new UUID(1, 1)), new VpcId(new UUID(1, 2)));
  private static final SubnetId SUBNET = new SubnetId(new UUID(2, 1));
  public static final List<HostId> HOSTS =
      List.of(new HostId("h1"), new HostId("h2"), new HostId("h3"));

  private final SplittableRandom random;
  private final Map<PortId, Port> ports = new HashMap<>();
  private final Map<PortId, Binding> bindings = new HashMap<>();
  private Image image =
      Image.EMPTY
          .apply(1, List.of(Fact.put(new Cluster(new UUID(0, 1), 1, 1, "0123456789abcdef"))))
          .image();

  public SampleIntent(long seed) {
    random = new SplittableRandom(seed);
  }

  public Image image() {
    return image;
  }

  /// One to four random facts.
  public Image.Applied step() {
    List<Fact> facts = new ArrayList<>();
    int count = 1 + random.nextInt(4);
    for (int i = 0; i < count; i++) {
      change(new PortId(new UUID(3, random.nextInt(12))), facts);
    }
    Image.Applied applied = image.apply(image.revision() + 1, facts);
    image = applied.image();
    return applied;
  }

  private void change(PortId id, List<Fact> facts) {
    switch (random.nextInt(4)) {
      case 0 -> unplug(id, facts);
      case 1 -> {
        unplug(id, facts);
        if (ports.remove(id) != null) {
          facts.add(Fact.delete(id));
        }
      }
      case 2 -> plug(id, facts);
      default -> put(port(id), facts);
    }
  }

  private void unplug(PortId id, List<Fact> facts) {
    Binding binding = bindings.remove(id);
    if (binding != null) {
      facts.add(Fact.delete(binding.id()));
    }
  }

  private void plug(PortId id, List<Fact> facts) {
    Port port = ports.get(id);
    if (port == null) {
      return;
    }
    unplug(id, facts);
    HostId host = HOSTS.get(random.nextInt(HOSTS.size()));
    Binding binding = new Binding(new Binding.Id(id, host), port.vpc(), port.tag());
    bindings.put(id, binding);
    facts.add(Fact.put(binding));
    facts.add(Fact.put(new CtZone(binding.zoneId(), 1 + VPCS.indexOf(port.vpc()))));
  }

  private void put(Port port, List<Fact> facts) {
    Port before = ports.get(port.id());
    if (before != null && !before.vpc().equals(port.vpc())) {
      unplug(port.id(), facts);
    }
    ports.put(port.id(), port);
    facts.add(Fact.put(port));
  }

  private Port port(PortId id) {
    int number = (int) id.value().getLeastSignificantBits();
    Meta meta =
        new Meta("p" + number, new ProjectId("t"), Map.of(), 1, Instant.EPOCH, Instant.EPOCH);
    return new Port(
        id,
        meta,
        SUBNET,
        VPCS.get(random.nextInt(VPCS.size())),
        new MacAddress(0x0a0000000000L + number),
        List.of(new Ipv4Address(0x0a000000 + number)),
        new TreeSet<>(),
        1 + random.nextInt(3),
        100 + number,
        true,
        random.nextBoolean(),
        "",
        null);
  }

  public static Feature feature() {
    return new Feature(
        "sample",
        List.of(new Plugged(), new Zone(), new Asks(), new Reachable(), new Members(), new Known()),
        List.of());
  }

  /// Host set, subscription and meter of a bound port.
  static final class Plugged implements FlowRule<Binding> {
    @Override
    public Kind<Binding> subject() {
      return Binding.KIND;
    }

    @Override
    public FlowSet home(Binding binding) {
      return FlowSet.host(binding.id().host());
    }

    @Override
    public void compile(Binding binding, View view, FlowSink flows) {
      Port port = view.require(binding.id().port());
      flows.subscribe(home(binding));
      flows.subscribe(FlowSet.vpc(port.vpc()));
      if (port.adminUp()) {
        flows.meter(new Meter(binding.ofport(), 10, 20));
        flows.add(
            Stage.CLASSIFY,
            Priority.LOCAL,
            Match.inPort(binding.ofport()),
            Actions.set(Registers.SOURCE_PORT, port.tag()),
            Actions.set(Registers.SOURCE_IDENTITY, port.identity()));
      }
    }
  }

  /// The mark of a zone.
  static final class Zone implements FlowRule<CtZone> {
    @Override
    public Kind<CtZone> subject() {
      return CtZone.KIND;
    }

    @Override
    public FlowSet home(CtZone zone) {
      return FlowSet.host(zone.id().host());
    }

    @Override
    public void compile(CtZone zone, View view, FlowSink flows) {
      flows.useZone(zone.zone());
    }
  }

  /// A subscription that comes and goes with what a port says.
  static final class Asks implements FlowRule<Binding> {
    @Override
    public Kind<Binding> subject() {
      return Binding.KIND;
    }

    @Override
    public FlowSet home(Binding binding) {
      return FlowSet.host(binding.id().host());
    }

    @Override
    public void compile(Binding binding, View view, FlowSink flows) {
      Port port = view.require(binding.id().port());
      if (port.identity() == 1) {
        flows.subscribe(few(port.vpc()));
      }
    }
  }

  /// One flow of the VPC's set for each bound port.
  static final class Reachable implements FlowRule<Port> {
    @Override
    public Kind<Port> subject() {
      return Port.KIND;
    }

    @Override
    public FlowSet home(Port port) {
      return FlowSet.vpc(port.vpc());
    }

    @Override
    public void compile(Port port, View view, FlowSink flows) {
      for (Binding binding : view.findBy(Binding.KIND, Binding.BY_PORT, port.id())) {
        flows.add(
            Stage.FORWARD,
            Priority.REMOTE,
            Match.allOf(
                Registers.VPC.is(1 + VPCS.indexOf(port.vpc())),
                Match.mac(Header.ETH_DST, port.mac())),
            Actions.set(Registers.TARGET_OFPORT, HOSTS.indexOf(binding.id().host())));
      }
    }
  }

  /// A flow that depends on all ports of a VPC at once.
  static final class Members implements FlowRule<Port> {
    @Override
    public Kind<Port> subject() {
      return Port.KIND;
    }

    @Override
    public FlowSet home(Port port) {
      return FlowSet.vpc(port.vpc());
    }

    @Override
    public void compile(Port port, View view, FlowSink flows) {
      int peers = view.countBy(Port.KIND, Port.BY_VPC, port.vpc());
      flows.add(
          Stage.SERVICES,
          Priority.NORMAL,
          Registers.SOURCE_PORT.is(port.tag()),
          Actions.set(Registers.SCRATCH, peers));
    }
  }

  /// A set that few of a VPC's hosts ask for.
  static FlowSet few(VpcId vpc) {
    return new FlowSet(FlowSet.Scope.GATEWAY, vpc.toString());
  }

  /// A flow of a set that few hosts ask for.
  static final class Known implements FlowRule<Port> {
    @Override
    public Kind<Port> subject() {
      return Port.KIND;
    }

    @Override
    public FlowSet home(Port port) {
      return few(port.vpc());
    }

    @Override
    public void compile(Port port, View view, FlowSink flows) {
      flows.add(
          Stage.NAT_OUT,
          Priority.NORMAL,
          Match.mac(Header.ETH_DST, port.mac()),
          Actions.set(Registers.TARGET_IDENTITY, port.identity()));
    }
  }
}
