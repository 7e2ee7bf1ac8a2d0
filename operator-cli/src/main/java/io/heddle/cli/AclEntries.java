package io.heddle.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `network-acl add-entry` and `remove-entry`.
final class AclEntries {

  private AclEntries() {}

  /// What both take. They read the ACL and write it back, provided that nobody else has changed it.
  abstract static class OfEntry extends Verb.Write {
    @Parameters(paramLabel = "ACL", description = "Its name or its id.")
    String acl = "";

    @Parameters(paramLabel = "NUMBER", description = "The entry's; lower ones decide first.")
    int number;

    @Option(names = "--project", paramLabel = "ID", description = "Whose.")
    @Nullable String project;

    @ArgGroup(multiplicity = "1")
    Rules.Add.Way way = new Rules.Add.Way();

    OfEntry() {
      super(ResourceKind.NETWORK_ACL);
    }

    String direction() {
      return way.ingress != null ? "ingress" : "egress";
    }

    boolean isMeant(JsonNode entry) {
      return entry.path("number").asInt() == number
          && entry.path("direction").asText().equals(direction());
    }

    void write(JsonNode standing, ArrayNode entries, Api api) {
      ObjectNode patch = Api.JSON.createObjectNode();
      patch.set("entries", entries);
      String path = kind.path(standing.path("id").asText());
      api.patchIfMatch(path, query(), patch, standing.path("revision").asLong());
    }
  }

  @Command(
      name = "add-entry",
      description = "Add or replace an entry, like add-entry web 100 --ingress tcp/443 --allow.")
  static final class Add extends OfEntry {
    @ArgGroup(multiplicity = "1")
    Decision decision = new Decision();

    @Option(
        names = {"--from", "--to"},
        paramLabel = "CIDR",
        description = "The other end (default: any).")
    @Nullable String cidr;

    @Option(names = "--description", paramLabel = "TEXT", description = "Why it is there.")
    @Nullable String description;

    /// What becomes of it.
    static final class Decision {
      @Option(names = "--allow", description = "Let it pass.")
      boolean allow;

      @Option(names = "--deny", description = "Drop it.")
      boolean deny;
    }

    @Override
    int run(RootCommand heddle, Api api) {
      JsonNode standing = api.get(kind.path(api.idOf(kind, acl, scope(project))), Map.of());
      ArrayNode entries = Api.JSON.createArrayNode();
      standing
          .path("entries")
          .forEach(entry -> {
            if (!isMeant(entry)) {
              entries.add(entry);
            }
          });
      ObjectNode entry =
          entries
              .addObject()
              .put("number", number)
              .put("direction", direction())
              .put("action", decision.allow ? "allow" : "deny");
      String service = way.ingress != null ? way.ingress : way.egress;
      Rules.service(service == null ? "any" : service, entry);
      if (cidr != null) {
        entry.put("cidr", cidr);
      }
      if (description != null) {
        entry.put("description", description);
      }
      write(standing, entries, api);
      heddle.done("entry %s %d of %s".formatted(direction(), number, acl), entry);
      return ExitCode.OK;
    }
  }

  @Command(
      name = "remove-entry",
      description = "Take an entry away, like remove-entry web 100 --ingress any.")
  static final class Remove extends OfEntry {
    @Override
    int run(RootCommand heddle, Api api) {
      JsonNode standing = api.get(kind.path(api.idOf(kind, acl, scope(project))), Map.of());
      ArrayNode entries = Api.JSON.createArrayNode();
      standing
          .path("entries")
          .forEach(entry -> {
            if (!isMeant(entry)) {
              entries.add(entry);
            }
          });
      if (entries.size() == standing.path("entries").size()) {
        throw Failure.usage(
            "network-acl %s has no %s entry %d".formatted(acl, direction(), number));
      }
      write(standing, entries, api);
      heddle.done(
          "removed %s entry %d of %s".formatted(direction(), number, acl), Api.JSON.missingNode());
      return ExitCode.OK;
    }
  }
}
