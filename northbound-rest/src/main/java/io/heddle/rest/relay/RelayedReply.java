package io.heddle.rest.relay;

import io.heddle.rest.http.Reply;
import io.vertx.core.buffer.Buffer;
import java.util.Map;

/// What the asked node says to a request that was handed to it.
sealed interface RelayedReply {

  /// It carried it out, or refused it: this is the answer.
  record Answered(Reply reply) implements RelayedReply {}

  /// It does not lead, and did nothing.
  record NotLeading(String why) implements RelayedReply {}

  default byte[] bytes() {
    return RelayJson.write(
        switch (this) {
          case Answered(Reply reply) ->
              new Wire(
                  "", reply.status(), reply.headers(), reply.mediaType(), reply.body().toString());
          case NotLeading(String why) -> new Wire(why, 0, Map.of(), "", "");
        });
  }

  /// @throws io.heddle.core.store.UnreadableException when this build would not have written it
  static RelayedReply read(byte[] bytes) {
    Wire wire = RelayJson.read(bytes, Wire.class);
    return wire.notLeading.isEmpty()
        ? new Answered(
            new Reply(wire.status, wire.headers, wire.mediaType, Buffer.buffer(wire.body)))
        : new NotLeading(wire.notLeading);
  }

  /// @param notLeading empty where there is an answer
  record Wire(
      String notLeading, int status, Map<String, String> headers, String mediaType, String body) {}
}
