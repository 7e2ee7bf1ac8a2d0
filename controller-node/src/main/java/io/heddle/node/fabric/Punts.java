package io.heddle.node.fabric;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.heddle.core.compile.Feature;
import io.heddle.core.model.Binding;
import io.heddle.core.model.HostId;
import io.heddle.core.model.ProjectId;
import io.heddle.core.punt.Answer;
import io.heddle.core.punt.Punt;
import io.heddle.core.punt.PuntHandler;
import io.heddle.core.store.Command;
import io.heddle.core.store.Image;
import io.heddle.openflow.codec.Bytes;
import io.heddle.openflow.codec.PacketIn;
import io.heddle.openflow.session.SwitchSession;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Answers packets that switches hand up: to the handler that the flow's userdata names, from the
/// newest image, on threads of its own.
///
/// What a packet makes known beyond its answer is handed on, the same thing once a second at most.
/// Tenants are served in turns. What exceeds a tenant's queue is dropped and counted: a machine
/// asks again.
public final class Punts implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Punts.class);
  private static final int THREADS = 2;

  /// More machines than one tenant starts at once.
  private static final int MAX_QUEUED_OF_A_TENANT = 8_192;

  /// About 30 MB of packets.
  private static final int MAX_QUEUED = 32_768;

  private static final int MAX_TOLD = 10_000;
  private static final Duration ONCE_IN = Duration.ofSeconds(1);

  private final Map<Byte, PuntHandler> handlers = new HashMap<>();
  private final Map<Byte, Listener> listeners = new ConcurrentHashMap<>();
  private final Supplier<Image> image;
  private final BiConsumer<HostId, Command<Boolean>> learnt;

  /// What was handed on within the last second, and is not handed on again.
  private final Cache<Command<Boolean>, Boolean> told =
      Caffeine.newBuilder().maximumSize(MAX_TOLD).expireAfterWrite(ONCE_IN).build();

  private final LongAdder answered = new LongAdder();
  private final LongAdder dropped = new LongAdder();
  private final TenantQueue<Question> waiting =
      new TenantQueue<>(MAX_QUEUED_OF_A_TENANT, MAX_QUEUED);
  private final List<Thread> threads = new ArrayList<>();

  private record Question(
      PuntHandler handler, HostId host, SwitchSession session, PacketIn packet) {}

  /// @param learnt is given what packets make known, and by which host: for the cluster's leader
  public Punts(
      Collection<Feature> features,
      Supplier<Image> image,
      BiConsumer<HostId, Command<Boolean>> learnt) {
    this.image = image;
    this.learnt = learnt;
    for (Feature feature : features) {
      for (PuntHandler handler : feature.puntHandlers()) {
        if (handlers.put(handler.code(), handler) != null) {
          throw new IllegalArgumentException("two handlers have code " + handler.code());
        }
      }
    }
    for (int i = 0; i < THREADS; i++) {
      threads.add(Thread.ofPlatform().name("heddle-punts-" + i).daemon(true).start(this::work));
    }
  }

  /// Hears packets that are only told of. Must not block.
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

  /// Takes a packet in; never waits.
  public void packetIn(HostId host, SwitchSession session, PacketIn packet) {
    if (packet.userdata().isEmpty()) {
      return;
    }
    PuntHandler handler = handlers.get(packet.userdata().get(0));
    if (handler == null) {
      Listener listener = listeners.get(packet.userdata().get(0));
      if (listener != null) {
        listener.told(host, packet);
      }
      return;
    }
    Optional<ProjectId> tenant = tenant(new Binding.Place(host, packet.inPort()));
    if (tenant.isPresent()) {
      dropped.add(waiting.offer(tenant.get(), new Question(handler, host, session, packet)));
    }
  }

  /// Whose port it is.
  private Optional<ProjectId> tenant(Binding.Place place) {
    Image now = image.get();
    return now.findBy(Binding.KIND, Binding.BY_PLACE, place).stream()
        .findFirst()
        .flatMap(binding -> now.find(binding.id().port()))
        .map(port -> port.meta().project());
  }

  private void work() {
    try {
      while (true) {
        answer(waiting.take());
      }
    } catch (InterruptedException closed) {
      Thread.currentThread().interrupt();
    }
  }

  private void answer(Question question) {
    try {
      PacketIn packet = question.packet();
      Punt punt = new Punt(question.host(), packet.inPort(), packet.packet().toArray());
      for (Answer answer : question.handler().answer(image.get(), punt)) {
        if (question.session().packetOut(0, answer.ofport(), Bytes.copyOf(answer.frame()))) {
          answered.increment();
        } else {
          dropped.increment();
        }
      }
      question
          .handler()
          .learn(image.get(), punt)
          .filter(command -> told.asMap().putIfAbsent(command, true) == null)
          .ifPresent(command -> learnt.accept(question.host(), command));
    } catch (RuntimeException e) {
      LOG.error(
          "punt handler failed handler={} host={}",
          question.handler().getClass().getName(),
          question.host(),
          e);
    }
  }

  /// Packets that were sent in answer.
  public long answered() {
    return answered.sum();
  }

  /// Packets that were not answered because too many came at once.
  public long dropped() {
    return dropped.sum();
  }

  @Override
  public void close() {
    threads.forEach(Thread::interrupt);
  }
}
