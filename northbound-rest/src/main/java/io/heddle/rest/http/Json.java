package io.heddle.rest.http;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/// JSON as strangers send it: one value, no field twice, bounded depth and lengths.
public final class Json {

  /// The deepest request of the contract has six levels.
  static final int MAX_DEPTH = 32;

  static final int MAX_STRING = 65_536;
  static final int MAX_NUMBER = 64;

  private static final String BYTE_ORDER_MARK = "\ufeff";

  private static final JsonMapper MAPPER =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxNestingDepth(MAX_DEPTH)
                          .maxStringLength(MAX_STRING)
                          .maxNumberLength(MAX_NUMBER)
                          .build())
                  .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                  .build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private Json() {}

  public static ObjectNode object() {
    return MAPPER.createObjectNode();
  }

  /// Reads a request's body.
  ///
  /// @throws Refusal with the line and column where it stops being JSON
  public static JsonNode read(byte[] body) {
    try {
      JsonNode node = MAPPER.readTree(utf8(body));
      if (node == null || node.isMissingNode()) {
        throw new Refusal(HttpProblem.invalid("", "the body is empty; send a JSON object"));
      }
      return node;
    } catch (JsonProcessingException e) {
      throw new Refusal(
          HttpProblem.invalid(
              "",
              "the body is not JSON as accepted here%s: %s"
                  .formatted(place(e), firstLine(e.getOriginalMessage()))));
    }
  }

  /// Left to itself, the parser would guess at other encodings.
  ///
  /// @throws Refusal when it is not UTF-8
  static String utf8(byte[] body) {
    try {
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(body)).toString();
      return text.startsWith(BYTE_ORDER_MARK) ? text.substring(1) : text;
    } catch (CharacterCodingException e) {
      throw new Refusal(HttpProblem.invalid("", "the body is not UTF-8; send it in UTF-8"));
    }
  }

  /// Where it stops; a limit on depth or length comes without a place.
  private static String place(JsonProcessingException e) {
    JsonLocation at = e.getLocation();
    return at == null ? "" : ", at line %d column %d".formatted(at.getLineNr(), at.getColumnNr());
  }

  /// Jackson's sentence, without its internals.
  private static String firstLine(String message) {
    String line = message.lines().findFirst().orElse("malformed");
    int aside = line.indexOf(" (from ");
    String kept = aside < 0 ? line : line.substring(0, aside);
    return kept.length() > 200 ? kept.substring(0, 200) : kept;
  }

  /// Reads what this server wrote.
  public static JsonNode parse(String text) {
    try {
      return MAPPER.readTree(text);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  public static byte[] write(JsonNode node) {
    try {
      return MAPPER.writeValueAsBytes(node);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }
}
