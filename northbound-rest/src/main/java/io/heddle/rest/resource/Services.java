package io.heddle.rest.resource;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.heddle.core.model.Service;
import io.heddle.core.model.Service.PortRange;
import java.util.List;
import java.util.Optional;

/// Services in JSON, where protocol, ports, type and code are flat fields of whatever speaks of
/// them.
final class Services {

  private static final int ICMP = 1;
  private static final int TCP = 6;
  private static final int UDP = 17;
  private static final int ICMPV6 = 58;

  private Services() {}

  static void write(Service service, ObjectNode json) {
    switch (service) {
      case Service.Any() -> json.put("protocol", "any");
      case Service.Tcp(PortRange ports) -> ports(json.put("protocol", "tcp"), ports);
      case Service.Udp(PortRange ports) -> ports(json.put("protocol", "udp"), ports);
      case Service.Icmp(int type, int code) -> icmp(json.put("protocol", "icmp"), type, code);
      case Service.Icmpv6(int type, int code) -> icmp(json.put("protocol", "icmpv6"), type, code);
      case Service.Protocol(int number) -> json.put("protocol", Integer.toString(number));
    }
  }

  /// A protocol as answers name it.
  static String name(int number) {
    return switch (number) {
      case ICMP -> "icmp";
      case TCP -> "tcp";
      case UDP -> "udp";
      case ICMPV6 -> "icmpv6";
      default -> Integer.toString(number);
    };
  }

  private static void icmp(ObjectNode json, int type, int code) {
    if (type >= 0) {
      json.put("icmpType", type);
    }
    if (code >= 0) {
      json.put("icmpCode", code);
    }
  }

  private static void ports(ObjectNode json, PortRange ports) {
    json.put("portFrom", ports.from()).put("portTo", ports.to());
  }

  static Service read(Fields fields) {
    int number = fields.value("protocol", Services::protocol).orElse(-1);
    boolean ported = number == TCP || number == UDP;
    if (!ported) {
      refuse(fields, List.of("portFrom", "portTo"), "has a meaning for tcp and udp only");
    }
    if (number != ICMP && number != ICMPV6) {
      refuse(fields, List.of("icmpType", "icmpCode"), "has a meaning for icmp and icmpv6 only");
    }
    return switch (number) {
      case -1 -> Service.ANY;
      case TCP -> new Service.Tcp(ports(fields));
      case UDP -> new Service.Udp(ports(fields));
      case ICMP, ICMPV6 -> icmp(fields, number);
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
          case "icmpv6" -> ICMPV6;
          case "igmp" -> 2;
          case "gre" -> 47;
          case "esp" -> 50;
          case "ah" -> 51;
          case "ospf" -> 89;
          case "vrrp" -> 112;
          case "sctp" -> 132;
          case "udplite" -> 136;
          default -> text.matches("[0-9]{1,3}") ? Integer.parseInt(text) : 256;
        };
    if (number > 255) {
      throw new IllegalArgumentException(
          ("'%s' is not a protocol; write any, tcp, udp, icmp, icmpv6, igmp, gre, esp, ah, ospf, vrrp,"
                  + " sctp, udplite or a number from 0 to 255")
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

  private static Service icmp(Fields fields, int protocol) {
    Optional<Integer> type = fields.number("icmpType");
    Optional<Integer> code = fields.number("icmpCode");
    if (type.isEmpty() && code.isPresent()) {
      throw fields.refused(
          "icmpType",
          "icmpCode is %d without an icmpType; name the type it belongs to".formatted(code.get()));
    }
    return protocol == ICMP
        ? new Service.Icmp(type.orElse(-1), code.orElse(-1))
        : new Service.Icmpv6(type.orElse(-1), code.orElse(-1));
  }
}
