package io.heddle.rest.relay;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.heddle.core.store.StrictJson;
import io.heddle.core.store.UnreadableException;
import java.io.IOException;

/// JSON between the APIs of two nodes, as strict as all that nodes say to each other.
final class RelayJson {

  private RelayJson() {}

  static byte[] write(Object message) {
    try {
      return StrictJson.MAPPER.writeValueAsBytes(message);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a message that does not serialise", e);
    }
  }

  /// @throws UnreadableException when these are not bytes that this build would write
  static <T> T read(byte[] bytes, Class<T> type) {
    try {
      T message = StrictJson.MAPPER.readValue(bytes, type);
      if (message == null) {
        throw new UnreadableException("a node sent null");
      }
      return message;
    } catch (IOException e) {
      throw new UnreadableException("a node sent what can't be read: " + e.getMessage(), e);
    }
  }
}
