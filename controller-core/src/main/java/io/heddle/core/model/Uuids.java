package io.heddle.core.model;

import java.util.UUID;
import java.util.regex.Pattern;

/// Strict UUID parsing: the JDK's own accepts `1-1-1-1-1`.
final class Uuids {

  private static final Pattern TEXT =
      Pattern.compile("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}");

  private Uuids() {}

  static UUID parse(String what, String text) {
    if (!TEXT.matcher(text).matches()) {
      throw new IllegalArgumentException(
          "'%s' is not a %s; it is a UUID like 6f1c1f5e-2b0e-4b53-9f3a-0d3c8d1f7a11"
              .formatted(text, what));
    }
    return UUID.fromString(text);
  }
}
