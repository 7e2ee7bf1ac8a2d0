package io.heddle.rest.contract;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// The contract for people: one page without scripts, and without anything from elsewhere.
final class ContractPage {

  private static final String STYLE =
      """
      body{font:15px/1.5 system-ui,sans-serif;margin:0;color:#1b1f24;display:flex}
      nav{width:15em;padding:1.5em;background:#f4f5f7;height:100vh;overflow:auto;position:sticky;top:0;
        box-sizing:border-box;flex:none}
      nav a{display:block;color:#24527a;text-decoration:none;padding:.1em 0}
      main{padding:1.5em 2.5em;max-width:60em;min-width:0}
      h1{margin-top:0} h2{border-bottom:2px solid #d8dce1;margin-top:2.5em}
      h3{font-size:1em;margin:2em 0 .3em} code{font:13px/1.4 ui-monospace,monospace}
      .m{display:inline-block;min-width:4.5em;font-weight:700;color:#24527a}
      table{border-collapse:collapse;width:100%;margin:.4em 0 1em} td,th{text-align:left;vertical-align:top;
        padding:.25em .8em .25em 0;border-bottom:1px solid #e6e8eb} th{font-weight:600}
      td:first-child{white-space:nowrap} p{margin:.4em 0}
      """;

  private final JsonNode document;
  private final StringBuilder out = new StringBuilder();

  private ContractPage(JsonNode document) {
    this.document = document;
  }

  static String of(JsonNode document) {
    return new ContractPage(document).render();
  }

  private String render() {
    Map<String, List<String[]>> byTag = byTag();
    String title = text(document.at("/info/title"));
    out.append("<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>")
        .append(title)
        .append(" API</title><style>")
        .append(STYLE)
        .append("</style></head><body><nav>");
    byTag.keySet().forEach(tag -> link(tag, tag));
    link("schemas", "schemas");
    out.append("</nav><main><h1>").append(title).append(" API</h1><p>");
    out.append(text(document.at("/info/summary"))).append("</p>");
    paragraphs(document.at("/info/description"));
    out.append("<p>As a program reads it: <a href=\"/openapi.yaml\">/openapi.yaml</a></p>");
    byTag.forEach((tag, operations) -> {
      heading(tag);
      operations.forEach(each -> operation(each[0], each[1]));
    });
    heading("schemas");
    document
        .at("/components/schemas")
        .properties()
        .forEach(each -> schema(each.getKey(), each.getValue()));
    return out.append("</main></body></html>").toString();
  }

  /// Path and method of each operation.
  private Map<String, List<String[]>> byTag() {
    Map<String, List<String[]>> byTag = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> path : document.path("paths").properties()) {
      for (Map.Entry<String, JsonNode> method : path.getValue().properties()) {
        if (method.getValue().has("operationId")) {
          byTag
              .computeIfAbsent(
                  method.getValue().at("/tags/0").asText("other"), fresh -> new ArrayList<>())
              .add(new String[] {path.getKey(), method.getKey()});
        }
      }
    }
    return byTag;
  }

  private void link(String anchor, String words) {
    out.append("<a href=\"#").append(anchor).append("\">").append(escaped(words)).append("</a>");
  }

  private void heading(String name) {
    out.append("<h2 id=\"").append(name).append("\">").append(escaped(name)).append("</h2>");
  }

  private void operation(String path, String method) {
    JsonNode whole = document.path("paths").path(path);
    JsonNode operation = whole.path(method);
    out.append("<h3 id=\"")
        .append(text(operation.path("operationId")))
        .append("\"><span class=\"m\">")
        .append(method.toUpperCase(Locale.ROOT))
        .append("</span><code>")
        .append(escaped(path))
        .append("</code></h3><p>")
        .append(text(operation.path("summary")))
        .append("</p>");
    paragraphs(operation.path("description"));
    List<JsonNode> parameters = new ArrayList<>();
    whole.path("parameters").forEach(each -> parameters.add(resolved(each)));
    operation.path("parameters").forEach(each -> parameters.add(resolved(each)));
    if (!parameters.isEmpty()) {
      out.append("<table><tr><th>parameter</th><th>in</th><th>what</th></tr>");
      parameters.forEach(each ->
          row(
              text(each.path("name")),
              text(each.path("in")),
              type(each.path("schema")) + " " + text(each.path("description"))));
      out.append("</table>");
    }
    contents(resolved(operation.path("requestBody")), operation.path("responses"));
  }

  private void contents(JsonNode body, JsonNode responses) {
    out.append("<table><tr><th>body</th><th>media type</th><th>what</th></tr>");
    for (Map.Entry<String, JsonNode> content : body.path("content").properties()) {
      row("request", escaped(content.getKey()), type(content.getValue().path("schema")));
    }
    for (Map.Entry<String, JsonNode> response : responses.properties()) {
      JsonNode answer = resolved(response.getValue());
      String words = text(answer.path("description"));
      if (answer.path("content").isEmpty()) {
        row(escaped(response.getKey()), "", words);
      }
      for (Map.Entry<String, JsonNode> content : answer.path("content").properties()) {
        row(
            escaped(response.getKey()),
            escaped(content.getKey()),
            words + " " + type(content.getValue().path("schema")));
      }
    }
    out.append("</table>");
  }

  private void schema(String name, JsonNode schema) {
    out.append("<h3 id=\"schema-").append(name).append("\"><code>").append(name);
    out.append("</code></h3><p>").append(text(schema.path("description"))).append("</p>");
    if (schema.path("properties").isEmpty()) {
      out.append("<p>").append(type(schema)).append("</p>");
      return;
    }
    List<String> required = new ArrayList<>();
    schema.path("required").forEach(each -> required.add(each.asText()));
    out.append("<table><tr><th>field</th><th></th><th>what</th></tr>");
    schema.path("allOf").forEach(base -> row("", "", "all of " + type(base)));
    for (Map.Entry<String, JsonNode> field : schema.path("properties").properties()) {
      row(
          "<code>" + escaped(field.getKey()) + "</code>",
          required.contains(field.getKey()) ? "required" : "",
          type(field.getValue()) + " " + text(field.getValue().path("description")));
    }
    out.append("</table>");
  }

  /// @param cells HTML
  private void row(String... cells) {
    out.append("<tr>");
    for (String cell : cells) {
      out.append("<td>").append(cell).append("</td>");
    }
    out.append("</tr>");
  }

  private String type(JsonNode schema) {
    if (schema.has("$ref")) {
      String ref = schema.get("$ref").asText();
      String name = escaped(ref.substring(ref.lastIndexOf('/') + 1));
      return "<a href=\"#schema-%s\">%s</a>".formatted(name, name);
    }
    if (schema.has("oneOf")) {
      List<String> choices = new ArrayList<>();
      schema.get("oneOf").forEach(each -> choices.add(type(each)));
      return String.join(" or ", choices);
    }
    StringBuilder words = new StringBuilder();
    JsonNode type = schema.path("type");
    if (type.isArray()) {
      List<String> choices = new ArrayList<>();
      type.forEach(each -> choices.add(text(each)));
      words.append(String.join(" or ", choices));
    } else {
      words.append(text(type));
    }
    if (schema.has("items")) {
      words.append(" of ").append(type(schema.get("items")));
    }
    for (String limit :
        List.of(
            "format",
            "enum",
            "pattern",
            "minimum",
            "maximum",
            "minItems",
            "maxItems",
            "minLength",
            "maxLength",
            "default")) {
      if (schema.has(limit)) {
        words
            .append("; ")
            .append(limit)
            .append(" <code>")
            .append(text(schema.get(limit)))
            .append("</code>");
      }
    }
    return words.toString();
  }

  private JsonNode resolved(JsonNode node) {
    return node.has("$ref") ? document.at(node.get("$ref").asText().substring(1)) : node;
  }

  private void paragraphs(JsonNode text) {
    for (String paragraph : text.asText().split("\n\n", -1)) {
      if (!paragraph.isBlank()) {
        out.append("<p>").append(inCode(escaped(paragraph))).append("</p>");
      }
    }
  }

  private static String text(JsonNode value) {
    return inCode(escaped(value.isContainerNode() ? value.toString() : value.asText()));
  }

  /// `code` as the contract marks it.
  private static String inCode(String html) {
    return html.replaceAll("`([^`]*)`", "<code>$1</code>");
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;");
  }
}
