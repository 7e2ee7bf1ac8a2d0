package io.heddle.core.cluster;

import java.io.IOException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/// The other nodes of the cluster, as far as messages reach them: the port behind which Hazelcast
/// stands. Messages may be lost, late, or out of order, and a call that has no answer may have been
/// carried out.
///
/// Any thread may call; nothing blocks.
public interface Peers extends AutoCloseable {

  /// This node's name.
  String self();

  /// The nodes that messages reach now, without this one.
  Set<String> present();

  /// Answers calls of a name. What the handler throws reaches the caller as [CallFailedException]
  /// with its message. Handlers may block: each call has a thread of its own.
  default void answer(String call, Handler handler) {
    answerLater(
        call, (from, request) -> CompletableFuture.completedFuture(handler.answer(from, request)));
  }

  /// Answers calls of a name, each in its own time: no thread waits for the answer.
  void answerLater(String call, LaterHandler handler);

  /// Has another node answer. Fails with [AbsentException] when nothing was sent, with
  /// [CallFailedException] when the other node says that it failed, and with anything else when
  /// nobody knows.
  CompletableFuture<byte[]> call(String node, String call, byte[] request, Duration within);

  /// Tells all nodes that are present, and waits for nobody.
  void publish(String subject, byte[] message);

  /// Hears what others publish on a subject. Called on one thread; must not block.
  void listen(String subject, Listener listener);

  @Override
  void close();

  /// Answers a call.
  interface Handler {
    byte[] answer(String from, byte[] request) throws Exception;
  }

  /// Promises an answer to a call.
  interface LaterHandler {
    CompletionStage<byte[]> answer(String from, byte[] request) throws Exception;
  }

  /// Hears a message.
  interface Listener {
    void heard(String from, byte[] message);
  }

  /// The node is not there: it certainly heard nothing.
  final class AbsentException extends IOException {
    public AbsentException(String node) {
      super("node %s can't be reached from here now".formatted(node));
    }
  }

  /// The node heard the call, and this went wrong.
  final class CallFailedException extends IOException {
    public CallFailedException(String message) {
      super(message);
    }
  }
}
