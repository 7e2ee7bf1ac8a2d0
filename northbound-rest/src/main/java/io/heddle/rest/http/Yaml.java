package io.heddle.rest.http;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLParser;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.error.YAMLException;

/// YAML as strangers send it: one document, what JSON can say and no more: no anchors, no aliases,
/// no field twice, bounded depth and lengths.
public final class Yaml {

  public static final String MEDIA_TYPE = "application/yaml";

  private static final YAMLMapper MAPPER = mapper();

  private Yaml() {}

  private static YAMLMapper mapper() {
    LoaderOptions bounds = new LoaderOptions();
    bounds.setNestingDepthLimit(Json.MAX_DEPTH);
    bounds.setAllowDuplicateKeys(false);
    YAMLFactory factory =
        YAMLFactory.builder()
            .loaderOptions(bounds)
            .streamReadConstraints(
                StreamReadConstraints.builder()
                    .maxNestingDepth(Json.MAX_DEPTH)
                    .maxStringLength(Json.MAX_STRING)
                    .maxNumberLength(Json.MAX_NUMBER)
                    .build())
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();
    return YAMLMapper.builder(factory)
        .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
        .build();
  }

  /// Reads a request's body.
  ///
  /// @throws Refusal with the line and column where it stops being YAML as accepted here
  public static JsonNode read(byte[] body) {
    try {
      String text = Json.utf8(body);
      refuseAnchors(text);
      JsonNode node = MAPPER.readTree(text);
      if (node == null || node.isMissingNode() || node.isNull()) {
        throw new Refusal(HttpProblem.invalid("", "the body is empty; send a YAML mapping"));
      }
      return node;
    } catch (JsonProcessingException e) {
      throw refusal(place(e), e.getOriginalMessage());
    } catch (YAMLException e) {
      throw refusal("", String.valueOf(e.getMessage()));
    } catch (IOException e) {
      throw new UncheckedIOException(e); // a string has no other I/O
    }
  }

  /// The reader of trees would take an alias for its name.
  private static void refuseAnchors(String body) throws IOException {
    try (YAMLParser parser = MAPPER.getFactory().createParser(body)) {
      for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
        if (parser.isCurrentAlias() || parser.getObjectId() != null) {
          throw refusal(
              place(parser.currentTokenLocation()), "anchors and aliases are not; write it out");
        }
      }
    }
  }

  private static Refusal refusal(String place, String why) {
    String line = why.lines().findFirst().orElse("malformed");
    int aside = line.indexOf(" (from ");
    String kept = aside < 0 ? line : line.substring(0, aside);
    return new Refusal(
        HttpProblem.invalid(
            "",
            "the body is not YAML as accepted here%s: %s"
                .formatted(place, kept.length() > 200 ? kept.substring(0, 200) : kept)));
  }

  private static String place(JsonProcessingException e) {
    return e.getLocation() == null ? "" : place(e.getLocation());
  }

  private static String place(JsonLocation at) {
    return ", at line %d column %d".formatted(at.getLineNr(), at.getColumnNr());
  }
}
