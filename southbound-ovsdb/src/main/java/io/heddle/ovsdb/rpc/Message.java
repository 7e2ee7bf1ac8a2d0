package io.heddle.ovsdb.rpc;

import com.fasterxml.jackson.databind.JsonNode;

/// One JSON-RPC 1.0 message (RFC 7047 §4), in either direction.
public sealed interface Message {

  /// Wants a [Response] with the same id.
  record Request(JsonNode id, String method, JsonNode params) implements Message {}

  /// Wants no answer: its id is null on the wire.
  record Notification(String method, JsonNode params) implements Message {}

  /// Exactly one of `result` and `error` is other than JSON null, except that a result may be null
  /// too.
  record Response(JsonNode id, JsonNode result, JsonNode error) implements Message {}
}
