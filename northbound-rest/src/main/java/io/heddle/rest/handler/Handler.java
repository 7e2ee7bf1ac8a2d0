package io.heddle.rest.handler;

import io.heddle.rest.http.Reply;
import java.io.IOException;

/// Serves one operation. Runs on a virtual thread: it may wait.
@FunctionalInterface
public interface Handler {

  /// @throws io.heddle.rest.http.Refusal with the problem to answer
  Reply handle(Request request) throws IOException, InterruptedException;

  /// One that changes what the cluster decides together: it is run by the node that leads, wherever
  /// the request came in.
  interface Deciding extends Handler {

    /// @throws NotLeading when this node turns out not to decide; then nothing has happened
    @Override
    Reply handle(Request request) throws IOException, InterruptedException;

    /// Answers a request that was carried out by a leader whose own answer is lost.
    Reply recall(Request request, Recalled recalled) throws IOException, InterruptedException;
  }

  /// The part of [Deciding] that is needed when an answer was lost.
  @FunctionalInterface
  interface Recall {
    Reply answer(Request request, Recalled recalled) throws IOException, InterruptedException;
  }

  static Deciding deciding(Handler handler, Recall recall) {
    return new Deciding() {
      @Override
      public Reply handle(Request request) throws IOException, InterruptedException {
        return handler.handle(request);
      }

      @Override
      public Reply recall(Request request, Recalled recalled)
          throws IOException, InterruptedException {
        return recall.answer(request, recalled);
      }
    };
  }
}
