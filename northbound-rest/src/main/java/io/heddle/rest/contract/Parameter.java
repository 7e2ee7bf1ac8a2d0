package io.heddle.rest.contract;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.TextNode;
import com.networknt.schema.Schema;

/// A parameter of an operation.
///
/// @param type `string`, `integer` or `boolean`
public record Parameter(String name, In in, boolean required, String type, Schema schema) {

  public enum In {
    PATH,
    QUERY,
    HEADER
  }

  /// The text as a value of the parameter's type; text that is not one stays text, and the schema
  /// says so.
  JsonNode value(String text) {
    return switch (type) {
      case "integer" ->
          text.matches("-?[0-9]{1,18}")
              ? LongNode.valueOf(Long.parseLong(text))
              : new TextNode(text);
      case "boolean" ->
          text.equals("true") || text.equals("false")
              ? BooleanNode.valueOf(Boolean.parseBoolean(text))
              : new TextNode(text);
      default -> new TextNode(text);
    };
  }
}
