package io.heddle.fuzz;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.fasterxml.jackson.databind.JsonNode;
import io.heddle.core.trace.Packet;
import io.heddle.core.trace.PacketText;
import io.heddle.openflow.codec.FlowModDecoder;
import io.heddle.openflow.codec.Message;
import io.heddle.openflow.codec.MessageDecoder;
import io.heddle.openflow.codec.UnreadableException;
import io.heddle.ovsdb.rpc.OperationJson;
import io.heddle.ovsdb.rpc.ProtocolException;
import io.heddle.ovsdb.rpc.Value;
import io.heddle.ovsdb.rpc.ValueJson;
import io.heddle.rest.contract.Contract;
import io.heddle.rest.contract.Operation;
import io.heddle.rest.http.Json;
import io.heddle.rest.http.Refusal;
import io.heddle.rest.http.Yaml;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/// Whatever comes, a parser either reads it or refuses it in its own words; nothing else gets out.
/// What it reads it can write, where it can write.
///
/// Without more, each method runs on the inputs that are kept beside it; `./heddle fuzz NAME` looks
/// for new ones.
class ParsersFuzzTest {

  private static final Contract CONTRACT = Contract.load();
  private static final List<Operation> TAKING_BODIES =
      CONTRACT.operations().stream().filter(Operation::takesBody).toList();

  @FuzzTest(maxDuration = "5m")
  void openflowFrames(byte[] frame) {
    Message message = MessageDecoder.decode(Unpooled.wrappedBuffer(frame));
    assertNotNull(message.toString());
    try {
      assertFalse(FlowModDecoder.readBundleAdd(Unpooled.wrappedBuffer(frame)).toString().isEmpty());
    } catch (UnreadableException refused) {
      assertNotNull(refused.getMessage());
    }
    try {
      assertFalse(FlowModDecoder.read(Unpooled.wrappedBuffer(frame)).toString().isEmpty());
    } catch (UnreadableException refused) {
      assertNotNull(refused.getMessage());
    }
  }

  @FuzzTest(maxDuration = "5m")
  void ovsdbJson(byte[] bytes) {
    JsonNode json;
    try {
      json = Json.read(bytes);
    } catch (Refusal refused) {
      return;
    }
    try {
      Value value = ValueJson.read(json);
      assertEquals(value, ValueJson.read(ValueJson.write(value)));
    } catch (ProtocolException refused) {
      assertNotNull(refused.getMessage());
    }
    try {
      assertNotNull(ValueJson.readRow(json).toString());
    } catch (ProtocolException refused) {
      assertNotNull(refused.getMessage());
    }
    try {
      assertNotNull(OperationJson.write(OperationJson.read(json)));
    } catch (ProtocolException refused) {
      assertNotNull(refused.getMessage());
    }
  }

  /// The first byte chooses the operation.
  @FuzzTest(maxDuration = "5m")
  void requestBodies(byte[] bytes) {
    if (bytes.length == 0) {
      return;
    }
    Operation operation = TAKING_BODIES.get((bytes[0] & 0xff) % TAKING_BODIES.size());
    byte[] body = Arrays.copyOfRange(bytes, 1, bytes.length);
    String mediaType = operation.bodies().keySet().iterator().next();
    try {
      JsonNode json = Json.read(body);
      operation.check(mediaType, json);
      assertEquals(json, Json.read(Json.write(json)));
    } catch (Refusal refused) {
      assertFalse(refused.problem().detail().isEmpty());
      assertEquals(400, refused.problem().status());
    }
  }

  @FuzzTest(maxDuration = "5m")
  void manifests(byte[] body) {
    try {
      JsonNode json = Yaml.read(body);
      CONTRACT.operation("applyManifest").check(Yaml.MEDIA_TYPE, json);
    } catch (Refusal refused) {
      assertFalse(refused.problem().detail().isEmpty());
    }
  }

  @FuzzTest(maxDuration = "5m")
  void packetText(byte[] bytes) {
    String text = new String(bytes, StandardCharsets.UTF_8);
    try {
      Packet packet = PacketText.parse(text);
      assertNotNull(packet.toString());
    } catch (IllegalArgumentException refused) {
      assertNotNull(refused.getMessage());
    }
  }
}
