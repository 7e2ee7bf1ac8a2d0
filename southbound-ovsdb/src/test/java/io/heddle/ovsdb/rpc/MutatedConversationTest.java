package io.heddle.ovsdb.rpc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.heddle.core.pipeline.Overlay;
import io.heddle.ovsdb.host.HostClaim;
import io.heddle.ovsdb.host.HostSettings;
import io.heddle.ovsdb.host.OvsdbHosts;
import io.heddle.ovsdb.host.Targets;
import io.heddle.ovsdb.lab.Heard;
import io.heddle.ovsdb.report.Standing;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// An ovsdb-server's side of a whole onboarding, damaged in a thousand ways: a session may end of
/// it, but only for what the peer did, never by an error of ours.
class MutatedConversationTest {
  private static final Targets TARGETS = new Targets(List.of("tcp:192.0.2.1:6653"), List.of());
  private static final long SEED = 7047;
  private static final int ROUNDS = 1000;
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private static final String OPTIONAL_TEXT = "{'type':{'key':'string','min':0,'max':1}}";
  private static final String MAP =
      "{'type':{'key':'string','value':'string','min':0,'max':'unlimited'}}";
  private static final String SET = "{'type':{'key':'uuid','min':0,'max':'unlimited'}}";

  /// Schema, tables of a host with a bridge and a plugged interface, the answer to our transaction,
  /// and updates.
  private static final List<String> CONVERSATION =
      List.of(
          ("{'id':1,'error':null,'result':{'name':'Open_vSwitch','version':'8.3.1','tables':{"
                  + "'Open_vSwitch':{'columns':{'external_ids':MAP,'bridges':SET,'datapath_types':SET}},"
                  + "'Bridge':{'columns':{'name':{'type':'string'},'ports':SET,'external_ids':MAP,"
                  + "'other_config':MAP,'datapath_id':TEXT,'fail_mode':TEXT,'controller':SET}},"
                  + "'Port':{'columns':{'name':{'type':'string'},'interfaces':SET}},"
                  + "'Interface':{'columns':{'name':{'type':'string'},'external_ids':MAP,'ofport':TEXT}}}}}")
              .replace("MAP", MAP)
              .replace("SET", SET)
              .replace("TEXT", OPTIONAL_TEXT),
          "{'id':2,'error':null,'result':[false,'00000000-0000-0000-0000-000000000000',{"
              + "'Open_vSwitch':{'00000000-0000-0000-0000-000000000001':{'initial':{"
              + "'external_ids':['map',[['system-id','hv1'],['heddle-encap-ip','192.0.2.7'],"
              + "['heddle-bridge-mappings','a:b']]],'datapath_types':['set',['netdev','system']]}}},"
              + "'Bridge':{'00000000-0000-0000-0000-000000000002':{'initial':{'name':'br-int',"
              + "'ports':['uuid','00000000-0000-0000-0000-000000000003'],'datapath_id':'00000000000000aa',"
              + "'external_ids':['map',[['heddle-epoch','1']]],'fail_mode':'secure'}}},"
              + "'Port':{'00000000-0000-0000-0000-000000000003':{'initial':{'name':'tap1',"
              + "'interfaces':['uuid','00000000-0000-0000-0000-000000000004']}}},"
              + "'Interface':{'00000000-0000-0000-0000-000000000004':{'initial':{'name':'tap1','ofport':7,"
              + "'external_ids':['map',[['iface-id','port-a'],['attached-mac','0a:00:00:00:00:01']]]}}}}]}",
          "{'id':'echo','method':'echo','params':[]}",
          "{'id':null,'method':'update3','params':['heddle','00000000-0000-0000-0000-000000000000',{"
              + "'Bridge':{'00000000-0000-0000-0000-000000000002':{'modify':{'external_ids':"
              + "['map',[['heddle-epoch','9']]],'fail_mode':['set',[]]}}},"
              + "'Interface':{'00000000-0000-0000-0000-000000000004':{'delete':null}}}]}",
          "{'id':3,'error':null,'result':["
              + "{},{},{},{},{},{},{},{'count':1},{'count':1},{'count':1},{}]}");

  private final Random random = new Random(SEED);

  @Test
  void theConversationItselfIsSound() {
    Heard heard = new Heard();
    List<byte[]> messages =
        CONVERSATION.stream()
            .map(text -> text.replace('\'', '"').getBytes(StandardCharsets.UTF_8))
            .toList();
    assertEquals(Optional.empty(), hold(messages, heard));
    assertEquals(new Standing.Fenced(9), heard.history().getLast().standing());
  }

  @Test
  void onlyThePeerIsEverToBlame() throws IOException {
    int damagedAndEnded = 0;
    for (int round = 0; round < ROUNDS; round++) {
      List<byte[]> messages = new ArrayList<>();
      int victim = random.nextInt(CONVERSATION.size());
      for (int i = 0; i < CONVERSATION.size(); i++) {
        String text = CONVERSATION.get(i).replace('\'', '"');
        messages.add(i == victim ? damaged(text) : text.getBytes(StandardCharsets.UTF_8));
      }
      Optional<String> end = hold(messages, new Heard());
      assertFalse(
          end.filter(reason -> reason.startsWith("an error of ours")).isPresent(),
          () -> end + " after " + new String(messages.get(victim), StandardCharsets.UTF_8));
      damagedAndEnded += end.isPresent() ? 1 : 0;
    }
    assertTrue(damagedAndEnded > ROUNDS / 10, "the damage did nothing: " + damagedAndEnded);
  }

  private byte[] damaged(String text) throws IOException {
    if (random.nextBoolean()) {
      JsonNode json = MAPPER.readTree(text);
      List<JsonNode> containers = new ArrayList<>();
      collect(json, containers);
      replaceOne(containers.get(random.nextInt(containers.size())));
      return MAPPER.writeValueAsBytes(json);
    }
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    for (int i = 1 + random.nextInt(3); i > 0; i--) {
      bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
    }
    return bytes;
  }

  private static void collect(JsonNode json, List<JsonNode> containers) {
    if (json.isContainerNode() && !json.isEmpty()) {
      containers.add(json);
      json.forEach(child -> collect(child, containers));
    }
  }

  private void replaceOne(JsonNode container) throws IOException {
    List<String> values =
        List.of(
            "null",
            "true",
            "-1",
            "1e400",
            "99999999999999999999999999",
            "\"\"",
            "[]",
            "{}",
            "[\"set\",[]]",
            "[\"map\",[]]",
            "[\"uuid\",\"x\"]",
            "[\"named-uuid\",\"x\"]",
            "[[[]]]");
    JsonNode value = MAPPER.readTree(values.get(random.nextInt(values.size())));
    int at = random.nextInt(container.size());
    switch (container) {
      case ArrayNode array -> array.set(at, value);
      case ObjectNode object ->
          object.set(
              object.properties().stream().skip(at).findFirst().orElseThrow().getKey(), value);
      default -> throw new IllegalStateException("no container: " + container);
    }
  }

  /// Plays the messages to a session; answers why it ended, if it did before they were through.
  private static Optional<String> hold(List<byte[]> messages, Heard heard) {
    OvsdbHosts hosts =
        new OvsdbHosts(
            new HostSettings(
                "br-int",
                Overlay.TUNNEL_OFPORT,
                new HostSettings.Controllers.At(() -> TARGETS),
                Duration.ofSeconds(5)),
            host -> new HostClaim.Rule(2),
            heard);
    List<String> ends = new ArrayList<>();
    EmbeddedChannel channel = new EmbeddedChannel();
    var _ =
        SessionPipeline.install(
            channel,
            Optional.empty(),
            Timings.DEFAULT,
            session -> new Observed(hosts.session(session), ends));
    channel.pipeline().fireChannelActive();
    for (byte[] message : messages) {
      if (channel.isOpen()) {
        channel.writeInbound(Unpooled.wrappedBuffer(message));
        channel.runPendingTasks();
      }
    }
    Optional<String> end = ends.stream().findFirst();
    channel.finishAndReleaseAll();
    return end;
  }

  /// Lets the test read why a session ended.
  private record Observed(RpcSession.Peer owner, List<String> ends) implements RpcSession.Peer {
    @Override
    public void opened() {
      owner.opened();
    }

    @Override
    public void notified(String method, JsonNode params) {
      owner.notified(method, params);
    }

    @Override
    public void settled() {
      owner.settled();
    }

    @Override
    public void closed(String reason) {
      ends.add(reason);
      owner.closed(reason);
    }
  }
}
