package io.heddle.core.store;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.heddle.core.model.Kind;
import io.heddle.core.model.Kinds;
import io.heddle.core.model.Row;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/// Everything that replication knows at one revision: all rows, and the ids of the last batches.
///
/// On disk it is lines of JSON: a header, one fact a row, and a trailer that counts and sums up
/// what stands before it, so that a file that was cut or changed is refused.
///
/// @param recent ids of the batches that made the last revisions up to the image's own, oldest
///   first: a node whose own batch was in flight when it was given a snapshot learns its fate here
public record Snapshot(Image image, List<String> recent) {

  /// How many batch ids are kept: enough for what can be committed while a node is cut off and does
  /// not yet need a snapshot, and 40 KB.
  static final int RECENT_BATCHES = 1_000;

  private static final String FORMAT = "heddle-snapshot-1";

  public static final Snapshot EMPTY = new Snapshot(Image.EMPTY, List.of());

  public Snapshot {
    recent = List.copyOf(recent);
  }

  /// The batch that made a revision, or null when that is too long ago to tell.
  @Nullable String batchOf(long revision) {
    long index = recent.size() - 1 - (image.revision() - revision);
    return index < 0 || index >= recent.size() ? null : recent.get((int) index);
  }

  public void writeTo(OutputStream out) throws IOException {
    CRC32C sum = new CRC32C();
    ObjectNode header = FactCodec.JSON.createObjectNode();
    header.put("format", FORMAT).put("revision", image.revision());
    ArrayNode ids = header.putArray("recent");
    recent.forEach(ids::add);
    writeLine(out, header, sum);
    long rows = 0;
    for (Kind<?> kind : Kinds.ALL) {
      for (Row row : image.all(kind)) {
        writeLine(out, FactCodec.encode(Fact.put(row)), sum);
        rows++;
      }
    }
    ObjectNode trailer = FactCodec.JSON.createObjectNode();
    trailer.put("rows", rows).put("crc32c", sum.getValue());
    writeLine(out, trailer, sum);
    out.flush();
  }

  private static void writeLine(OutputStream out, JsonNode node, CRC32C sum) throws IOException {
    byte[] line = FactCodec.JSON.writeValueAsBytes(node);
    sum.update(line);
    out.write(line);
    out.write('\n');
  }

  /// @throws UnreadableException when it is cut, changed, or of a newer build
  public static Snapshot readFrom(InputStream in) throws IOException {
    BufferedReader lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
    CRC32C sum = new CRC32C();
    JsonNode header = parse(lines.readLine(), sum);
    FactCodec.requireFields(header, Set.of("format", "revision", "recent"));
    if (!FactCodec.text(header, "format").equals(FORMAT)) {
      throw new UnreadableException("not a snapshot of this build: " + header.get("format"));
    }
    List<String> recent = new ArrayList<>();
    FactCodec.field(header, "recent").forEach(id -> recent.add(id.asText()));
    List<Fact> facts = new ArrayList<>();
    long expected = sum.getValue();
    JsonNode node = parse(lines.readLine(), sum);
    while (!node.has("crc32c")) {
      facts.add(FactCodec.decode(node));
      expected = sum.getValue();
      node = parse(lines.readLine(), sum);
    }
    if (FactCodec.number(node, "rows") != facts.size()
        || FactCodec.number(node, "crc32c") != expected) {
      throw new UnreadableException("the snapshot's rows are not those that were written");
    }
    return new Snapshot(Image.of(FactCodec.number(header, "revision"), facts), recent);
  }

  private static JsonNode parse(@Nullable String line, CRC32C sum) {
    if (line == null) {
      throw new UnreadableException("the snapshot ends in the middle");
    }
    sum.update(line.getBytes(StandardCharsets.UTF_8));
    try {
      return FactCodec.JSON.readTree(line);
    } catch (JacksonException e) {
      throw new UnreadableException("a line of the snapshot is not JSON", e);
    }
  }
}
