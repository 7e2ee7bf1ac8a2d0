package io.heddle.core.flow;

import java.util.Arrays;

/// A run of bits of one header, both ends included; bit 0 is the lowest.
public record Field(Header header, int low, int high) {

  public Field {
    if (low < 0 || high < low || high >= header.width()) {
      throw new IllegalArgumentException(
          "%s has bits 0 to %d, not %d to %d"
              .formatted(header.text(), header.width() - 1, low, high));
    }
  }

  public static Field of(Header header) {
    return new Field(header, 0, header.width() - 1);
  }

  public static Field reg(int number, int low, int high) {
    return new Field(Header.register(number), low, high);
  }

  /// Fails where two of the fields share a bit.
  public static void requireDisjoint(Field... fields) {
    for (int i = 0; i < fields.length; i++) {
      for (Field other : Arrays.asList(fields).subList(i + 1, fields.length)) {
        if (fields[i].header == other.header && (fields[i].mask() & other.mask()) != 0) {
          throw new IllegalStateException("%s and %s overlap".formatted(fields[i], other));
        }
      }
    }
  }

  public int width() {
    return high - low + 1;
  }

  /// Whether it is all of a field as the switch knows it; the half of an address is not.
  public boolean isWhole() {
    return width() == header.width() && !header.isHalf();
  }

  /// Its bits, in place.
  public long mask() {
    long ones = width() == 64 ? -1L : (1L << width()) - 1;
    return ones << low;
  }

  /// Matches packets whose bits here are `value`.
  public Match is(long value) {
    return Match.of(header, place(value), mask());
  }

  /// A value of this field, moved to where it stands in the header.
  long place(long value) {
    if (width() < 64 && value >>> width() != 0) {
      throw new IllegalArgumentException("0x%x does not fit into %s".formatted(value, this));
    }
    return value << low;
  }

  @Override
  public String toString() {
    return isWhole()
        ? header.text() + "[]"
        : low == high
            ? "%s[%d]".formatted(header.text(), low + header.shift())
            : "%s[%d..%d]".formatted(header.text(), low + header.shift(), high + header.shift());
  }
}
