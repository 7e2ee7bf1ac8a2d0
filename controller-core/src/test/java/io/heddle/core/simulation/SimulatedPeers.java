package io.heddle.core.simulation;

import io.heddle.core.cluster.Peers;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/// The other nodes over the simulated network: news and calls are lost, late or out of order, and a
/// call without an answer may have been carried out.
final class SimulatedPeers implements Peers {

  private final World world;
  private final int self;
  private final NodeProcess process;
  private final Chance chance;
  private final Map<String, LaterHandler> handlers = new HashMap<>();
  private final Map<String, Listener> listeners = new HashMap<>();

  SimulatedPeers(World world, int self, NodeProcess process, Chance chance) {
    this.world = world;
    this.self = self;
    this.process = process;
    this.chance = chance;
  }

  @Override
  public String self() {
    return World.nodeName(self);
  }

  @Override
  public Set<String> present() {
    Set<String> present = new TreeSet<>();
    for (int other : world.network().reachedBothWays(self)) {
      if (world.node(other).running().isPresent()) {
        present.add(World.nodeName(other));
      }
    }
    return present;
  }

  @Override
  public void answerLater(String call, LaterHandler handler) {
    handlers.put(call, handler);
  }

  @Override
  public void listen(String subject, Listener listener) {
    listeners.put(subject, listener);
  }

  @Override
  public void publish(String subject, byte[] message) {
    for (int to = 0; to < world.nodes().size(); to++) {
      if (to != self) {
        SimulatedNode.Running target = world.node(to).runningOrNull();
        if (target != null) {
          world
              .network()
              .send(self, to, target.process(), () -> target.peers().heard(self, subject, message));
        }
      }
    }
  }

  private void heard(int from, String subject, byte[] message) {
    Listener listener = listeners.get(subject);
    if (listener != null) {
      listener.heard(World.nodeName(from), message);
    }
  }

  @Override
  public CompletableFuture<byte[]> call(String node, String call, byte[] request, Duration within) {
    int to = World.nodeIndex(node);
    SimulatedNode.Running target = world.node(to).runningOrNull();
    if (target == null && chance.in(0.8)) {
      return CompletableFuture.failedFuture(new AbsentException(node));
    }
    CompletableFuture<byte[]> answer = new CompletableFuture<>();
    process.after(
        within.toNanos(), () -> answer.completeExceptionally(new TimeoutException("no answer")));
    if (target != null) {
      world
          .network()
          .send(
              self,
              to,
              target.process(),
              () -> target.peers().called(self, process, new Call(call, request, answer)));
    }
    return answer;
  }

  private record Call(String name, byte[] request, CompletableFuture<byte[]> answer) {}

  private void called(int caller, NodeProcess callersProcess, Call call) {
    LaterHandler handler = handlers.get(call.name());
    if (handler == null) {
      reply(caller, callersProcess, () -> fail(call, "no such call: " + call.name()));
      return;
    }
    process.after(
        chance.micros(0, 300),
        () -> {
          var _ =
              answer(handler, World.nodeName(caller), call.request())
                  .whenComplete((bytes, failed) ->
                      reply(
                          caller,
                          callersProcess,
                          () -> {
                            if (failed == null) {
                              call.answer().complete(bytes);
                            } else {
                              fail(call, failed.getMessage());
                            }
                          }));
        });
  }

  private static CompletionStage<byte[]> answer(LaterHandler handler, String from, byte[] request) {
    try {
      return handler.answer(from, request);
    } catch (Exception e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  private static void fail(Call call, @Nullable String message) {
    call.answer().completeExceptionally(new CallFailedException(String.valueOf(message)));
  }

  private void reply(int to, NodeProcess target, Runnable arrival) {
    if (process.isAlive()) {
      world.network().send(self, to, target, arrival);
    }
  }

  @Override
  public void close() {}
}
