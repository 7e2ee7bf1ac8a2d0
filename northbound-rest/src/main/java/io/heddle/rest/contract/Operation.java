package io.heddle.rest.contract;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import io.heddle.rest.http.HttpProblem;
import io.heddle.rest.http.Refusal;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// One method of one path.
///
/// @param id its `operationId`: what handlers are registered under
/// @param secured whether it wants a token
/// @param bodies the schema of the request's body by media type; empty where none is taken
/// @param responses the schema of an answer's body by status (or `default`) and media type
public record Operation(
    String id,
    String method,
    String path,
    boolean secured,
    List<Parameter> parameters,
    Map<String, Schema> bodies,
    Map<String, Map<String, Schema>> responses) {

  public Operation {
    parameters = List.copyOf(parameters);
  }

  public boolean takesBody() {
    return !bodies.isEmpty();
  }

  public List<Parameter> parameters(Parameter.In in) {
    return parameters.stream().filter(parameter -> parameter.in() == in).toList();
  }

  public Optional<Parameter> parameter(Parameter.In in, String name) {
    return parameters.stream()
        .filter(parameter -> parameter.in() == in && parameter.name().equals(name))
        .findFirst();
  }

  /// @throws Refusal when it is not a value of the parameter
  public void check(Parameter parameter, String text) {
    List<Error> errors = parameter.schema().validate(parameter.value(text));
    if (!errors.isEmpty()) {
      throw new Refusal(Complaint.aboutParameter(parameter, text, errors));
    }
  }

  /// @throws Refusal when it is not a body of the operation; the most telling mistake is named
  public void check(String mediaType, JsonNode body) {
    Schema schema = bodies.get(mediaType);
    if (schema == null) {
      throw new IllegalArgumentException(id + " takes no " + mediaType);
    }
    Schema chosen = alternative(schema, body);
    List<Error> errors = chosen.validate(body);
    if (!errors.isEmpty()) {
      throw new Refusal(Complaint.aboutBody(chosen, errors));
    }
  }

  /// Creations take one or many: what has `items` is meant to be many. To choose first makes for
  /// better sentences than to fail both.
  private static Schema alternative(Schema schema, JsonNode body) {
    JsonNode choices = schema.getSchemaNode().path("oneOf");
    if (choices.size() != 2) {
      return schema;
    }
    String ref = choices.get(body.has("items") ? 1 : 0).required("$ref").asText();
    return schema
        .getSchemaContext()
        .getSchemaRegistry()
        .getSchema(schema.getSchemaLocation().resolve(ref));
  }

  /// The fields that its body may have; where it takes one or many, those of one.
  public Set<String> fields() {
    Set<String> names = new LinkedHashSet<>();
    body().path("properties").fieldNames().forEachRemaining(names::add);
    return names;
  }

  /// Those of them that must be given.
  public Set<String> requiredFields() {
    Set<String> names = new LinkedHashSet<>();
    body().path("required").forEach(name -> names.add(name.asText()));
    return names;
  }

  private JsonNode body() {
    Schema first = bodies.values().iterator().next();
    return alternative(first, MissingNode.getInstance()).getSchemaNode();
  }

  /// What is wrong with an answer, for tests.
  public List<String> mistakes(int status, String mediaType, Optional<JsonNode> body) {
    Map<String, Schema> contents =
        responses.getOrDefault(Integer.toString(status), responses.get("default"));
    if (contents == null) {
      return List.of("%s must not answer %d".formatted(id, status));
    }
    if (contents.isEmpty()) {
      return body.isPresent() ? List.of("%s %d has no body".formatted(id, status)) : List.of();
    }
    Schema schema = contents.get(mediaType);
    if (schema == null) {
      return List.of("%s %d is not '%s'".formatted(id, status, mediaType));
    }
    return body.map(json -> schema.validate(json).stream().map(Error::toString).toList())
        .orElse(List.of());
  }

  static HttpProblem unknownParameter(String name, List<Parameter> known) {
    return HttpProblem.invalid(
        name,
        "there is no query parameter '%s' here; there are %s"
            .formatted(
                Complaint.quoted(name), known.stream().map(Parameter::name).sorted().toList()));
  }

  /// @throws Refusal when the operation has no such query parameter
  public Parameter query(String name) {
    return parameter(Parameter.In.QUERY, name)
        .orElseThrow(() -> new Refusal(unknownParameter(name, parameters(Parameter.In.QUERY))));
  }
}
