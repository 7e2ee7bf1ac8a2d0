package io.heddle.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `update NAME`: a merge patch of what is named.
abstract class Update extends Verb.Write {

  @Parameters(paramLabel = "NAME", description = "Its name or its id.")
  String named = "";

  @Option(names = "--project", paramLabel = "ID", description = "Whose.")
  @Nullable String project;

  @Option(names = "--name", paramLabel = "NAME", description = "Its new name.")
  @Nullable String newName;

  @Option(names = "--label", paramLabel = "KEY=VALUE", description = "Set a label; repeatable.")
  Map<String, String> labels = new LinkedHashMap<>();

  @Option(names = "--remove-label", paramLabel = "KEY", description = "Repeatable.")
  List<String> removedLabels = new ArrayList<>();

  Update(ResourceKind kind) {
    super(kind);
  }

  /// Adds the changes of the kind's own fields.
  abstract void describe(ObjectNode patch, Api api);

  @Override
  int run(RootCommand heddle, Api api) {
    ObjectNode patch = Api.JSON.createObjectNode();
    if (newName != null) {
      patch.put("name", newName);
    }
    if (!labels.isEmpty() || !removedLabels.isEmpty()) {
      ObjectNode changed = patch.putObject("labels");
      labels.forEach(changed::put);
      removedLabels.forEach(changed::putNull);
    }
    describe(patch, api);
    if (patch.isEmpty()) {
      throw Failure.usage(
          "nothing to change; see 'heddle %s update --help'".formatted(kind.word()));
    }
    String id = api.idOf(kind, named, scope(project));
    JsonNode updated = api.patch(kind.path(id), query(), patch);
    heddle.done("updated " + kind.word() + " " + named, updated);
    return ExitCode.OK;
  }

  String idOf(ResourceKind other, String name, Api api) {
    return api.idOf(other, name, scope(project));
  }
}
