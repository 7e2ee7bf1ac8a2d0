package io.heddle.vpc.dhcpv6;

import io.heddle.core.model.Ipv6Address;
import io.heddle.vpc.frame.Ipv6Datagram;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// A client's message: its type, its transaction and its options in their order.
record Dhcpv6Message(Dhcpv6Type type, int transaction, List<Option> options) {

  private static final int HEADER = 4;
  private static final int OPTION_HEADER = 4;

  /// IAID, T1 and T2.
  private static final int IA_HEADER = 12;

  Dhcpv6Message {
    options = List.copyOf(options);
  }

  /// @param value read only; its position is 0
  record Option(int code, ByteBuffer value) {}

  /// What a client wants or has: an identity association and the addresses that it names.
  ///
  /// @param code which sort of association
  record Association(int code, int id, List<Ipv6Address> addresses) {
    Association {
      addresses = List.copyOf(addresses);
    }
  }

  /// @return nothing where this is, in some part, no DHCPv6 message
  static Optional<Dhcpv6Message> parse(ByteBuffer message) {
    if (message.limit() < HEADER) {
      return Optional.empty();
    }
    return Dhcpv6Type.of(message.get(0) & 0xff)
        .flatMap(type ->
            options(message.slice(HEADER, message.limit() - HEADER))
                .map(options -> new Dhcpv6Message(type, message.getInt(0) & 0xff_ffff, options)));
  }

  /// @return nothing where an option is longer than what is left
  private static Optional<List<Option>> options(ByteBuffer field) {
    List<Option> options = new ArrayList<>();
    int at = 0;
    while (at < field.limit()) {
      if (field.limit() - at < OPTION_HEADER) {
        return Optional.empty();
      }
      int code = field.getShort(at) & 0xffff;
      int length = field.getShort(at + 2) & 0xffff;
      at += OPTION_HEADER;
      if (length > field.limit() - at) {
        return Optional.empty();
      }
      options.add(new Option(code, field.slice(at, length)));
      at += length;
    }
    return Optional.of(options);
  }

  boolean has(int code) {
    return options.stream().anyMatch(option -> option.code() == code);
  }

  /// An option's bytes.
  Optional<byte[]> value(int code) {
    return options.stream()
        .filter(option -> option.code() == code)
        .findFirst()
        .map(option -> bytes(option.value()));
  }

  private static byte[] bytes(ByteBuffer value) {
    byte[] bytes = new byte[value.limit()];
    value.get(0, bytes);
    return bytes;
  }

  /// Whether the client asked to be told this.
  boolean asksFor(int code) {
    return options.stream()
        .filter(option -> option.code() == Dhcpv6Code.REQUESTED_OPTIONS)
        .anyMatch(option -> {
          ByteBuffer asked = option.value();
          for (int at = 0; at + 1 < asked.limit(); at += 2) {
            if ((asked.getShort(at) & 0xffff) == code) {
              return true;
            }
          }
          return false;
        });
  }

  /// All associations that are whole.
  List<Association> associations() {
    return options.stream().flatMap(Dhcpv6Message::association).toList();
  }

  private static Stream<Association> association(Option option) {
    int header =
        switch (option.code()) {
          case Dhcpv6Code.IA_NA, Dhcpv6Code.IA_PD -> IA_HEADER;
          case Dhcpv6Code.IA_TA -> 4;
          default -> Integer.MAX_VALUE;
        };
    ByteBuffer value = option.value();
    if (value.limit() < header) {
      return Stream.empty();
    }
    return options(value.slice(header, value.limit() - header)).stream()
        .map(inner -> new Association(option.code(), value.getInt(0), addresses(inner)));
  }

  private static List<Ipv6Address> addresses(List<Option> options) {
    return options.stream()
        .filter(option -> option.code() == Dhcpv6Code.IA_ADDRESS && option.value().limit() >= 24)
        .map(option -> Ipv6Datagram.addressAt(option.value(), 0))
        .toList();
  }
}
