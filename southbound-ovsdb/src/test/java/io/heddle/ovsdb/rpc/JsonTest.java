package io.heddle.ovsdb.rpc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.heddle.ovsdb.rpc.Operation.Condition;
import io.heddle.ovsdb.rpc.Operation.Function;
import io.heddle.ovsdb.rpc.Operation.Mutation;
import io.heddle.ovsdb.rpc.Schema.ColumnKind;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/// Values, operations and updates as RFC 7047 and ovsdb-server(7) write them.
class JsonTest {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final UUID ID = UUID.fromString("11111111-2222-3333-4444-555555555555");

  private static JsonNode json(String text) {
    try {
      return MAPPER.readTree(text.replace('\'', '"'));
    } catch (JsonProcessingException wrong) {
      throw new IllegalArgumentException(wrong);
    }
  }

  @Test
  void valuesRoundTrip() {
    for (String text :
        List.of(
            "'text'",
            "7",
            "-1",
            "2.5",
            "true",
            "['uuid','11111111-2222-3333-4444-555555555555']",
            "['named-uuid','row']",
            "['set',[]]",
            "['set',['a','b']]",
            "['map',[]]",
            "['map',[['k','v'],[1,['uuid','11111111-2222-3333-4444-555555555555']]]]")) {
      assertEquals(json(text).toString(), ValueJson.write(ValueJson.read(json(text))).toString());
    }
  }

  @Test
  void whatIsNoValueIsRefused() {
    for (String text :
        List.of(
            "null",
            "{}",
            "[]",
            "['set']",
            "['set',7]",
            "['set',[['set',[]]]]",
            "['map',[['k']]]",
            "['map',['kv']]",
            "['uuid',7]",
            "['uuid','no']",
            "['other','x']")) {
      assertThrows(ProtocolException.class, () -> ValueJson.read(json(text)), text);
    }
  }

  @Test
  void operationsRoundTrip() {
    Row row = Row.EMPTY.with("name", Value.of("br-int"));
    for (Operation operation :
        List.of(
            new Operation.Insert("Bridge", "b", row),
            new Operation.Update("Bridge", Condition.isRow(ID), row),
            new Operation.Mutate(
                "Bridge",
                Condition.named("x"),
                List.of(
                    Mutation.delete("external_ids", Value.texts(List.of("k"))),
                    Mutation.insert("external_ids", Value.mapOf(Map.of("k", "v"))))),
            new Operation.Select(
                "Bridge",
                List.of(new Condition("ports", Function.EXCLUDES, Value.of(ID))),
                List.of("name")),
            new Operation.Delete("Bridge", List.of()),
            new Operation.Wait("Bridge", Condition.isRow(ID), List.of("name"), List.of(row)),
            new Operation.Comment("why"))) {
      assertEquals(operation, OperationJson.read(OperationJson.write(operation)));
    }
  }

  @Test
  void differencesApply() {
    Row before =
        new Row(
            Map.of(
                "number", Value.of(1),
                "members", Value.texts(List.of("a", "b")),
                "pairs", Value.mapOf(Map.of("same", "1", "gone", "2", "new", "3"))));
    Row difference =
        new Row(
            Map.of(
                "number", Value.NOTHING,
                "members", Value.texts(List.of("b", "c")),
                "pairs", Value.mapOf(Map.of("gone", "2", "new", "4", "more", "5")),
                "late", Value.texts(List.of("x"))));
    Map<String, ColumnKind> kinds =
        Map.of(
            "number", ColumnKind.ATOM,
            "members", ColumnKind.SET,
            "pairs", ColumnKind.MAP,
            "late", ColumnKind.SET);
    Row after = new RowChange.Changed(difference).applyTo(before, kinds);
    assertEquals(
        new Row(
            Map.of(
                "number", Value.NOTHING,
                "members", Value.texts(List.of("a", "c")),
                "pairs", Value.mapOf(Map.of("same", "1", "new", "4", "more", "5")),
                "late", Value.texts(List.of("x")))),
        after);
  }

  @Test
  void updatesOfBothKinds() {
    assertEquals(
        Map.of("Port", Map.of(ID, new RowChange.Gone())),
        TableUpdates.readFirst(json("{'Port':{'%s':{'old':{'name':'x'}}}}".formatted(ID)))
            .tables());
    assertEquals(
        Map.of("Port", Map.of(ID, new RowChange.Present(Row.EMPTY.with("name", Value.of("x"))))),
        TableUpdates.readSecond(json("{'Port':{'%s':{'insert':{'name':'x'}}}}".formatted(ID)))
            .tables());
    assertEquals(
        Map.of("Port", Map.of(ID, new RowChange.Gone())),
        TableUpdates.readSecond(json("{'Port':{'%s':{'delete':null}}}".formatted(ID))).tables());
    assertThrows(
        ProtocolException.class,
        () -> TableUpdates.readSecond(json("{'Port':{'%s':{}}}".formatted(ID))));
  }

  @Test
  void aTransactionsAnswerNamesTheOperationThatFailed() {
    assertEquals(
        new TransactOutcome.Refused(1, "timed out", "late"),
        TransactOutcome.read(json("[{'count':1},{'error':'timed out','details':'late'},null]"), 3));
    assertEquals(
        new TransactOutcome.Refused(1, "constraint violation", ""),
        TransactOutcome.read(json("[{'count':1},{'error':'constraint violation'}]"), 1));
    assertThrows(ProtocolException.class, () -> TransactOutcome.read(json("[{}]"), 2));
  }
}
