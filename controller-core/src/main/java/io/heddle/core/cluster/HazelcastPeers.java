package io.heddle.core.cluster;

import com.hazelcast.cluster.Member;
import com.hazelcast.cluster.MembershipAdapter;
import com.hazelcast.cluster.MembershipEvent;
import com.hazelcast.config.Config;
import com.hazelcast.core.Hazelcast;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.core.IExecutorService;
import com.hazelcast.core.LifecycleEvent;
import com.hazelcast.instance.impl.HazelcastInstanceFactory;
import io.heddle.core.model.NodeName;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The other nodes over Hazelcast.
///
/// Every message is a [Delivery] that Hazelcast carries to one member; an answer is a message of
/// its own. So no thread of Hazelcast's waits for an answer, and nothing depends on which member
/// owns what: a member that hangs harms only calls to itself. Joining takes seconds and happens on
/// a thread of its own: until then, nobody is present.
public final class HazelcastPeers implements Peers {

  static final String CONTEXT = "heddle";
  private static final String EXECUTOR = "heddle";

  /// Calls that may be in work here at once: beyond that, callers are told to come back. Each has a
  /// virtual thread and waits for the log, mostly.
  private static final int MAX_ANSWERING = 512;

  private static final Logger LOG = LoggerFactory.getLogger(HazelcastPeers.class);

  private final PeersOptions options;
  private final Map<String, LaterHandler> handlers = new ConcurrentHashMap<>();
  private final Map<String, Listener> listeners = new ConcurrentHashMap<>();
  private final Map<Long, Waiting> waiting = new ConcurrentHashMap<>();
  private final Map<String, Member> members = new ConcurrentHashMap<>();
  private final AtomicLong calls = new AtomicLong();
  private final Semaphore answering = new Semaphore(MAX_ANSWERING);
  private final ExecutorService threads =
      Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("peer-call-", 0).factory());
  private final ExecutorService joining =
      Executors.newSingleThreadExecutor(
          Thread.ofPlatform().daemon().name("heddle-peers-join").factory());
  private volatile @Nullable IExecutorService carrier;
  private volatile @Nullable HazelcastInstance hazelcast;
  private volatile TlsExtension.@Nullable Context tls;
  private volatile boolean closed;

  private record Waiting(String node, CompletableFuture<byte[]> answer) {}

  private HazelcastPeers(PeersOptions options) {
    this.options = options;
  }

  /// Begins to join; returns at once.
  public static HazelcastPeers start(PeersOptions options) {
    HazelcastPeers peers = new HazelcastPeers(options);
    peers.joining.execute(peers::join);
    return peers;
  }

  private void join() {
    try {
      HazelcastInstance instance = newInstance();
      if (closed) {
        instance.getLifecycleService().terminate();
        return;
      }
      hazelcast = instance;
      carrier = instance.getExecutorService(EXECUTOR);
      instance.getCluster().addMembershipListener(new Membership());
      instance.getLifecycleService().addLifecycleListener(this::lifecycle);
      Optional.ofNullable(tls)
          .ifPresent(context -> context.onConnected(() -> noteMembers(instance)));
      noteMembers(instance);
      LOG.info(
          "event=peers-joined node={} address={} members={}",
          options.node(),
          instance.getCluster().getLocalMember().getAddress(),
          members.keySet());
    } catch (RuntimeException e) {
      if (!closed) {
        LOG.error("event=peers-join-failed node={} cause=\"{}\"", options.node(), e.getMessage());
        var _ =
            CompletableFuture.runAsync(
                () -> joining.execute(this::join),
                CompletableFuture.delayedExecutor(1, TimeUnit.SECONDS, Runnable::run));
      }
    }
  }

  private HazelcastInstance newInstance() {
    Config config = HazelcastSettings.config(options, this);
    if (options.tls().isEmpty()) {
      return Hazelcast.newHazelcastInstance(config);
    }
    TlsExtension.Context context = new TlsExtension.Context(options.tls().get());
    tls = context;
    return HazelcastInstanceFactory.newHazelcastInstance(config, config.getInstanceName(), context);
  }

  /// Whether a member is the node that it calls itself: over TLS, its certificate says so.
  private boolean isWhoItSays(Member member, String name) {
    TlsExtension.Context context = tls;
    if (context == null) {
      return true;
    }
    Optional<NodeName> shown = context.certified(member.getAddress());
    if (shown.isPresent() && !shown.get().value().equals(name)) {
      LOG.error("event=peer-poses name={} certificate={} it is not talked to", name, shown.get());
    }
    return shown.isPresent() && shown.get().value().equals(name);
  }

  private void lifecycle(LifecycleEvent event) {
    HazelcastInstance instance = hazelcast;
    if (event.getState() == LifecycleEvent.LifecycleState.MERGED && instance != null) {
      LOG.info("event=peers-merged node={}", options.node());
      noteMembers(instance);
    }
  }

  /// Who is there, by name. A name that two members bear is nobody's.
  private synchronized void noteMembers(HazelcastInstance instance) {
    Map<String, Member> now = new ConcurrentHashMap<>();
    Set<String> twice = new HashSet<>();
    for (Member member : instance.getCluster().getMembers()) {
      String name = member.getAttribute(HazelcastSettings.NODE);
      if (name == null || member.localMember() || !isWhoItSays(member, name)) {
        continue;
      }
      if (now.put(name, member) != null || name.equals(options.node())) {
        twice.add(name);
      }
    }
    twice.forEach(name -> {
      LOG.error(
          "event=node-name-twice name={} it is not talked to until one of them is gone", name);
      now.remove(name);
    });
    Set<String> gone = new HashSet<>(members.keySet());
    gone.removeAll(now.keySet());
    Set<String> fresh = new HashSet<>(now.keySet());
    fresh.removeAll(members.keySet());
    members.keySet().retainAll(now.keySet());
    members.putAll(now);
    fresh.forEach(name -> LOG.info("event=peer-present node={} peer={}", options.node(), name));
    gone.forEach(name -> LOG.info("event=peer-absent node={} peer={}", options.node(), name));
    waiting
        .values()
        .removeIf(call -> {
          if (gone.contains(call.node())) {
            call.answer()
                .completeExceptionally(new IOException("node %s went away".formatted(call.node())));
          }
          return gone.contains(call.node());
        });
  }

  private final class Membership extends MembershipAdapter {
    @Override
    public void memberAdded(MembershipEvent event) {
      Optional.ofNullable(hazelcast).ifPresent(HazelcastPeers.this::noteMembers);
    }

    @Override
    public void memberRemoved(MembershipEvent event) {
      Optional.ofNullable(hazelcast).ifPresent(HazelcastPeers.this::noteMembers);
    }
  }

  @Override
  public String self() {
    return options.node();
  }

  /// The port that was taken, once it is known.
  public Optional<Integer> port() {
    return Optional.ofNullable(hazelcast)
        .map(instance -> instance.getCluster().getLocalMember().getAddress().getPort());
  }

  @Override
  public Set<String> present() {
    return Set.copyOf(members.keySet());
  }

  @Override
  public void answerLater(String call, LaterHandler handler) {
    if (handlers.putIfAbsent(call, handler) != null) {
      throw new IllegalArgumentException("two handlers answer the call " + call);
    }
  }

  @Override
  public void listen(String subject, Listener listener) {
    if (listeners.putIfAbsent(subject, listener) != null) {
      throw new IllegalArgumentException("two listeners hear of " + subject);
    }
  }

  @Override
  public CompletableFuture<byte[]> call(String node, String call, byte[] request, Duration within) {
    Member member = members.get(node);
    if (member == null) {
      return CompletableFuture.failedFuture(new AbsentException(node));
    }
    long number = calls.incrementAndGet();
    CompletableFuture<byte[]> answer = new CompletableFuture<>();
    waiting.put(number, new Waiting(node, answer));
    var _ =
        answer
            .orTimeout(within.toMillis(), TimeUnit.MILLISECONDS)
            .whenComplete((bytes, failed) -> waiting.remove(number));
    if (!send(member, delivery(Delivery.Kind.CALL, call, number, request))) {
      answer.completeExceptionally(new AbsentException(node));
    }
    return answer;
  }

  @Override
  public void publish(String subject, byte[] message) {
    for (Member member : members.values()) {
      send(member, delivery(Delivery.Kind.NEWS, subject, 0, message));
    }
  }

  private Delivery delivery(Delivery.Kind kind, String subject, long number, byte[] content) {
    return new Delivery(kind, options.node(), subject, number, content);
  }

  /// @return false when it certainly was not sent
  private boolean send(Member member, Delivery delivery) {
    IExecutorService sending = carrier;
    if (sending == null || closed) {
      return false;
    }
    try {
      sending.executeOnMember(delivery, member);
      return true;
    } catch (RejectedExecutionException e) {
      return false;
    } catch (RuntimeException e) {
      LOG.debug("event=message-not-sent to={} cause=\"{}\"", member, e.getMessage());
      return delivery.kind() != Delivery.Kind.NEWS; // nobody knows
    }
  }

  /// On a thread of Hazelcast's.
  void received(Delivery delivery) {
    switch (delivery.kind()) {
      case NEWS ->
          Optional.ofNullable(listeners.get(delivery.subject()))
              .ifPresent(listener -> listener.heard(delivery.from(), delivery.content()));
      case CALL -> work(delivery);
      case ANSWER ->
          Optional.ofNullable(waiting.remove(delivery.number()))
              .ifPresent(call -> call.answer().complete(delivery.content()));
      case FAILURE ->
          Optional.ofNullable(waiting.remove(delivery.number()))
              .ifPresent(call ->
                  call.answer()
                      .completeExceptionally(
                          new CallFailedException(
                              new String(delivery.content(), StandardCharsets.UTF_8))));
    }
  }

  private void work(Delivery call) {
    if (!answering.tryAcquire()) {
      reply(call, Delivery.Kind.FAILURE, text("%d calls are in work".formatted(MAX_ANSWERING)));
      return;
    }
    try {
      threads.execute(() -> {
        var _ =
            answer(call)
                .whenComplete((bytes, failed) -> {
                  answering.release();
                  if (failed == null) {
                    reply(call, Delivery.Kind.ANSWER, bytes);
                  } else {
                    refuse(call, failed);
                  }
                });
      });
    } catch (RejectedExecutionException e) {
      answering.release();
    }
  }

  private CompletionStage<byte[]> answer(Delivery call) {
    LaterHandler handler = handlers.get(call.subject());
    try {
      return handler == null
          ? CompletableFuture.failedFuture(new IOException("no such call: " + call.subject()))
          : handler.answer(call.from(), call.content());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return CompletableFuture.failedFuture(new IOException("the node is stopping", e));
    } catch (Exception e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  private void refuse(Delivery call, Throwable failed) {
    Throwable cause =
        failed instanceof CompletionException && failed.getCause() != null
            ? failed.getCause()
            : failed;
    LOG.warn(
        "event=call-failed call={} from={} cause=\"{}\"",
        call.subject(),
        call.from(),
        cause,
        cause);
    reply(call, Delivery.Kind.FAILURE, text(String.valueOf(cause.getMessage())));
  }

  private static byte[] text(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private void reply(Delivery call, Delivery.Kind kind, byte[] content) {
    Member caller = members.get(call.from());
    if (caller != null) {
      send(caller, delivery(kind, call.subject(), call.number(), content));
    }
  }

  @Override
  public void close() {
    closed = true;
    joining.shutdownNow();
    threads.shutdownNow();
    HazelcastInstance instance = hazelcast;
    if (instance != null) {
      instance.getLifecycleService().terminate();
    }
    waiting
        .values()
        .forEach(
            call -> call.answer().completeExceptionally(new IOException("this node is stopping")));
  }
}
