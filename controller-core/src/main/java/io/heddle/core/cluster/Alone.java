package io.heddle.core.cluster;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/// No other nodes: what a node that is the whole cluster works with.
public record Alone(String self) implements Peers {

  @Override
  public Set<String> present() {
    return Set.of();
  }

  @Override
  public void answerLater(String call, LaterHandler handler) {}

  @Override
  public CompletableFuture<byte[]> call(String node, String call, byte[] request, Duration within) {
    return CompletableFuture.failedFuture(new AbsentException(node));
  }

  @Override
  public void publish(String subject, byte[] message) {}

  @Override
  public void listen(String subject, Listener listener) {}

  @Override
  public void close() {}
}
