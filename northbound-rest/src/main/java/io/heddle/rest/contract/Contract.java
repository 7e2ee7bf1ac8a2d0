package io.heddle.rest.contract;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.dialect.Dialects;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/// The API's contract, read once.
public final class Contract {

  private static final String RESOURCE = "/openapi.yaml";
  private static final String IRI = "https://heddle.invalid/openapi";
  private static final Set<String> METHODS = Set.of("get", "post", "put", "patch", "delete");

  private final String yaml;
  private final JsonNode document;
  private final Schema whole;
  private final List<Operation> operations;

  private Contract(String yaml, JsonNode document) {
    this.yaml = yaml;
    this.document = document;
    String json = document.toString();
    SchemaRegistry registry =
        SchemaRegistry.withDialect(
            Dialects.getOpenApi31(), builder -> builder.schemas(Map.of(IRI, json)));
    this.whole = registry.getSchema(SchemaLocation.of(IRI));
    this.operations = readOperations();
  }

  public static Contract load() {
    try (InputStream in = Contract.class.getResourceAsStream(RESOURCE)) {
      if (in == null) {
        throw new IllegalStateException("no " + RESOURCE + " on the class path");
      }
      String yaml = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      return new Contract(yaml, new YAMLMapper().readTree(yaml));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public String yaml() {
    return yaml;
  }

  /// The same as a page of HTML, for people.
  public String html() {
    return ContractPage.of(document);
  }

  public List<Operation> operations() {
    return operations;
  }

  /// @throws IllegalArgumentException when there is none of that id
  public Operation operation(String id) {
    return operations.stream()
        .filter(operation -> operation.id().equals(id))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("the contract has no operation " + id));
  }

  private List<Operation> readOperations() {
    List<Operation> found = new ArrayList<>();
    for (Map.Entry<String, JsonNode> path : document.required("paths").properties()) {
      for (Map.Entry<String, JsonNode> member : path.getValue().properties()) {
        if (METHODS.contains(member.getKey())) {
          String at = "/paths/" + escaped(path.getKey());
          found.add(operation(at, path.getKey(), member.getKey()));
        }
      }
    }
    return List.copyOf(found);
  }

  private Operation operation(String pathAt, String path, String method) {
    String at = pathAt + "/" + method;
    JsonNode node = document.at(at);
    List<Parameter> parameters = new ArrayList<>(parameters(pathAt + "/parameters"));
    parameters.addAll(parameters(at + "/parameters"));
    Map<String, Map<String, Schema>> responses = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> response : node.required("responses").properties()) {
      String responseAt = resolve(at + "/responses/" + response.getKey());
      responses.put(response.getKey(), contents(responseAt));
    }
    return new Operation(
        node.required("operationId").asText(),
        method.toUpperCase(Locale.ROOT),
        path,
        !node.has("security"),
        parameters,
        contents(resolve(at + "/requestBody")),
        responses);
  }

  private List<Parameter> parameters(String at) {
    List<Parameter> found = new ArrayList<>();
    for (int i = 0; i < document.at(at).size(); i++) {
      String each = resolve(at + "/" + i);
      JsonNode node = document.at(each);
      Schema schema = schema(each + "/schema");
      found.add(
          new Parameter(
              node.required("name").asText(),
              Parameter.In.valueOf(node.required("in").asText().toUpperCase(Locale.ROOT)),
              node.path("required").asBoolean(),
              document.at(resolve(each + "/schema")).path("type").asText(),
              schema));
    }
    return found;
  }

  private Map<String, Schema> contents(String at) {
    Map<String, Schema> found = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> content : document.at(at + "/content").properties()) {
      found.put(content.getKey(), schema(at + "/content/" + escaped(content.getKey()) + "/schema"));
    }
    return found;
  }

  /// A part of the one schema that is the whole document: asked of the registry, each part would
  /// come with a document of its own.
  private Schema schema(String at) {
    return whole.getRefSchema(SchemaLocation.of(IRI + "#" + resolve(at)).getFragment());
  }

  /// Follows a `$ref` of the document, if there is one.
  private String resolve(String at) {
    JsonNode ref = document.at(at).path("$ref");
    return ref.isTextual() ? resolve(ref.asText().substring(1)) : at;
  }

  /// As a part of a JSON pointer (RFC 6901).
  private static String escaped(String name) {
    return name.replace("~", "~0").replace("/", "~1");
  }
}
