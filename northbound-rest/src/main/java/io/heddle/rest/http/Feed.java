package io.heddle.rest.http;

import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.util.Optional;

/// A body without a known end, pulled piece by piece as the client reads it, by one thread. Closed
/// however the answer ends: by any thread, and maybe more than once.
public interface Feed extends AutoCloseable {

  /// Waits for the next piece; nothing at the end.
  Optional<Buffer> next() throws IOException, InterruptedException;

  @Override
  void close();
}
