package io.heddle.vpc.frame;

import io.heddle.core.model.MacAddress;
import java.nio.ByteBuffer;

/// The Ethernet header, and MACs wherever they stand.
public final class Ethernet {

  public static final int HEADER_BYTES = 14;

  private Ethernet() {}

  public static MacAddress macAt(ByteBuffer bytes, int offset) {
    return new MacAddress(
        ((bytes.getShort(offset) & 0xffffL) << 32) | (bytes.getInt(offset + 2) & 0xffff_ffffL));
  }

  public static void put(ByteBuffer into, MacAddress mac) {
    into.putShort((short) (mac.bits() >>> 32)).putInt((int) mac.bits());
  }
}
