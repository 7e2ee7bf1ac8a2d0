package io.heddle.node.fabric;

import io.heddle.core.compile.Feature;
import io.heddle.core.model.HostId;
import io.heddle.core.punt.Answer;
import io.heddle.core.punt.Punt;
import io.heddle.core.punt.PuntHandler;
import io.heddle.core.store.Image;
import io.heddle.openflow.codec.Bytes;
import io.heddle.openflow.codec.PacketIn;
import io.heddle.openflow.session.SwitchSession;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Answers packets that switches hand up: to the handler that the flow's userdata names, from the
/// newest image, on threads of its own. More than the queue holds is dropped and counted: a VM asks
/// again.
public final class Punts implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Punts.class);
  private static final int THREADS = 2;

  /// About a second of answers.
  private static final int MAX_QUEUED = 8_192;

  private final Map<Byte, PuntHandler> handlers = new HashMap<>();
  private final Map<Byte, Listener> listeners = new ConcurrentHashMap<>();
  private final Supplier<Image> image;
  private final LongAdder dropped = new LongAdder();
  private final ThreadPoolExecutor threads;

  public Punts(Collection<Feature> features, Supplier<Image> image) {
    this.image = image;
    for (Feature feature : features) {
      for (PuntHandler handler : feature.puntHandlers()) {
        if (handlers.put(handler.code(), handler) != null) {
          throw new IllegalArgumentException("two handlers have code " + handler.code());
        }
      }
    }
    threads =
        new ThreadPoolExecutor(
            THREADS,
            THREADS,
            0,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(MAX_QUEUED),
            Thread.ofPlatform().name("heddle-punts-", 0).daemon(true).factory(),
            (task, pool) -> dropped.increment());
  }

  /// Hears packets that are only told of.
  @FunctionalInterface
  public interface Listener {
    void told(HostId host, PacketIn packet);
  }

  /// Hands packets whose userdata begins with a code to a listener. Called before switches come.
  public void listen(byte code, Listener listener) {
    if (handlers.containsKey(code) || listeners.putIfAbsent(code, listener) != null) {
      throw new IllegalArgumentException("somebody has code %d already".formatted(code));
    }
  }

  public void packetIn(HostId host, SwitchSession session, PacketIn packet) {
    if (packet.userdata().isEmpty()) {
      return;
    }
    PuntHandler handler = handlers.get(packet.userdata().get(0));
    if (handler != null) {
      threads.execute(() -> answer(handler, host, session, packet));
      return;
    }
    Listener listener = listeners.get(packet.userdata().get(0));
    if (listener != null) {
      threads.execute(() -> listener.told(host, packet));
    }
  }

  private void answer(PuntHandler handler, HostId host, SwitchSession session, PacketIn packet) {
    try {
      Punt punt = new Punt(host, packet.inPort(), packet.packet().toArray());
      for (Answer answer : handler.answer(image.get(), punt)) {
        if (!session.packetOut(0, answer.ofport(), Bytes.copyOf(answer.frame()))) {
          dropped.increment();
        }
      }
    } catch (RuntimeException e) {
      LOG.error("punt handler failed handler={} host={}", handler.getClass().getName(), host, e);
    }
  }

  /// Packets that were not answered because too many came at once.
  public long dropped() {
    return dropped.sum();
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }
}
