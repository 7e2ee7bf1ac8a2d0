package io.heddle.core.cluster;

import com.fasterxml.jackson.core.JacksonException;
import io.heddle.core.store.StrictJson;
import io.heddle.core.store.UnreadableException;
import java.io.IOException;

/// What nodes tell each other, as JSON: strict, so that a message of another build is refused whole
/// rather than half understood.
final class ClusterJson {

  private ClusterJson() {}

  static byte[] write(Object message) {
    try {
      return StrictJson.MAPPER.writeValueAsBytes(message);
    } catch (JacksonException e) {
      throw new IllegalStateException("a message that does not serialise", e);
    }
  }

  /// @throws UnreadableException when these are not bytes that this build would write
  static <T> T read(byte[] bytes, Class<T> type) {
    try {
      T value = StrictJson.MAPPER.readValue(bytes, type);
      if (value == null) {
        throw new UnreadableException("a message that is null");
      }
      return value;
    } catch (IOException | IllegalArgumentException e) {
      throw new UnreadableException("a message can't be read: " + e.getMessage(), e);
    }
  }
}
