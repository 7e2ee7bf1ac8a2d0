package io.heddle.ovsdb.rpc;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufInputStream;
import io.netty.buffer.ByteBufOutputStream;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.MessageToMessageCodec;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;

/// One frame of JSON to one [Message] and back. Frames were cut, and their size bounded, before
/// this handler.
final class MessageCodec extends MessageToMessageCodec<ByteBuf, Message> {
  private static final ObjectMapper MAPPER =
      new ObjectMapper(
          JsonFactory.builder()
              .streamReadConstraints(
                  StreamReadConstraints.builder()
                      .maxNestingDepth(Limits.NESTING)
                      .maxStringLength(Limits.STRING_CHARS)
                      .maxNumberLength(Limits.NUMBER_CHARS)
                      .maxNameLength(Limits.NAME_CHARS)
                      .build())
              // The text of a broken frame stays out of exceptions, and so out of the log.
              .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
              .build());

  @Override
  protected void decode(ChannelHandlerContext ctx, ByteBuf frame, List<Object> out) {
    JsonNode json;
    try (ByteBufInputStream in = new ByteBufInputStream(frame)) {
      json = MAPPER.readTree((java.io.InputStream) in);
    } catch (JsonProcessingException broken) {
      throw new ProtocolException("not JSON: " + broken.getOriginalMessage(), broken);
    } catch (IOException impossible) {
      throw new ProtocolException("unreadable frame", impossible);
    }
    out.add(read(json));
  }

  private static Message read(JsonNode json) {
    if (!json.isObject()) {
      throw new ProtocolException("a message is not a JSON object");
    }
    JsonNode id = json.path("id");
    JsonNode method = json.path("method");
    if (method.isTextual()) {
      JsonNode params = json.path("params");
      if (!params.isArray()) {
        throw new ProtocolException("the params of a request are not an array");
      }
      return id.isNull() || id.isMissingNode()
          ? new Message.Notification(method.textValue(), params)
          : new Message.Request(id, method.textValue(), params);
    }
    if (id.isMissingNode() || !(json.has("result") || json.has("error"))) {
      throw new ProtocolException("neither a request nor a response");
    }
    return new Message.Response(id, orNull(json.get("result")), orNull(json.get("error")));
  }

  private static JsonNode orNull(@org.jspecify.annotations.Nullable JsonNode json) {
    return json == null ? NullNode.instance : json;
  }

  @Override
  protected void encode(ChannelHandlerContext ctx, Message message, List<Object> out)
      throws IOException {
    ByteBuf frame = ctx.alloc().buffer();
    try (OutputStream bytes = new ByteBufOutputStream(frame)) {
      MAPPER.writeValue(bytes, write(message));
    } catch (IOException failed) {
      frame.release();
      throw failed;
    }
    out.add(frame);
  }

  private static ObjectNode write(Message message) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    switch (message) {
      case Message.Request(JsonNode id, String method, JsonNode params) -> {
        json.put("method", method);
        json.set("params", params);
        json.set("id", id);
      }
      case Message.Notification(String method, JsonNode params) -> {
        json.put("method", method);
        json.set("params", params);
        json.putNull("id");
      }
      case Message.Response(JsonNode id, JsonNode result, JsonNode error) -> {
        json.set("result", result);
        json.set("error", error);
        json.set("id", id);
      }
    }
    return json;
  }
}
