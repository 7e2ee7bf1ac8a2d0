package io.heddle.core.trace;

import io.heddle.core.flow.Field;
import io.heddle.core.flow.Header;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Header values that change while a packet is worked on; 0 where there is none.
final class Headers {

  private final Map<Header, Long> values;

  Headers() {
    this.values = new EnumMap<>(Header.class);
  }

  private Headers(Headers other) {
    this.values = new EnumMap<>(other.values);
  }

  Headers copy() {
    return new Headers(this);
  }

  long get(Header header) {
    return values.getOrDefault(header, 0L);
  }

  long get(Field field) {
    return (get(field.header()) & field.mask()) >>> field.low();
  }

  void set(Header header, long value) {
    if (value == 0) {
      values.remove(header);
    } else {
      values.put(header, value);
    }
  }

  void set(Field field, long value) {
    set(field.header(), (get(field.header()) & ~field.mask()) | (value << field.low()));
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Headers headers && values.equals(headers.values);
  }

  @Override
  public int hashCode() {
    return values.hashCode();
  }
}
