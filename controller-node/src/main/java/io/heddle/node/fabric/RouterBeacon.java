package io.heddle.node.fabric;

import io.heddle.core.model.Binding;
import io.heddle.core.model.HostId;
import io.heddle.core.model.Port;
import io.heddle.core.model.PortId;
import io.heddle.core.model.Subnet;
import io.heddle.core.store.Change;
import io.heddle.core.store.Image;
import io.heddle.openflow.codec.Bytes;
import io.heddle.openflow.session.SwitchSession;
import io.heddle.vpc.ra.RouterAdvertisement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.LongFunction;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Advertises routers to machines that did not ask: every half an hour, since a router is believed
/// in for eighteen hours at most (RFC 4861 §6.2.1), and at once where what is advertised changes.
///
/// Hosts take turns, so that a node with many sends a few packets at a time. Only a host's master
/// has a session with it, so each machine is told once. On a thread of its own.
public final class RouterBeacon implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(RouterBeacon.class);

  private static final Duration TURN = Duration.ofSeconds(10);

  /// Each turn is for one in so many hosts.
  private static final int TURNS = 180;

  /// Changes that wait; what more of them say comes by the next turns.
  private static final int MAX_WAITING = 1_024;

  private final Supplier<Image> image;
  private final LongFunction<Optional<HostId>> hostOf;
  private final Map<Long, SwitchSession> sessions = new ConcurrentHashMap<>();
  private final Semaphore waiting = new Semaphore(MAX_WAITING);
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().name("heddle-router-beacon").daemon(true).factory());
  private int turn;

  /// @param hostOf whose a datapath is, where that is known
  public RouterBeacon(Supplier<Image> image, LongFunction<Optional<HostId>> hostOf) {
    this.image = image;
    this.hostOf = hostOf;
    var _ =
        thread.scheduleWithFixedDelay(
            () -> safely(this::turn), 0, TURN.toMillis(), TimeUnit.MILLISECONDS);
  }

  public void ready(SwitchSession session) {
    sessions.put(session.datapathId(), session);
  }

  public void closed(SwitchSession session) {
    sessions.remove(session.datapathId(), session);
  }

  private void turn() {
    turn = (turn + 1) % TURNS;
    Image now = image.get();
    hosts()
        .forEach((host, session) -> {
          if (Math.floorMod(host.hashCode(), TURNS) == turn) {
            tell(now, session, now.findBy(Binding.KIND, Binding.BY_HOST, host));
          }
        });
  }

  /// Tells the machines for which an advertisement says something new. Returns at once.
  public void applied(Image.Applied applied) {
    List<Change> changes =
        applied.delta().changes().stream().filter(RouterBeacon::mayMatter).toList();
    if (!changes.isEmpty() && !sessions.isEmpty() && waiting.tryAcquire()) {
      thread.execute(() -> {
        waiting.release();
        safely(() -> tellOf(changes, applied.image()));
      });
    }
  }

  /// A mistake of ours costs one turn, and not all that come.
  private static void safely(Runnable work) {
    try {
      work.run();
    } catch (RuntimeException e) {
      LOG.error("routers not advertised", e);
    }
  }

  private static boolean mayMatter(Change change) {
    return switch (change.after()) {
      case Subnet after ->
          change.before() instanceof Subnet before
              && after.ipv6Cidr() != null
              && !(Objects.equals(after.ipv6Cidr(), before.ipv6Cidr())
                  && after.dhcp().equals(before.dhcp()));
      case Port after ->
          change.before() instanceof Port before
              && !after.ipv6Addresses().equals(before.ipv6Addresses());
      case null, default -> false;
    };
  }

  private void tellOf(List<Change> changes, Image now) {
    Set<PortId> ports = new LinkedHashSet<>();
    for (Change change : changes) {
      switch (change.after()) {
        case Subnet subnet ->
            now.findBy(Port.KIND, Port.BY_SUBNET, subnet.id())
                .forEach(port -> ports.add(port.id()));
        case Port port -> ports.add(port.id());
        case null, default -> {}
      }
    }
    Map<HostId, Collection<Binding>> concerned = new HashMap<>();
    for (PortId port : ports) {
      for (Binding binding : now.findBy(Binding.KIND, Binding.BY_PORT, port)) {
        concerned.computeIfAbsent(binding.id().host(), host -> new ArrayList<>()).add(binding);
      }
    }
    hosts().forEach((host, session) -> tell(now, session, concerned.getOrDefault(host, List.of())));
  }

  private Map<HostId, SwitchSession> hosts() {
    Map<HostId, SwitchSession> hosts = new HashMap<>();
    sessions.forEach(
        (datapath, session) -> hostOf.apply(datapath).ifPresent(host -> hosts.put(host, session)));
    return hosts;
  }

  /// What a switch is too slow to take, comes by the next turn.
  private static void tell(Image now, SwitchSession session, Collection<Binding> bindings) {
    for (Binding binding : bindings) {
      now.find(binding.id().port())
          .filter(Port::adminUp)
          .flatMap(port -> RouterAdvertisement.unsolicited(port, now.require(port.subnet())))
          .ifPresent(frame -> {
            boolean _ = session.packetOut(0, binding.ofport(), Bytes.copyOf(frame));
          });
    }
  }

  @Override
  public void close() {
    thread.shutdownNow();
  }
}
