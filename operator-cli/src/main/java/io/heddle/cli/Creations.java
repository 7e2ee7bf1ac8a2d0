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

/// `create` for each kind that operators create.
final class Creations {

  private Creations() {}

  @Command(name = "create", description = "Let a tenant in; NAME is the project's id.")
  static final class OfProject extends Create {
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
    void describe(ObjectNode body, Api api) {
      body.put("id", name);
      if (!quotas.isEmpty()) {
        quotas.forEach(body.putObject("quotas")::put);
      }
    }
  }

  @Command(name = "create", description = "Open an address space.")
  static final class OfVpc extends Create {
    @Option(
        names = "--cidr",
        required = true,
        paramLabel = "CIDR",
        description = "Its addresses, like 10.0.0.0/16; repeatable.")
    List<String> cidrs = new ArrayList<>();

    @Option(
        names = "--ipv6-cidr",
        paramLabel = "CIDR",
        description = "Its IPv6 addresses, like fd00:1::/48; repeatable.")
    List<String> ipv6Cidrs = new ArrayList<>();

    OfVpc() {
      super(ResourceKind.VPC);
    }

    @Override
    void describe(ObjectNode body, Api api) {
      cidrs.forEach(body.putArray("cidrs")::add);
      if (!ipv6Cidrs.isEmpty()) {
        ipv6Cidrs.forEach(body.putArray("ipv6Cidrs")::add);
      }
    }
  }

  @Command(name = "create", description = "Cut a subnet out of a VPC.")
  static final class OfSubnet extends Create {
    @Option(names = "--vpc", required = true, paramLabel = "VPC", description = "Name or id.")
    String vpc = "";

    @Option(
        names = "--cidr",
        required = true,
        paramLabel = "CIDR",
        description = "A part of the VPC's, like 10.0.1.0/24.")
    String cidr = "";

    @Option(names = "--gateway", paramLabel = "IP", description = "Default: the first address.")
    @Nullable String gateway;

    @Option(
        names = "--ipv6-cidr",
        paramLabel = "CIDR",
        description = "A /64 of the VPC's, like fd00:1:0:1::/64.")
    @Nullable String ipv6Cidr;

    @Option(
        names = "--acl",
        paramLabel = "ACL",
        description = "A network ACL's name or id (default: everything passes its gateway).")
    @Nullable String acl;

    @Option(
        names = "--route-table",
        paramLabel = "TABLE",
        description = "A route table's name or id (default: the VPC's main one).")
    @Nullable String routeTable;

    @Option(names = "--zone", paramLabel = "ZONE", description = "Where its VMs are meant to run.")
    @Nullable String zone;

    @Mixin DhcpOptions told = new DhcpOptions();

    @Option(names = "--no-dhcp", description = "Answer no DHCP.")
    boolean withoutDhcp;

    OfSubnet() {
      super(ResourceKind.SUBNET);
    }

    @Override
    void describe(ObjectNode body, Api api) {
      body.put("vpcId", idOf(ResourceKind.VPC, vpc, api)).put("cidr", cidr);
      if (gateway != null) {
        body.put("gatewayIp", gateway);
      }
      if (ipv6Cidr != null) {
        body.put("ipv6Cidr", ipv6Cidr);
      }
      if (acl != null) {
        body.put("networkAclId", idOf(ResourceKind.NETWORK_ACL, acl, api));
      }
      if (routeTable != null) {
        body.put("routeTableId", idOf(ResourceKind.ROUTE_TABLE, routeTable, api));
      }
      if (zone != null) {
        body.put("zone", zone);
      }
      ObjectNode dhcp = Api.JSON.createObjectNode();
      told.describe(dhcp);
      if (withoutDhcp) {
        dhcp.put("enabled", false);
      }
      if (!dhcp.isEmpty()) {
        body.set("dhcp", dhcp);
      }
    }
  }

  @Command(
      name = "create",
      description = "Give a VM an interface; its id is the iface-id to plug in.")
  static final class OfPort extends Create {
    @Option(names = "--subnet", required = true, paramLabel = "SUBNET", description = "Name or id.")
    String subnet = "";

    @Option(
        names = "--address",
        paramLabel = "IP",
        description = "Default: the next free one; repeatable, the first is the primary one.")
    List<String> addresses = new ArrayList<>();

    @Option(names = "--mac", paramLabel = "MAC", description = "Default: a fresh one.")
    @Nullable String mac;

    @Option(
        names = "--group",
        paramLabel = "GROUP",
        description =
            "A security group's name or id; repeatable (default: the VPC's default group).")
    List<String> groups = new ArrayList<>();

    @Option(names = "--no-groups", description = "In no security group: nothing passes.")
    boolean withoutGroups;

    @Option(names = "--host", paramLabel = "HOST", description = "The only host that may have it.")
    @Nullable String host;

    @Option(names = "--device", paramLabel = "ID", description = "The VM, in your words.")
    @Nullable String device;

    @Option(names = "--no-port-security", description = "Let it send under any MAC and address.")
    boolean withoutPortSecurity;

    @Option(
        names = "--allow-address",
        paramLabel = "CIDR[=MAC]",
        description = "Further addresses that it may send as, like a virtual IP; repeatable.")
    List<String> pairs = new ArrayList<>();

    OfPort() {
      super(ResourceKind.PORT);
    }

    @Override
    void describe(ObjectNode body, Api api) {
      body.put("subnetId", idOf(ResourceKind.SUBNET, subnet, api));
      if (!addresses.isEmpty()) {
        ArrayNode ips = body.putArray("privateIps");
        addresses.forEach(address -> ips.addObject().put("address", address));
      }
      if (mac != null) {
        body.put("macAddress", mac);
      }
      if (!groups.isEmpty() || withoutGroups) {
        ArrayNode ids = body.putArray("securityGroupIds");
        groups.forEach(group -> ids.add(idOf(ResourceKind.SECURITY_GROUP, group, api)));
      }
      if (host != null) {
        body.put("requestedHostId", host);
      }
      if (device != null) {
        body.put("deviceId", device);
      }
      if (withoutPortSecurity) {
        body.put("portSecurity", false);
      }
      if (!pairs.isEmpty()) {
        pairs(pairs, body);
      }
    }
  }

  /// Allowed address pairs as operators write them.
  static void pairs(List<String> texts, ObjectNode body) {
    ArrayNode pairs = body.putArray("allowedAddressPairs");
    for (String text : texts) {
      int equals = text.indexOf('=');
      ObjectNode pair = pairs.addObject();
      pair.put("ipAddress", equals < 0 ? text : text.substring(0, equals));
      if (equals >= 0) {
        pair.put("macAddress", text.substring(equals + 1));
      }
    }
  }

  @Command(name = "create", description = "Make a list of CIDRs for rules to name.")
  static final class OfPrefixList extends Create {
    @Option(
        names = "--cidr",
        required = true,
        paramLabel = "CIDR",
        description = "IPv4 or IPv6; repeatable.")
    List<String> cidrs = new ArrayList<>();

    OfPrefixList() {
      super(ResourceKind.PREFIX_LIST);
    }

    @Override
    void describe(ObjectNode body, Api api) {
      entries(cidrs, body);
    }
  }

  static void entries(List<String> cidrs, ObjectNode body) {
    ArrayNode entries = body.putArray("entries");
    cidrs.forEach(cidr -> entries.addObject().put("cidr", cidr));
  }

  @Command(
      name = "create",
      description = "Make a network ACL; without entries nothing passes where a subnet has it.")
  static final class OfNetworkAcl extends Create {
    @Option(names = "--vpc", required = true, paramLabel = "VPC", description = "Name or id.")
    String vpc = "";

    OfNetworkAcl() {
      super(ResourceKind.NETWORK_ACL);
    }

    @Override
    void describe(ObjectNode body, Api api) {
      body.put("vpcId", idOf(ResourceKind.VPC, vpc, api));
    }
  }

  @Command(name = "create", description = "Make a security group; without rules nothing passes.")
  static final class OfSecurityGroup extends Create {
    @Option(names = "--vpc", required = true, paramLabel = "VPC", description = "Name or id.")
    String vpc = "";

    OfSecurityGroup() {
      super(ResourceKind.SECURITY_GROUP);
    }

    @Override
    void describe(ObjectNode body, Api api) {
      body.put("vpcId", idOf(ResourceKind.VPC, vpc, api));
    }
  }
}
