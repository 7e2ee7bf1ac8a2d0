package io.heddle.rest.resource;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.heddle.core.model.AddressPair;
import io.heddle.core.model.Direction;
import io.heddle.core.model.IpPrefix;
import io.heddle.core.model.Ipv4Prefix;
import io.heddle.core.model.Ipv6Prefix;
import io.heddle.core.model.MacAddress;
import io.heddle.core.model.NetworkAcl;
import io.heddle.core.model.NetworkAclId;
import io.heddle.core.model.Port;
import io.heddle.core.model.PrefixList;
import io.heddle.core.model.Remote;
import io.heddle.core.model.Resource;
import io.heddle.core.model.SecurityGroup;
import io.heddle.core.model.SecurityGroupId;
import io.heddle.core.model.SecurityRule;
import io.heddle.core.store.Image;
import io.heddle.rest.http.Json;

/// Everything that decides over a port's packets, in the order in which they meet it, and where
/// each rule comes from.
public final class PortPolicy {

  private PortPolicy() {}

  public static ObjectNode json(Port port, Image image) {
    ObjectNode json =
        Json.object().put("portId", port.id().toString()).put("portSecurity", port.portSecurity());
    senders(port, json.putArray("senders"));
    ArrayNode rules = json.putArray("rules");
    NetworkAclId acl = image.require(port.subnet()).networkAcl();
    for (Direction direction : new Direction[] {Direction.EGRESS, Direction.INGRESS}) {
      if (acl != null && direction == Direction.EGRESS) {
        entries(image.require(acl), direction, rules);
      }
      for (SecurityGroupId group : port.groups()) {
        groupRules(image.require(group), direction, image, rules);
      }
      if (acl != null && direction == Direction.INGRESS) {
        entries(image.require(acl), direction, rules);
      }
    }
    return json;
  }

  private static void senders(Port port, ArrayNode senders) {
    port.addresses().forEach(each -> sender(senders, new Ipv4Prefix(each, 32), port.mac()));
    port.ipv6Addresses().forEach(each -> sender(senders, new Ipv6Prefix(each, 128), port.mac()));
    for (AddressPair pair : port.allowedPairs()) {
      MacAddress mac = pair.mac();
      sender(senders, pair.prefix(), mac == null ? port.mac() : mac);
    }
  }

  private static void sender(ArrayNode senders, IpPrefix prefix, MacAddress mac) {
    senders.addObject().put("ipAddress", prefix.toString()).put("macAddress", mac.toString());
  }

  private static void entries(NetworkAcl acl, Direction direction, ArrayNode rules) {
    for (NetworkAcl.Entry entry : acl.entries()) {
      if (entry.direction() != direction) {
        continue;
      }
      IpPrefix cidr = entry.cidr();
      ObjectNode json =
          from(acl, direction, rules.addObject())
              .put("stage", "networkAcl")
              .put("allows", entry.verdict() == NetworkAcl.Verdict.ALLOW)
              .put("number", entry.number())
              .put("remote", cidr == null ? "anywhere" : cidr.toString())
              .put("description", entry.description());
      Services.write(entry.service(), json);
    }
  }

  private static void groupRules(
      SecurityGroup group, Direction direction, Image image, ArrayNode rules) {
    for (SecurityRule rule : group.rules(direction)) {
      ObjectNode json =
          from(group, direction, rules.addObject())
              .put("stage", "securityGroup")
              .put("allows", true)
              .put("ruleId", rule.id().toString())
              .put("description", rule.description());
      Services.write(rule.service(), json);
      remote(rule.remote(), image, json);
    }
  }

  private static void remote(Remote remote, Image image, ObjectNode json) {
    switch (remote) {
      case Remote.Anywhere() -> json.put("remote", "anywhere");
      case Remote.Cidr(IpPrefix prefix) -> json.put("remote", prefix.toString());
      case Remote.Prefixes(var list) -> {
        PrefixList prefixes = image.require(list);
        json.put("remote", "prefix-list " + called(prefixes))
            .put("members", prefixes.entries().size());
      }
      case Remote.Group(SecurityGroupId group) ->
          json.put("remote", "security-group " + called(image.require(group)))
              .put("members", image.countBy(Port.KIND, Port.BY_GROUP, group));
    }
  }

  private static ObjectNode from(Resource source, Direction direction, ObjectNode json) {
    return json.put("direction", direction == Direction.INGRESS ? "ingress" : "egress")
        .put("from", source.key().kind() + " " + called(source))
        .put("fromId", source.key().toString());
  }

  private static String called(Resource row) {
    return row.meta().name().isEmpty() ? row.key().toString() : row.meta().name();
  }
}
