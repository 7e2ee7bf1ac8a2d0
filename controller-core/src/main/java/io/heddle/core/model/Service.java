package io.heddle.core.model;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;

/// The kind of traffic that a rule speaks of: a protocol and, where it has them, ports or types.
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "protocol")
@JsonSubTypes({
  @JsonSubTypes.Type(value = Service.Any.class, name = "any"),
  @JsonSubTypes.Type(value = Service.Tcp.class, name = "tcp"),
  @JsonSubTypes.Type(value = Service.Udp.class, name = "udp"),
  @JsonSubTypes.Type(value = Service.Icmp.class, name = "icmp"),
  @JsonSubTypes.Type(value = Service.Icmpv6.class, name = "icmpv6"),
  @JsonSubTypes.Type(value = Service.Protocol.class, name = "protocol")
})
public sealed interface Service {

  Service ANY = new Any();

  /// All IP traffic.
  record Any() implements Service {}

  record Tcp(PortRange ports) implements Service {}

  record Udp(PortRange ports) implements Service {}

  /// ICMP for IPv4. In JSON the type is `icmpType`, as clients write it.
  ///
  /// @param type 0 to 255, or -1 for every type
  /// @param code 0 to 255, or -1 for every code; a code without a type means nothing and is refused
  record Icmp(@JsonProperty("icmpType") int type, @JsonProperty("icmpCode") int code)
      implements Service {
    public static final Icmp ALL = new Icmp(-1, -1);

    public Icmp {
      checkIcmp(type, code);
    }
  }

  /// ICMP for IPv6, types and codes as for IPv4. Neighbor discovery is none of a rule's business:
  /// the switch answers it.
  record Icmpv6(@JsonProperty("icmpType") int type, @JsonProperty("icmpCode") int code)
      implements Service {
    public static final Icmpv6 ALL = new Icmpv6(-1, -1);

    public Icmpv6 {
      checkIcmp(type, code);
    }
  }

  private static void checkIcmp(int type, int code) {
    if (type < -1 || type > 255 || code < -1 || code > 255) {
      throw new IllegalArgumentException(
          "ICMP type %d code %d: both are numbers from 0 to 255".formatted(type, code));
    }
    if (type == -1 && code != -1) {
      throw new IllegalArgumentException(
          "ICMP code %d without a type; name the type that it belongs to".formatted(code));
    }
  }

  /// Another IP protocol, by its number (IANA protocol numbers).
  record Protocol(int number) implements Service {
    public Protocol {
      if (number < 0 || number > 255) {
        throw new IllegalArgumentException(
            "IP protocol %d; it is a number from 0 to 255".formatted(number));
      }
    }
  }

  /// Destination ports, both ends included.
  record PortRange(int from, int to) {
    public static final PortRange ALL = new PortRange(0, 65535);

    public PortRange {
      if (from < 0 || to > 65535 || from > to) {
        throw new IllegalArgumentException(
            "ports %d to %d; the first is at most the second, both from 0 to 65535"
                .formatted(from, to));
      }
    }

    public static PortRange single(int port) {
      return new PortRange(port, port);
    }
  }
}
