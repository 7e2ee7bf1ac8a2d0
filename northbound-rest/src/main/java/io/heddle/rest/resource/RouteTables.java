package io.heddle.rest.resource;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.heddle.core.model.IpPrefix;
import io.heddle.core.model.Kind;
import io.heddle.core.model.PeeringId;
import io.heddle.core.model.PortId;
import io.heddle.core.model.ProjectId;
import io.heddle.core.model.RouteTable;
import io.heddle.core.model.RouteTableId;
import io.heddle.core.model.RouteTarget;
import io.heddle.core.model.VpcId;
import io.heddle.core.store.Command;
import io.heddle.rest.http.Refusal;
import io.heddle.vpc.command.CreateRouteTable;
import io.heddle.vpc.command.DeleteRouteTable;
import io.heddle.vpc.command.RouteFaults;
import io.heddle.vpc.command.UpdateRouteTable;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.function.Supplier;

/// `/v1/route-tables`
final class RouteTables implements ResourceType.Creatable<RouteTable> {

  /// So many routes that lead nowhere are named in a status.
  private static final int NAMED = 3;

  @Override
  public String path() {
    return "route-tables";
  }

  @Override
  public String singular() {
    return "RouteTable";
  }

  @Override
  public Kind<RouteTable> kind() {
    return RouteTable.KIND;
  }

  @Override
  public void describe(RouteTable table, Scene scene, ObjectNode json) {
    json.put("vpcId", table.vpc().toString()).put("main", table.main());
    ArrayNode routes = json.putArray("routes");
    for (RouteTable.Route route : table.routes()) {
      ObjectNode line = routes.addObject().put("destination", route.destination().toString());
      write(route.target(), line.putObject("target"));
    }
  }

  private static void write(RouteTarget target, ObjectNode json) {
    switch (target) {
      case RouteTarget.Local() -> json.put("type", "local");
      case RouteTarget.ToPort(var port) -> json.put("type", "port").put("id", port.toString());
      case RouteTarget.ToPeer(var peering) ->
          json.put("type", "peering").put("id", peering.toString());
      case RouteTarget.Blackhole() -> json.put("type", "blackhole");
      case RouteTarget.NatGateway(var gateway) ->
          json.put("type", "natGateway").put("id", gateway.toString());
      case RouteTarget.Internet() -> json.put("type", "internet");
    }
  }

  private static RouteTable.Route read(Fields fields) {
    Fields target =
        fields
            .object("target")
            .orElseThrow(() -> fields.refused("target", "the field 'target' must be given"));
    return new RouteTable.Route(fields.required("destination", IpPrefix::parse), target(target));
  }

  private static RouteTarget target(Fields fields) {
    String type = fields.text("type").orElse("");
    return switch (type) {
      case "local" -> withoutId(fields, type, new RouteTarget.Local());
      case "blackhole" -> withoutId(fields, type, new RouteTarget.Blackhole());
      case "internet" -> withoutId(fields, type, new RouteTarget.Internet());
      case "port" -> new RouteTarget.ToPort(fields.required("id", PortId::parse));
      case "peering" -> new RouteTarget.ToPeer(fields.required("id", PeeringId::parse));
      case "natGateway" -> new RouteTarget.NatGateway(fields.required("id", UUID::fromString));
      default -> throw refusedType(fields, type);
    };
  }

  private static Refusal refusedType(Fields fields, String type) {
    return fields.refused(
        "type", "'%s' is not a target; it is local, port, peering or blackhole".formatted(type));
  }

  private static RouteTarget withoutId(Fields fields, String type, RouteTarget target) {
    if (fields.text("id").isPresent()) {
      throw fields.refused("id", "a target of type %s has no id; leave it out".formatted(type));
    }
    return target;
  }

  /// A route that leads nowhere is no fault of any switch, and yet not as asked for.
  @Override
  public Status status(RouteTable table, Scene scene) {
    Status inSwitches = ResourceType.Creatable.super.status(table, scene);
    List<String> faults = RouteFaults.of(table, scene.image());
    if (inSwitches.state() == Status.State.DEGRADED || faults.isEmpty()) {
      return inSwitches;
    }
    String more = faults.size() > NAMED ? "; and %d more".formatted(faults.size() - NAMED) : "";
    return new Status(
        Status.State.DEGRADED,
        "routes that lead nowhere: "
            + String.join("; ", faults.subList(0, Math.min(NAMED, faults.size())))
            + more);
  }

  @Override
  public Command<RouteTable> creation(Fields body, ProjectId project, Supplier<UUID> ids) {
    return new CreateRouteTable(
        new RouteTableId(ids.get()),
        project,
        body.required("vpcId", VpcId::parse),
        body.text("name").orElse(""),
        body.labels(),
        routes(body).orElse(List.of()));
  }

  @Override
  public Command<RouteTable> update(RouteTable table, Fields patch, OptionalLong ifMatch) {
    return new UpdateRouteTable(
        table.id(),
        table.meta().project(),
        ifMatch,
        patch.patchedName(),
        patch.mergedLabels(table.meta().labels()),
        routes(patch));
  }

  private static Optional<List<RouteTable.Route>> routes(Fields body) {
    return body.objects("routes").map(routes -> routes.stream().map(RouteTables::read).toList());
  }

  @Override
  public Command<RouteTable> deletion(RouteTable table, OptionalLong ifMatch) {
    return new DeleteRouteTable(table.id(), table.meta().project(), ifMatch);
  }

  @Override
  public List<Filter<RouteTable>> filters() {
    return List.of(
        new Filter<>(
            "vpcId",
            text -> VpcId.parse(text).toString(),
            (image, vpc) -> image.findBy(RouteTable.KIND, RouteTable.BY_VPC, VpcId.parse(vpc)),
            (table, image) -> List.of(table.vpc().toString())));
  }

  /// Its targets are ids of what a manifest knows by name.
  @Override
  public boolean isInManifests() {
    return false;
  }

  @Override
  public List<RouteTable> of(ProjectId project, Scene scene) {
    return List.copyOf(scene.image().findBy(RouteTable.KIND, RouteTable.BY_PROJECT, project));
  }
}
