package io.heddle.testkit.switches;

import io.heddle.core.flow.Flow;
import io.heddle.core.flow.Meter;
import io.heddle.core.model.MacAddress;
import io.heddle.openflow.codec.Bytes;
import io.heddle.openflow.codec.FlowMod;
import io.heddle.openflow.codec.PacketIn;
import io.heddle.openflow.codec.SwitchRole;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// An OpenFlow switch in memory.
///
/// It keeps its flows and dials again when a connection breaks, as a real switch does. Methods may
/// be called from any thread, the event loop's own apart.
public final class SimulatedSwitch implements AutoCloseable {

  /// When a refusal is spoken: at once, as for a flow that cannot be read, in which case the rest
  /// of the bundle could still be committed; or at the commit, as for a flow that cannot be
  /// applied.
  public enum RefusedAt {
    ADD,
    COMMIT
  }

  /// What the switch was sent since it was made, or since the counters were last reset.
  ///
  /// @param bytes of flow-mods and the bundle messages around them
  public record Counters(int adds, int deletes, int bundles, long bytes) {
    static final Counters NONE = new Counters(0, 0, 0, 0);

    public int flowMods() {
      return adds + deletes;
    }
  }

  /// A packet that the controller sent out.
  public record PacketOut(int inPort, int outPort, Bytes packet) {}

  /// Flow-mods that the switch does not take, and OpenFlow's error for them.
  record Refusal(Predicate<FlowMod> which, RefusedAt when, int type, int code) {}

  private final long datapathId;
  private final EventLoop loop;
  private final List<ControllerLink> links = new ArrayList<>();

  // What the links read and change; on the event loop.
  final SimulatedTable table = new SimulatedTable();
  final Map<Integer, Meter> meters = new LinkedHashMap<>();
  final Map<Integer, Replies.Port> ports = new LinkedHashMap<>();
  final List<Integer> flushedZones = new ArrayList<>();
  final List<PacketOut> packetsOut = new ArrayList<>();
  final List<String> violations = new ArrayList<>();
  Counters counters = Counters.NONE;
  @Nullable Refusal refusal;
  @Nullable Long generation;
  boolean holdsClaims;
  int bundleAddsBeforeItVanishes = -1;

  private SimulatedSwitch(long datapathId, EventLoop loop) {
    this.datapathId = datapathId;
    this.loop = loop;
  }

  /// A switch that knows no controller yet.
  public static SimulatedSwitch create(long datapathId, EventLoopGroup loops) {
    return new SimulatedSwitch(datapathId, loops.next());
  }

  public static SimulatedSwitch connect(
      long datapathId, InetSocketAddress controller, EventLoopGroup loops) {
    SimulatedSwitch created = create(datapathId, loops);
    created.dial(controller);
    return created;
  }

  public long datapathId() {
    return datapathId;
  }

  EventLoop loop() {
    return loop;
  }

  /// Takes one more controller, and keeps dialling it.
  public void dial(InetSocketAddress controller) {
    change(() -> link(controller));
  }

  /// Takes these controllers and no others: connections to those that stay go on. Does not wait.
  void dialOnly(Collection<InetSocketAddress> controllers) {
    loop.execute(() -> {
      List<ControllerLink> gone =
          links.stream().filter(link -> !controllers.contains(link.controller())).toList();
      gone.forEach(ControllerLink::breakOff);
      links.removeAll(gone);
      Set<InetSocketAddress> present =
          links.stream().map(ControllerLink::controller).collect(Collectors.toSet());
      controllers.stream().filter(one -> !present.contains(one)).forEach(this::link);
    });
  }

  /// The controllers that it is connected to, and what it takes each for.
  public Map<InetSocketAddress, SwitchRole> controllers() {
    return ask(() ->
        links.stream()
            .filter(ControllerLink::isConnected)
            .collect(Collectors.toMap(ControllerLink::controller, ControllerLink::roleName)));
  }

  private void link(InetSocketAddress controller) {
    ControllerLink link = new ControllerLink(this, controller);
    links.add(link);
    link.dial();
  }

  /// The flows that it holds, with their cookies.
  public Map<Flow, Long> flows() {
    return ask(() -> {
      Map<Flow, Long> flows = new HashMap<>();
      table.entries(_ -> true).forEach(entry -> flows.put(entry.flow(), entry.cookie()));
      return flows;
    });
  }

  public List<Meter> meters() {
    return ask(() -> List.copyOf(meters.values()));
  }

  public Counters counters() {
    return ask(() -> counters);
  }

  public void resetCounters() {
    change(() -> counters = Counters.NONE);
  }

  public List<Integer> flushedZones() {
    return ask(() -> List.copyOf(flushedZones));
  }

  /// The last packets that the controller sent out.
  public List<PacketOut> packetsOut() {
    return ask(() -> List.copyOf(packetsOut));
  }

  /// What the controller did that it must not, such as writing before its claim was answered.
  public List<String> violations() {
    return ask(() -> List.copyOf(violations));
  }

  /// The latest epoch claimed, if any.
  public long epoch() {
    return ask(() -> generation == null ? 0L : generation);
  }

  /// Refuses flow-mods from now on, with an OpenFlow error.
  public void refuse(Predicate<FlowMod> which, RefusedAt when, int type, int code) {
    change(() -> refusal = new Refusal(which, when, type, code));
  }

  public void refuseNothing() {
    change(() -> refusal = null);
  }

  /// Breaks its connections when so many more flow-mods of bundles have come, and stays away until
  /// [#comeBack].
  public void vanishAfterBundleAdds(int count) {
    change(() -> bundleAddsBeforeItVanishes = count);
  }

  /// Breaks its connections and stays away until [#comeBack].
  public void vanish() {
    change(this::breakLinks);
  }

  void breakLinks() {
    bundleAddsBeforeItVanishes = -1;
    links.forEach(ControllerLink::breakOff);
  }

  public void comeBack() {
    change(() -> links.forEach(ControllerLink::dial));
  }

  /// Is out of one controller's reach until [#comeBackTo], or [#comeBack].
  public void vanishFrom(InetSocketAddress controller) {
    change(() -> linksTo(controller).forEach(ControllerLink::breakOff));
  }

  public void comeBackTo(InetSocketAddress controller) {
    change(() -> linksTo(controller).forEach(ControllerLink::dial));
  }

  private List<ControllerLink> linksTo(InetSocketAddress controller) {
    return links.stream().filter(link -> link.controller().equals(controller)).toList();
  }

  /// Its process ends and starts again: flows and meters are gone, and the epoch that it had seen.
  public void restart() {
    change(() -> {
      breakLinks();
      table.clear();
      meters.clear();
      generation = null;
      links.forEach(ControllerLink::dial);
    });
  }

  /// Grants claims and keeps the answers to itself until [#answerClaims]: what comes meanwhile from
  /// who claimed is a violation.
  public void holdAnswersToClaims() {
    change(() -> holdsClaims = true);
  }

  public void answerClaims() {
    change(() -> {
      holdsClaims = false;
      links.forEach(ControllerLink::answerClaims);
    });
  }

  /// Breaks its connections and dials again at once.
  public void reconnect() {
    change(() -> {
      breakLinks();
      links.forEach(ControllerLink::dial);
    });
  }

  /// Reads nothing any more, as a switch whose thread is busy.
  public void stall() {
    change(() -> links.forEach(link -> link.read(false)));
  }

  public void goOn() {
    change(() -> links.forEach(link -> link.read(true)));
  }

  /// Forgets its flows and meters, and keeps its connections.
  public void forgetFlows() {
    change(() -> {
      table.clear();
      meters.clear();
    });
  }

  public void addPort(int ofport, String name, MacAddress mac) {
    change(() -> {
      Replies.Port port = new Replies.Port(ofport, name, mac);
      ports.put(ofport, port);
      links.forEach(link -> link.tell(out -> Replies.portStatus(out, 0, port)));
    });
  }

  public void removePort(int ofport) {
    change(() -> {
      Replies.Port port = ports.remove(ofport);
      if (port != null) {
        links.forEach(link -> link.tell(out -> Replies.portStatus(out, 1, port)));
      }
    });
  }

  /// Sends a packet to its master, and to whoever claimed nothing, as a `controller` action would.
  public void punt(PacketIn packet) {
    change(() -> links.forEach(link -> link.tellUnlessSlave(out -> Replies.packetIn(out, packet))));
  }

  /// One connection claimed the switch: it is master now, and no other is.
  void claimed(ControllerLink master, long epoch) {
    links.stream().filter(link -> link != master).forEach(link -> link.demote(epoch));
  }

  @Override
  public void close() {
    change(this::breakLinks);
  }

  private void change(Runnable change) {
    Boolean _ =
        ask(() -> {
          change.run();
          return true;
        });
  }

  private <T> T ask(Supplier<T> question) {
    return CompletableFuture.supplyAsync(question, loop).join();
  }
}
