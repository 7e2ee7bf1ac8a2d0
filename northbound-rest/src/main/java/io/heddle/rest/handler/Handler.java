package io.heddle.rest.handler;

import io.heddle.rest.http.Reply;
import java.io.IOException;

/// Serves one operation. Runs on a virtual thread: it may wait.
@FunctionalInterface
public interface Handler {

  /// @throws io.heddle.rest.http.Refusal with the problem to answer
  Reply handle(Request request) throws IOException, InterruptedException;
}
