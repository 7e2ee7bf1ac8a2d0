package io.heddle.rest.contract;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.path.NodePath;
import io.heddle.rest.http.HttpProblem;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// Says in one sentence why a schema refuses a value.
final class Complaint {

  /// Values are quoted up to here: a problem is for reading.
  private static final int MAX_QUOTED = 80;

  private Complaint() {}

  static HttpProblem aboutParameter(Parameter parameter, String text, List<Error> errors) {
    return HttpProblem.invalid(
        parameter.name(),
        "'%s' is not a value of %s; %s"
            .formatted(quoted(text), parameter.name(), wanted(errors.getFirst())));
  }

  /// A field that is unknown or missing explains more than what follows from it.
  ///
  /// @param schema what the body was held against
  static HttpProblem aboutBody(Schema schema, List<Error> errors) {
    Error worst =
        errors.stream()
            .min(Comparator.comparingInt(error -> telling(error.getKeyword())))
            .orElseThrow();
    return HttpProblem.invalid(field(worst), sentence(schema, worst));
  }

  private static int telling(String keyword) {
    return switch (keyword) {
      case "additionalProperties" -> 0;
      case "required" -> 1;
      default -> 2;
    };
  }

  private static String field(Error error) {
    String at = dotted(error.getInstanceLocation());
    return switch (error.getKeyword()) {
      case "additionalProperties", "required" ->
          at.isEmpty() ? error.getProperty() : at + "." + error.getProperty();
      default -> at;
    };
  }

  private static String sentence(Schema schema, Error error) {
    return switch (error.getKeyword()) {
      case "additionalProperties" ->
          "there is no field '%s' here that could be set; there are %s"
              .formatted(quoted(error.getProperty()), siblings(schema, error));
      case "required" ->
          "the field '%s' is missing and must be given".formatted(error.getProperty());
      default -> {
        String field = dotted(error.getInstanceLocation());
        yield "%s %s; %s"
            .formatted(
                field.isEmpty() ? "the body" : field, is(error.getInstanceNode()), wanted(error));
      }
    };
  }

  private static String is(JsonNode value) {
    return switch (value.getNodeType()) {
      case OBJECT -> "is an object with %d fields".formatted(value.size());
      case ARRAY -> "is a list of %d".formatted(value.size());
      default -> "is " + quoted(value.toString());
    };
  }

  /// What the schema would have taken.
  private static String wanted(Error error) {
    JsonNode limit = error.getSchemaNode();
    return switch (error.getKeyword()) {
      case "type" -> "it must be of type " + either(limit);
      case "enum" -> "it must be one of " + either(limit);
      case "pattern" -> "it must match " + limit.asText();
      case "minimum" -> "it must be at least " + limit.asText();
      case "maximum" -> "it must be at most " + limit.asText();
      case "minLength" -> "it must have %s characters or more".formatted(limit.asText());
      case "maxLength" -> "it may have %s characters at most".formatted(limit.asText());
      case "minItems" -> "it must hold %s or more".formatted(limit.asText());
      case "maxItems" -> "it may hold %s at most".formatted(limit.asText());
      default -> error.getMessage();
    };
  }

  private static String either(JsonNode choices) {
    if (!choices.isArray()) {
      return choices.asText();
    }
    List<String> names = new ArrayList<>();
    choices.forEach(choice -> names.add(choice.asText()));
    return String.join(", ", names);
  }

  /// The fields that the object at fault may have.
  private static List<String> siblings(Schema schema, Error error) {
    SchemaLocation keyword = error.getSchemaLocation();
    SchemaLocation object =
        new SchemaLocation(keyword.getAbsoluteIri(), keyword.getFragment().getParent());
    List<String> names = new ArrayList<>();
    schema
        .getSchemaContext()
        .getSchemaRegistry()
        .getSchema(object)
        .getSchemaNode()
        .path("properties")
        .fieldNames()
        .forEachRemaining(names::add);
    return names;
  }

  /// `/items/0/cidr` as `items[0].cidr`.
  private static String dotted(NodePath path) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < path.getNameCount(); i++) {
      Object element = path.getElement(i);
      if (element instanceof Number index) {
        text.append('[').append(index).append(']');
      } else {
        text.append(text.isEmpty() ? "" : ".").append(element);
      }
    }
    return text.toString();
  }

  static String quoted(String text) {
    return text.length() <= MAX_QUOTED ? text : text.substring(0, MAX_QUOTED) + "…";
  }
}
