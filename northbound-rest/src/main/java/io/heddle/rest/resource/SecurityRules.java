package io.heddle.rest.resource;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.heddle.core.model.Direction;
import io.heddle.core.model.Ipv4Prefix;
import io.heddle.core.model.Remote;
import io.heddle.core.model.SecurityGroupId;
import io.heddle.core.model.SecurityRule;
import io.heddle.core.model.Service;
import io.heddle.core.model.Service.PortRange;
import io.heddle.rest.http.Json;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/// Security rules in JSON, where protocol, ports and remote are flat fields.
public final class SecurityRules {

  private static final int ICMP = 1;
  private static final int TCP = 6;
  private static final int UDP = 17;
  private static final int ICMPV6 = 58;

  private SecurityRules() {}

  public static ObjectNode json(SecurityRule rule) {
    ObjectNode json =
        Json.object()
            .put("id", rule.id().toString())
            .put("direction", rule.direction() == Direction.INGRESS ? "ingress" : "egress");
    switch (rule.service()) {
      case Service.Any() -> json.put("protocol", "any");
      case Service.Tcp(PortRange ports) -> ports(json.put("protocol", "tcp"), ports);
      case Service.Udp(PortRange ports) -> ports(json.put("protocol", "udp"), ports);
      case Service.Icmp(int type, int code) -> {
        json.put("protocol", "icmp");
        if (type >= 0) {
          json.put("icmpType", type);
        }
        if (code >= 0) {
          json.put("icmpCode", code);
        }
      }
      case Service.Protocol(int number) -> json.put("protocol", Integer.toString(number));
    }
    switch (rule.remote()) {
      case Remote.Anywhere() -> {
        // Absent means anywhere.
      }
      case Remote.Cidr(Ipv4Prefix prefix) -> json.put("remoteCidr", prefix.toString());
      case Remote.Group(SecurityGroupId group) -> json.put("remoteGroupId", group.toString());
    }
    return json.put("description", rule.description());
  }

  private static void ports(ObjectNode json, PortRange ports) {
    json.put("portFrom", ports.from()).put("portTo", ports.to());
  }

  public static SecurityRule read(Fields fields, UUID id) {
    return new SecurityRule(
        id,
        fields.required("direction", SecurityRules::direction),
        service(fields),
        remote(fields),
        fields.text("description").orElse(""));
  }

  private static Direction direction(String text) {
    return switch (text) {
      case "ingress" -> Direction.INGRESS;
      case "egress" -> Direction.EGRESS;
      default ->
          throw new IllegalArgumentException(
              "'%s' is not a direction; it is ingress or egress".formatted(text));
    };
  }

  private static Service service(Fields fields) {
    int number = fields.value("protocol", SecurityRules::protocol).orElse(-1);
    boolean ported = number == TCP || number == UDP;
    if (!ported) {
      refuse(fields, List.of("portFrom", "portTo"), "has a meaning for tcp and udp only");
    }
    if (number != ICMP) {
      refuse(fields, List.of("icmpType", "icmpCode"), "has a meaning for icmp only");
    }
    return switch (number) {
      case -1 -> Service.ANY;
      case TCP -> new Service.Tcp(ports(fields));
      case UDP -> new Service.Udp(ports(fields));
      case ICMP -> icmp(fields);
      default -> new Service.Protocol(number);
    };
  }

  /// The IANA number, or -1 for any.
  private static int protocol(String text) {
    int number =
        switch (text) {
          case "any" -> -1;
          case "tcp" -> TCP;
          case "udp" -> UDP;
          case "icmp" -> ICMP;
          default -> text.matches("[0-9]{1,3}") ? Integer.parseInt(text) : 256;
        };
    if (number > 255 || number == ICMPV6) {
      throw new IllegalArgumentException(
          "'%s' is not a protocol of IPv4; write any, tcp, udp, icmp or a number from 0 to 255"
              .formatted(text));
    }
    return number;
  }

  private static void refuse(Fields fields, List<String> names, String why) {
    for (String name : names) {
      if (fields.has(name)) {
        throw fields.refused(
            name,
            "%s %s, and the protocol is %s"
                .formatted(name, why, fields.text("protocol").orElse("any")));
      }
    }
  }

  private static PortRange ports(Fields fields) {
    Optional<Integer> from = fields.number("portFrom");
    Optional<Integer> to = fields.number("portTo");
    if (from.isEmpty() && to.isPresent()) {
      throw fields.refused(
          "portFrom", "portTo is %d without a portFrom; give both ends".formatted(to.get()));
    }
    if (from.isEmpty()) {
      return PortRange.ALL;
    }
    if (to.isPresent() && to.get() < from.get()) {
      throw fields.refused(
          "portTo",
          "%d is below portFrom, %d; give the range upwards".formatted(to.get(), from.get()));
    }
    return new PortRange(from.get(), to.orElse(from.get()));
  }

  private static Service icmp(Fields fields) {
    Optional<Integer> type = fields.number("icmpType");
    Optional<Integer> code = fields.number("icmpCode");
    if (type.isEmpty() && code.isPresent()) {
      throw fields.refused(
          "icmpType",
          "icmpCode is %d without an icmpType; name the type it belongs to".formatted(code.get()));
    }
    return new Service.Icmp(type.orElse(-1), code.orElse(-1));
  }

  private static Remote remote(Fields fields) {
    Optional<Remote> cidr = fields.value("remoteCidr", Ipv4Prefix::parse).map(Remote.Cidr::new);
    Optional<Remote> group =
        fields.value("remoteGroupId", SecurityGroupId::parse).map(Remote.Group::new);
    if (cidr.isPresent() && group.isPresent()) {
      throw fields.refused(
          "remoteGroupId", "a rule has remoteCidr or remoteGroupId, not both; make two rules");
    }
    return cidr.or(() -> group).orElse(new Remote.Anywhere());
  }
}
