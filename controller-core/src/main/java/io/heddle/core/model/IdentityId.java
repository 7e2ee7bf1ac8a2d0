package io.heddle.core.model;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/// Names an identity: a number from 1 within its VPC. Zero is "no identity" and has no row.
public record IdentityId(VpcId vpc, int number) implements Key<Identity>, Comparable<IdentityId> {

  /// 16 bits of a register carry it.
  public static final int MAX = 0xffff;

  public IdentityId {
    if (number < 1 || number > MAX) {
      throw new IllegalArgumentException(
          "an identity is a number from 1 to %d, not %d".formatted(MAX, number));
    }
  }

  @JsonCreator
  public static IdentityId parse(String text) {
    int dot = text.indexOf('.');
    return new IdentityId(
        VpcId.parse(text.substring(0, dot)), Integer.parseInt(text.substring(dot + 1)));
  }

  @Override
  public Kind<Identity> kind() {
    return Identity.KIND;
  }

  @Override
  public int compareTo(IdentityId other) {
    int byVpc = vpc.compareTo(other.vpc);
    return byVpc != 0 ? byVpc : Integer.compare(number, other.number);
  }

  @JsonValue
  @Override
  public String toString() {
    return vpc + "." + number;
  }
}
