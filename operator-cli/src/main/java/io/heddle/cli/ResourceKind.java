package io.heddle.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.StringJoiner;
import java.util.function.Function;

/// A kind of resource as operators see it: its word on the command line, its path, what a table
/// shows of it, and by which of its relations a list may be narrowed down.
enum ResourceKind {
  PROJECT(
      List.of(
          Column.of("ID", "/id"),
          Column.of("NAME", "/name"),
          new Column("VPCS", json -> ofQuota(json, "vpcs")),
          new Column("SUBNETS", json -> ofQuota(json, "subnets")),
          new Column("PORTS", json -> ofQuota(json, "ports")))),
  VPC(
      List.of(
          Column.of("NAME", "/name"),
          Column.of("ID", "/id"),
          Column.of("CIDRS", "/cidrs"),
          Column.of("PROJECT", "/project"),
          Column.STATUS)),
  SUBNET(
      List.of(
          Column.of("NAME", "/name"),
          Column.of("ID", "/id"),
          Column.of("CIDR", "/cidr"),
          Column.of("GATEWAY", "/gatewayIp"),
          Column.of("VPC", "/vpcId"),
          Column.STATUS)),
  PORT(
      List.of(
          Column.of("NAME", "/name"),
          Column.of("ID", "/id"),
          new Column("ADDRESSES", ResourceKind::addresses),
          Column.of("MAC", "/macAddress"),
          Column.of("HOST", "/binding/hostId"),
          Column.of("BINDING", "/binding/state"),
          Column.STATUS)),
  SECURITY_GROUP(
      List.of(
          Column.of("NAME", "/name"),
          Column.of("ID", "/id"),
          Column.of("VPC", "/vpcId"),
          new Column("RULES", json -> Integer.toString(json.path("rules").size())),
          Column.STATUS)),
  PREFIX_LIST(
      List.of(
          Column.of("NAME", "/name"),
          Column.of("ID", "/id"),
          new Column("ENTRIES", json -> Integer.toString(json.path("entries").size())),
          Column.STATUS)),
  NETWORK_ACL(
      List.of(
          Column.of("NAME", "/name"),
          Column.of("ID", "/id"),
          Column.of("VPC", "/vpcId"),
          new Column("ENTRIES", json -> Integer.toString(json.path("entries").size())),
          Column.STATUS)),
  ROUTE_TABLE(
      List.of(
          Column.of("NAME", "/name"),
          Column.of("ID", "/id"),
          Column.of("VPC", "/vpcId"),
          Column.of("MAIN", "/main"),
          new Column("ROUTES", json -> Integer.toString(json.path("routes").size())),
          Column.STATUS)),
  PEERING(
      List.of(
          Column.of("NAME", "/name"),
          Column.of("ID", "/id"),
          Column.of("REQUESTER", "/requesterVpcId"),
          Column.of("ACCEPTER", "/accepterVpcId"),
          Column.of("STATE", "/state"),
          Column.STATUS)),
  HOST(
      List.of(
          Column.of("ID", "/id"),
          Column.of("HOSTNAME", "/hostname"),
          Column.of("TUNNEL IP", "/tunnelIp"),
          Column.of("ZONE", "/zone"),
          Column.of("CONNECTED", "/connected"),
          Column.of("REALIZED", "/realizedRevision"),
          Column.STATUS)),
  REVISION(
      List.of(
          Column.of("REVISION", "/revision"),
          Column.of("AT", "/at"),
          new Column("AUTHOR", json -> ofCommands(json, "author")),
          new Column("WHAT", json -> ofCommands(json, "summary"))));

  @SuppressWarnings("ImmutableEnumChecker") // the lists come from List.of, the functions are pure
  private final List<Column> columns;

  ResourceKind(List<Column> columns) {
    this.columns = columns;
  }

  /// One column of a table.
  record Column(String header, Function<JsonNode, String> value) {
    static final Column STATUS = of("STATUS", "/status/state");

    static Column of(String header, String pointer) {
      return new Column(header, json -> Table.text(json.at(pointer)));
    }
  }

  List<Column> columns() {
    return columns;
  }

  /// As on the command line.
  String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  String path() {
    return "/v1/" + word() + "s";
  }

  String path(String id) {
    return path() + "/" + id;
  }

  /// Projects and hosts are called by their ids, which are names.
  boolean hasNamesForIds() {
    return this == PROJECT || this == HOST || this == REVISION;
  }

  /// Options of `list` that name another resource, and the query parameter each stands for.
  Map<ResourceKind, String> relations() {
    return switch (this) {
      case SUBNET, SECURITY_GROUP, NETWORK_ACL, ROUTE_TABLE, PEERING -> Map.of(VPC, "vpcId");
      case PORT ->
          Map.of(
              VPC, "vpcId", SUBNET, "subnetId", SECURITY_GROUP, "securityGroupId", HOST, "hostId");
      case PROJECT, VPC, PREFIX_LIST, HOST, REVISION -> Map.of();
    };
  }

  boolean belongsToProject() {
    return this != PROJECT && this != HOST && this != REVISION;
  }

  private static String ofQuota(JsonNode project, String what) {
    return project.at("/usage/" + what).asText() + "/" + project.at("/quotas/" + what).asText();
  }

  private static String addresses(JsonNode port) {
    StringJoiner addresses = new StringJoiner(",");
    port.path("privateIps").forEach(ip -> addresses.add(ip.path("address").asText()));
    return addresses.toString();
  }

  private static String ofCommands(JsonNode revision, String field) {
    JsonNode commands = revision.path("commands");
    String first = commands.path(0).path(field).asText();
    return commands.size() > 1 && field.equals("summary")
        ? "%s and %d more".formatted(first, commands.size() - 1)
        : first;
  }
}
