package io.heddle.vpc.dhcp;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/// Short runs of bytes as values.
final class Bytes {

  private Bytes() {}

  /// The next bytes of a buffer.
  static List<Byte> take(ByteBuffer from, int count) {
    List<Byte> taken = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      taken.add(from.get());
    }
    return List.copyOf(taken);
  }

  static List<Byte> joined(List<Byte> first, List<Byte> second) {
    List<Byte> both = new ArrayList<>(first);
    both.addAll(second);
    return List.copyOf(both);
  }

  /// Up to four bytes in network order.
  static int number(List<Byte> bytes) {
    int number = 0;
    for (byte part : bytes) {
      number = (number << 8) | (part & 0xff);
    }
    return number;
  }
}
