package io.heddle.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// What makes and changes route tables: `route-table create`, `add-route` and `remove-route`.
final class Routes {

  private Routes() {}

  @Command(
      name = "create",
      description = "Make a route table for subnets to have; every VPC has one called main.")
  static final class OfTable extends Create {
    @Option(names = "--vpc", required = true, paramLabel = "VPC", description = "Name or id.")
    String vpc = "";

    OfTable() {
      super(ResourceKind.ROUTE_TABLE);
    }

    @Override
    void describe(ObjectNode body, Api api) {
      body.put("vpcId", idOf(ResourceKind.VPC, vpc, api));
    }
  }

  /// What both take. They read the table and write it back, provided that nobody else has changed
  /// it.
  abstract static class OfRoute extends Verb.Write {
    @Parameters(paramLabel = "TABLE", description = "Its name or its id.")
    String table = "";

    @Parameters(paramLabel = "DESTINATION", description = "A CIDR, like 0.0.0.0/0.")
    String destination = "";

    @Option(
        names = "--vpc",
        paramLabel = "VPC",
        description = "Whose table, where names are shared.")
    @Nullable String vpc;

    @Option(names = "--project", paramLabel = "ID", description = "Whose.")
    @Nullable String project;

    OfRoute() {
      super(ResourceKind.ROUTE_TABLE);
    }

    JsonNode standing(Api api) {
      Map<String, String> where = new TreeMap<>(scope(project));
      if (vpc != null) {
        where.put("vpcId", api.idOf(ResourceKind.VPC, vpc, scope(project)));
      }
      return api.get(kind.path(api.idOf(kind, table, where)), Map.of());
    }

    /// The routes to other destinations.
    ArrayNode others(JsonNode standing) {
      ArrayNode routes = Api.JSON.createArrayNode();
      standing
          .path("routes")
          .forEach(route -> {
            if (!route.path("destination").asText().equals(destination)) {
              routes.add(route);
            }
          });
      return routes;
    }

    void write(JsonNode standing, ArrayNode routes, Api api) {
      ObjectNode patch = Api.JSON.createObjectNode();
      patch.set("routes", routes);
      String path = kind.path(standing.path("id").asText());
      api.patchIfMatch(path, query(), patch, standing.path("revision").asLong());
    }
  }

  @Command(
      name = "add-route",
      description = "Add or replace a route, like add-route main 0.0.0.0/0 --port firewall.")
  static final class Add extends OfRoute {
    @ArgGroup(multiplicity = "1")
    Target target = new Target();

    /// Where it leads.
    static final class Target {
      @Option(names = "--port", paramLabel = "PORT", description = "Through a machine of the VPC.")
      @Nullable String port;

      @Option(names = "--peering", paramLabel = "PEERING", description = "To the peer's VPC.")
      @Nullable String peering;

      @Option(names = "--blackhole", description = "Nowhere.")
      boolean blackhole;

      @Option(names = "--local", description = "To who has the address in the VPC.")
      boolean local;
    }

    @Override
    int run(RootCommand heddle, Api api) {
      JsonNode standing = standing(api);
      ArrayNode routes = others(standing);
      ObjectNode route = routes.addObject().put("destination", destination);
      describe(route.putObject("target"), api);
      write(standing, routes, api);
      heddle.done("route to %s in %s".formatted(destination, table), route);
      return ExitCode.OK;
    }

    private void describe(ObjectNode json, Api api) {
      if (target.port != null) {
        json.put("type", "port")
            .put("id", api.idOf(ResourceKind.PORT, target.port, scope(project)));
      } else if (target.peering != null) {
        json.put("type", "peering")
            .put("id", api.idOf(ResourceKind.PEERING, target.peering, scope(project)));
      } else {
        json.put("type", target.local ? "local" : "blackhole");
      }
    }
  }

  @Command(name = "remove-route", description = "Take a route away, like remove-route main ::/0.")
  static final class Remove extends OfRoute {
    @Override
    int run(RootCommand heddle, Api api) {
      JsonNode standing = standing(api);
      ArrayNode routes = others(standing);
      if (routes.size() == standing.path("routes").size()) {
        throw Failure.usage("route-table %s has no route to %s".formatted(table, destination));
      }
      write(standing, routes, api);
      heddle.done(
          "removed the route to %s from %s".formatted(destination, table), Api.JSON.missingNode());
      return ExitCode.OK;
    }
  }
}
