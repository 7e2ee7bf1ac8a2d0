package io.heddle.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `update` for each kind that can be changed.
final class Updates {

  private Updates() {}

  @Command(name = "update", description = "Rename it, or change its quotas.")
  static final class OfProject extends Update {
    @Option(
        names = "--quota",
        paramLabel = "WHAT=N",
        description =
            "vpcs, subnets, ports, securityGroups, rules, prefixLists or networkAcls; repeatable.")
    Map<String, Integer> quotas = new LinkedHashMap<>();

    OfProject() {
      super(ResourceKind.PROJECT);
    }

    @Override
    void describe(ObjectNode patch, Api api) {
      if (!quotas.isEmpty()) {
        quotas.forEach(patch.putObject("quotas")::put);
      }
    }
  }

  @Command(name = "update", description = "Rename it, or give it more addresses.")
  static final class OfVpc extends Update {
    @Option(
        names = "--cidr",
        paramLabel = "CIDR",
        description = "All that it is to have; repeatable.")
    List<String> cidrs = new ArrayList<>();

    @Option(
        names = "--ipv6-cidr",
        paramLabel = "CIDR",
        description = "All of IPv6 that it is to have; repeatable.")
    List<String> ipv6Cidrs = new ArrayList<>();

    OfVpc() {
      super(ResourceKind.VPC);
    }

    @Override
    void describe(ObjectNode patch, Api api) {
      if (!cidrs.isEmpty()) {
        cidrs.forEach(patch.putArray("cidrs")::add);
      }
      if (!ipv6Cidrs.isEmpty()) {
        ipv6Cidrs.forEach(patch.putArray("ipv6Cidrs")::add);
      }
    }
  }

  @Command(name = "update", description = "Rename it, or change its zone or what DHCP tells.")
  static final class OfSubnet extends Update {
    @Option(names = "--zone", paramLabel = "ZONE", description = "Where its VMs are meant to run.")
    @Nullable String zone;

    @Mixin DhcpOptions settings = new DhcpOptions();

    @Option(names = "--dhcp", arity = "1", paramLabel = "true|false", description = "Answer DHCP?")
    @Nullable Boolean dhcp;

    @Option(
        names = "--ipv6-cidr",
        paramLabel = "CIDR",
        description = "A /64, for a subnet that has no IPv6 yet.")
    @Nullable String ipv6Cidr;

    @Option(
        names = "--acl",
        paramLabel = "ACL",
        description = "A network ACL's name or id; 'none' takes it away.")
    @Nullable String acl;

    @Option(
        names = "--route-table",
        paramLabel = "TABLE",
        description = "A route table's name or id; 'main' for the VPC's main one.")
    @Nullable String routeTable;

    OfSubnet() {
      super(ResourceKind.SUBNET);
    }

    @Override
    void describe(ObjectNode patch, Api api) {
      if (zone != null) {
        patch.put("zone", zone);
      }
      if (ipv6Cidr != null) {
        patch.put("ipv6Cidr", ipv6Cidr);
      }
      if (acl != null) {
        patch.put(
            "networkAclId", acl.equals("none") ? null : idOf(ResourceKind.NETWORK_ACL, acl, api));
      }
      if (routeTable != null) {
        patch.put(
            "routeTableId",
            routeTable.equals("main") ? null : idOf(ResourceKind.ROUTE_TABLE, routeTable, api));
      }
      ObjectNode told = Api.JSON.createObjectNode();
      settings.describe(told);
      if (dhcp != null) {
        told.put("enabled", dhcp);
      }
      if (!told.isEmpty()) {
        patch.set("dhcp", told);
      }
    }
  }

  @Command(name = "update", description = "Change its addresses, groups or settings.")
  static final class OfPort extends Update {
    @Option(
        names = "--address",
        paramLabel = "IP",
        description = "All that it is to have, the primary one first; repeatable.")
    List<String> addresses = new ArrayList<>();

    @Option(
        names = "--group",
        paramLabel = "GROUP",
        description = "All that it is to be in; repeatable.")
    List<String> groups = new ArrayList<>();

    @Option(names = "--no-groups", description = "In no security group: nothing passes.")
    boolean withoutGroups;

    @Option(
        names = "--host",
        paramLabel = "HOST",
        description = "The only host that may have it; 'any' for any.")
    @Nullable String host;

    @Option(
        names = "--migrating-to",
        paramLabel = "HOST",
        description = "The host that its VM is being moved to; 'none' calls it off.")
    @Nullable String migratingTo;

    @Option(names = "--device", paramLabel = "ID", description = "The VM, in your words.")
    @Nullable String device;

    @Option(names = "--admin-up", arity = "1", paramLabel = "true|false", description = "On?")
    @Nullable Boolean adminUp;

    @Option(
        names = "--port-security",
        arity = "1",
        paramLabel = "true|false",
        description = "Own MAC and addresses only?")
    @Nullable Boolean portSecurity;

    @Option(
        names = "--allow-address",
        paramLabel = "CIDR[=MAC]",
        description = "All further addresses that it may send as; repeatable.")
    List<String> pairs = new ArrayList<>();

    OfPort() {
      super(ResourceKind.PORT);
    }

    @Override
    void describe(ObjectNode patch, Api api) {
      if (!addresses.isEmpty()) {
        ArrayNode ips = patch.putArray("privateIps");
        addresses.forEach(address -> ips.addObject().put("address", address));
      }
      if (!groups.isEmpty() || withoutGroups) {
        ArrayNode ids = patch.putArray("securityGroupIds");
        groups.forEach(group -> ids.add(idOf(ResourceKind.SECURITY_GROUP, group, api)));
      }
      if (host != null) {
        patch.put("requestedHostId", host.equals("any") ? null : host);
      }
      if (migratingTo != null) {
        patch.put("migratingToHostId", migratingTo.equals("none") ? null : migratingTo);
      }
      if (device != null) {
        patch.put("deviceId", device);
      }
      if (adminUp != null) {
        patch.put("adminUp", adminUp);
      }
      if (portSecurity != null) {
        patch.put("portSecurity", portSecurity);
      }
      if (!pairs.isEmpty()) {
        Creations.pairs(pairs, patch);
      }
    }
  }

  @Command(
      name = "update",
      description = "Rename or label it, or have packets logged; rules have commands of their own.")
  static final class OfSecurityGroup extends Update {
    @Option(
        names = "--log",
        split = ",",
        paramLabel = "drops|accepts|none",
        description = "All that it is to have logged, like --log drops,accepts.")
    List<String> logged = new ArrayList<>();

    OfSecurityGroup() {
      super(ResourceKind.SECURITY_GROUP);
    }

    @Override
    void describe(ObjectNode patch, Api api) {
      if (logged.isEmpty()) {
        return;
      }
      for (String each : logged) {
        if (!List.of("drops", "accepts", "none").contains(each)
            || (each.equals("none") && logged.size() > 1)) {
          throw Failure.usage(
              "--log %s: write drops, accepts, drops,accepts or none"
                  .formatted(String.join(",", logged)));
        }
      }
      patch
          .putObject("logging")
          .put("drops", logged.contains("drops"))
          .put("accepts", logged.contains("accepts"));
    }
  }

  @Command(name = "update", description = "Rename or label it, or give it other CIDRs.")
  static final class OfPrefixList extends Update {
    @Option(
        names = "--cidr",
        paramLabel = "CIDR",
        description = "All that it is to hold; repeatable.")
    List<String> cidrs = new ArrayList<>();

    OfPrefixList() {
      super(ResourceKind.PREFIX_LIST);
    }

    @Override
    void describe(ObjectNode patch, Api api) {
      if (!cidrs.isEmpty()) {
        Creations.entries(cidrs, patch);
      }
    }
  }

  @Command(name = "update", description = "Rename or label it, or place it in a zone.")
  static final class OfHost extends Update {
    @Option(names = "--zone", paramLabel = "ZONE", description = "Its failure domain.")
    @Nullable String zone;

    OfHost() {
      super(ResourceKind.HOST);
    }

    @Override
    void describe(ObjectNode patch, Api api) {
      if (zone != null) {
        patch.put("zone", zone);
      }
    }
  }
}
