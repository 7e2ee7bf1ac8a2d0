package io.heddle.firewall.site;

import io.heddle.core.compile.Feature;
import io.heddle.core.compile.FlowRule;
import io.heddle.core.compile.FlowSet;
import io.heddle.core.compile.FlowSink;
import io.heddle.core.compile.View;
import io.heddle.core.flow.Action;
import io.heddle.core.flow.Actions;
import io.heddle.core.flow.Field;
import io.heddle.core.flow.Header;
import io.heddle.core.flow.Match;
import io.heddle.core.model.Binding;
import io.heddle.core.model.Cluster;
import io.heddle.core.model.Host;
import io.heddle.core.model.Identity;
import io.heddle.core.model.Kind;
import io.heddle.core.model.Port;
import io.heddle.core.model.Row;
import io.heddle.core.model.Vpc;
import io.heddle.core.pipeline.Overlay;
import io.heddle.core.pipeline.Priority;
import io.heddle.core.pipeline.Registers;
import io.heddle.core.pipeline.Stage;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;

/// One flat subnet without a gateway: just enough of the stages that are not the firewall's.
final class BareNetwork {

  private BareNetwork() {}

  static Feature feature() {
    return new Feature(
        "bare network",
        List.of(
            rule("BareFrame", Cluster.KIND, c -> FlowSet.GLOBAL, BareNetwork::frame),
            rule("BareTunnels", Host.KIND, host -> FlowSet.GLOBAL, BareNetwork::tunnel),
            rule("BareHosts", Host.KIND, host -> FlowSet.host(host.id()), BareNetwork::host),
            rule("BarePorts", Binding.KIND, b -> FlowSet.host(b.id().host()), BareNetwork::port),
            rule("BareWays", Binding.KIND, b -> FlowSet.vpc(b.vpc()), BareNetwork::way),
            rule(
                "BareStrangers",
                Vpc.KIND,
                vpc -> FlowSet.vpc(vpc.id()),
                (vpc, view, flows) -> context(flows, vpc, 0, vpc.vni())),
            rule(
                "BareIdentities",
                Identity.KIND,
                identity -> FlowSet.vpc(identity.id().vpc()),
                (identity, view, flows) ->
                    context(
                        flows,
                        view.require(identity.id().vpc()),
                        identity.id().number(),
                        identity.vni()))),
        List.of());
  }

  private interface Compile<S extends Row> {
    void compile(S subject, View view, FlowSink flows);
  }

  private static <S extends Row> FlowRule<S> rule(
      String name, Kind<S> kind, Function<S, FlowSet> home, Compile<S> compile) {
    return new FlowRule<>() {
      @Override
      public String name() {
        return name;
      }

      @Override
      public Kind<S> subject() {
        return kind;
      }

      @Override
      public FlowSet home(S subject) {
        return home.apply(subject);
      }

      @Override
      public void compile(S subject, View view, FlowSink flows) {
        compile.compile(subject, view, flows);
      }
    };
  }

  private static void frame(Cluster cluster, View view, FlowSink flows) {
    flows
        .add(Stage.SERVICES, Priority.MISS, Match.ANY, Stage.ACL_OUT.goTo())
        .add(Stage.ACL_OUT, Priority.MISS, Match.ANY, Stage.ROUTE.goTo())
        .add(Stage.ROUTE, Priority.MISS, Match.ANY, Stage.NEIGHBOR.goTo())
        .add(Stage.NEIGHBOR, Priority.MISS, Match.ANY, Stage.FORWARD.goTo())
        .add(Stage.NAT_OUT, Priority.MISS, Match.ANY, Stage.ENCAP.goTo())
        .add(Stage.ENCAP, Priority.NORMAL, Registers.REMOTE.is(0), Stage.ACL_IN.goTo())
        .add(Stage.ACL_IN, Priority.MISS, Match.ANY, Stage.TRACK_IN.goTo())
        .add(
            Stage.DELIVER,
            Priority.NORMAL,
            Match.ANY,
            new Action.OutputField(Registers.TARGET_OFPORT));
  }

  private static void host(Host host, View view, FlowSink flows) {
    flows.subscribe(FlowSet.GLOBAL);
    flows.subscribe(FlowSet.host(host.id()));
  }

  private static void tunnel(Host host, View view, FlowSink flows) {
    flows.add(
        Stage.CLASSIFY,
        Priority.NORMAL,
        Match.allOf(
            Match.inPort(Overlay.TUNNEL_OFPORT),
            Match.address(Header.TUN_SRC, Objects.requireNonNull(host.tunnelIp()))),
        Stage.DECODE.goTo());
  }

  private static void context(FlowSink flows, Vpc vpc, int identity, int vni) {
    for (int reply = 0; reply <= 1; reply++) {
      long tunnelId = vni | (long) reply * Overlay.REPLY_VNI_BIT;
      flows
          .add(
              Stage.DECODE,
              Priority.NORMAL,
              Match.of(Header.TUN_ID, tunnelId),
              Actions.set(Registers.VPC, vpc.tag()),
              Actions.set(Registers.SOURCE_IDENTITY, identity),
              Actions.set(Registers.FROM_TUNNEL, 1),
              Actions.set(Registers.REPLY, reply),
              Stage.FORWARD.goTo())
          .add(
              Stage.ENCAP,
              Priority.NORMAL,
              Match.allOf(
                  Registers.VPC.is(vpc.tag()),
                  Registers.SOURCE_IDENTITY.is(identity),
                  Registers.REMOTE.is(1),
                  Registers.REPLY.is(reply)),
              Actions.set(Field.of(Header.TUN_ID), tunnelId),
              new Action.Output(Overlay.TUNNEL_OFPORT));
    }
  }

  private static void port(Binding binding, View view, FlowSink flows) {
    Port port = view.require(binding.id().port());
    Vpc vpc = view.require(port.vpc());
    int zone = view.require(binding.zoneId()).zone();
    flows.subscribe(FlowSet.vpc(vpc.id()));
    Match toPort = Match.allOf(Registers.VPC.is(vpc.tag()), Match.mac(Header.ETH_DST, port.mac()));
    flows
        .add(
            Stage.CLASSIFY,
            Priority.NORMAL,
            Match.inPort(binding.ofport()),
            Actions.set(Registers.VPC, vpc.tag()),
            Actions.set(Registers.SOURCE_PORT, Integer.toUnsignedLong(port.tag())),
            Actions.set(Registers.SOURCE_IDENTITY, port.identity()),
            Actions.set(Registers.CT_ZONE, zone),
            Stage.SPOOF_GUARD.goTo())
        .add(
            Stage.FORWARD,
            Priority.LOCAL,
            toPort,
            Actions.set(Registers.TARGET_PORT, Integer.toUnsignedLong(port.tag())),
            Actions.set(Registers.TARGET_IDENTITY, port.identity()),
            Actions.set(Registers.CT_ZONE, zone),
            Actions.set(Registers.TARGET_OFPORT, binding.ofport()),
            Stage.TRACK_OUT.goTo());
  }

  private static void way(Binding binding, View view, FlowSink flows) {
    Port port = view.require(binding.id().port());
    Vpc vpc = view.require(port.vpc());
    Host host = view.require(binding.id().host());
    Match toPort = Match.allOf(Registers.VPC.is(vpc.tag()), Match.mac(Header.ETH_DST, port.mac()));
    flows
        .add(
            Stage.FORWARD,
            Priority.REMOTE,
            toPort.and(Registers.FROM_TUNNEL.is(0)),
            Actions.set(Header.TUN_DST, Objects.requireNonNull(host.tunnelIp())),
            Actions.set(Registers.REMOTE, 1),
            Actions.set(Registers.TARGET_IDENTITY, port.identity()),
            Stage.TRACK_OUT.goTo())
        .add(
            Stage.SERVICES,
            Priority.NORMAL,
            Match.allOf(
                Match.ARP,
                Registers.VPC.is(vpc.tag()),
                Match.of(Header.ARP_OP, 1),
                Match.address(Header.ARP_TPA, port.addresses().getFirst())),
            Actions.move(Header.ETH_SRC, Header.ETH_DST),
            Actions.set(Header.ETH_SRC, port.mac()),
            Actions.set(Field.of(Header.ARP_OP), 2),
            Actions.move(Header.ARP_SHA, Header.ARP_THA),
            Actions.set(Header.ARP_SHA, port.mac()),
            Actions.move(Header.ARP_SPA, Header.ARP_TPA),
            Actions.set(Header.ARP_SPA, port.addresses().getFirst()),
            new Action.InPort());
  }
}
