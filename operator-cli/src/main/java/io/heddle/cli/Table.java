package io.heddle.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.StringJoiner;

/// Rows in aligned columns, for eyes; programs take `-o json`.
final class Table {

  private static final String GAP = "  ";

  private Table() {}

  static void print(List<ResourceKind.Column> columns, Iterable<JsonNode> rows, PrintWriter out) {
    List<List<String>> lines = new ArrayList<>();
    lines.add(columns.stream().map(ResourceKind.Column::header).toList());
    for (JsonNode row : rows) {
      lines.add(columns.stream().map(column -> shown(column.value().apply(row))).toList());
    }
    print(lines, out);
  }

  static void print(List<List<String>> lines, PrintWriter out) {
    int columns = lines.getFirst().size();
    int[] widths = new int[columns];
    for (List<String> line : lines) {
      for (int i = 0; i < columns; i++) {
        widths[i] = Math.max(widths[i], line.get(i).length());
      }
    }
    for (List<String> line : lines) {
      StringBuilder text = new StringBuilder();
      for (int i = 0; i < columns; i++) {
        text.append(line.get(i)).append(" ".repeat(widths[i] - line.get(i).length())).append(GAP);
      }
      out.println(text.toString().stripTrailing());
    }
  }

  /// One resource, a field a line; nested ones are joined with dots.
  static void printFields(JsonNode resource, PrintWriter out) {
    List<List<String>> lines = new ArrayList<>();
    collect("", resource, lines);
    print(lines, out);
  }

  private static void collect(String name, JsonNode value, List<List<String>> lines) {
    if (value.isObject()) {
      value
          .properties()
          .forEach(field ->
              collect(
                  name.isEmpty() ? field.getKey() : name + "." + field.getKey(),
                  field.getValue(),
                  lines));
    } else if (value.isArray() && value.path(0).isObject()) {
      for (int i = 0; i < value.size(); i++) {
        lines.add(List.of("%s[%d]".formatted(name, i), inline(value.get(i))));
      }
    } else {
      lines.add(List.of(name, shown(text(value))));
    }
  }

  private static String inline(JsonNode object) {
    StringJoiner fields = new StringJoiner(" ");
    object
        .properties()
        .forEach(field -> {
          String value = text(field.getValue());
          if (!value.isEmpty()) {
            fields.add(field.getKey() + "=" + value);
          }
        });
    return fields.toString();
  }

  static String text(JsonNode value) {
    if (value.isNull() || value.isMissingNode()) {
      return "";
    }
    if (!value.isArray()) {
      return value.isObject() ? inline(value) : value.asText();
    }
    StringJoiner items = new StringJoiner(",");
    value.forEach(item -> items.add(text(item)));
    return items.toString();
  }

  private static String shown(String text) {
    return text.isEmpty() ? "-" : text;
  }
}
