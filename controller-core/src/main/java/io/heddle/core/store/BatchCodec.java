package io.heddle.core.store;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// A batch as the bytes of one log entry: a JSON object of `id`, `base`, `at` and `entries`, each
/// of `author`, `summary`, `request` and `facts`.
///
/// Entries are encoded one by one while their commands are decided, because their size bounds the
/// batch; nothing is encoded twice.
public final class BatchCodec {

  private BatchCodec() {}

  public static byte[] encode(Batch batch) {
    List<byte[]> entries = batch.entries().stream().map(BatchCodec::encode).toList();
    return join(batch.id(), batch.base(), batch.at(), entries);
  }

  static byte[] encode(Batch.Entry entry) {
    ObjectNode node = FactCodec.JSON.createObjectNode();
    node.put("author", entry.author());
    node.put("summary", entry.summary());
    node.put("request", entry.request());
    ArrayNode facts = node.putArray("facts");
    entry.facts().forEach(fact -> facts.add(FactCodec.encode(fact)));
    return bytes(node);
  }

  /// A batch of entries that are encoded already.
  static byte[] join(String id, long base, Instant at, List<byte[]> entries) {
    ObjectNode head = FactCodec.JSON.createObjectNode();
    head.put("id", id).put("base", base).put("at", at.toString());
    byte[] open = bytes(head);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(open, 0, open.length - 1); // without its closing brace
    out.writeBytes(",\"entries\":[".getBytes(StandardCharsets.UTF_8));
    for (int i = 0; i < entries.size(); i++) {
      if (i > 0) {
        out.write(',');
      }
      out.writeBytes(entries.get(i));
    }
    out.writeBytes("]}".getBytes(StandardCharsets.UTF_8));
    return out.toByteArray();
  }

  private static byte[] bytes(JsonNode node) {
    try {
      return FactCodec.JSON.writeValueAsBytes(node);
    } catch (JacksonException e) {
      throw new IllegalStateException("a row that does not serialise", e);
    }
  }

  /// @throws UnreadableException when these are not bytes that this build would write
  public static Batch decode(byte[] bytes) {
    JsonNode node;
    try {
      node = FactCodec.JSON.readTree(bytes);
    } catch (IOException e) {
      throw new UnreadableException("a log entry is not JSON: " + e.getMessage(), e);
    }
    FactCodec.requireFields(node, Set.of("id", "base", "at", "entries"));
    List<Batch.Entry> entries = new ArrayList<>();
    for (JsonNode entry : FactCodec.field(node, "entries")) {
      FactCodec.requireFields(entry, Set.of("author", "summary", "request", "facts"));
      List<Fact> facts = new ArrayList<>();
      FactCodec.field(entry, "facts").forEach(fact -> facts.add(FactCodec.decode(fact)));
      entries.add(
          new Batch.Entry(
              FactCodec.text(entry, "author"),
              FactCodec.text(entry, "summary"),
              FactCodec.text(entry, "request"),
              facts));
    }
    return new Batch(
        FactCodec.text(node, "id"),
        FactCodec.number(node, "base"),
        instant(FactCodec.text(node, "at")),
        entries);
  }

  private static Instant instant(String text) {
    try {
      return Instant.parse(text);
    } catch (DateTimeException e) {
      throw new UnreadableException("'%s' is no time".formatted(text), e);
    }
  }
}
