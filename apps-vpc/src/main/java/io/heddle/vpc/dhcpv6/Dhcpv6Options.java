package io.heddle.vpc.dhcpv6;

import io.heddle.core.model.Ipv6Address;
import io.heddle.vpc.frame.Ipv6Frame;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.List;

/// The options of an answer, or those inside one of its options.
final class Dhcpv6Options {

  private final ByteArrayOutputStream encoded = new ByteArrayOutputStream(128);

  Dhcpv6Options add(int code, byte[] value) {
    encoded.writeBytes(
        ByteBuffer.allocate(4).putShort((short) code).putShort((short) value.length).array());
    encoded.writeBytes(value);
    return this;
  }

  /// No option where there is no address.
  Dhcpv6Options addresses(int code, List<Ipv6Address> addresses) {
    ByteBuffer value = ByteBuffer.allocate(16 * addresses.size());
    addresses.forEach(address -> Ipv6Frame.put(value, address));
    return addresses.isEmpty() ? this : add(code, value.array());
  }

  Dhcpv6Options status(int status) {
    return add(Dhcpv6Code.STATUS, new byte[] {0, (byte) status});
  }

  Dhcpv6Options seconds(int code, int seconds) {
    return add(code, ByteBuffer.allocate(4).putInt(seconds).array());
  }

  /// An address to use so long; one of 0 seconds is not to be used any more.
  Dhcpv6Options lease(Ipv6Address address, int seconds) {
    ByteBuffer value = ByteBuffer.allocate(24);
    Ipv6Frame.put(value, address);
    value.putInt(seconds).putInt(seconds);
    return add(Dhcpv6Code.IA_ADDRESS, value.array());
  }

  /// What became of an association.
  Dhcpv6Options association(Dhcpv6Message.Association asked, int seconds, Dhcpv6Options inside) {
    byte[] inner = inside.encoded();
    boolean times = asked.code() != Dhcpv6Code.IA_TA;
    ByteBuffer value = ByteBuffer.allocate((times ? 12 : 4) + inner.length);
    value.putInt(asked.id());
    if (times) {
      value.putInt(seconds / 2).putInt((int) (seconds * 4L / 5));
    }
    value.put(inner);
    return add(asked.code(), value.array());
  }

  byte[] encoded() {
    return encoded.toByteArray();
  }
}
