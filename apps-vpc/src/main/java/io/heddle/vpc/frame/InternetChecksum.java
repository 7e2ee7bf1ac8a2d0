package io.heddle.vpc.frame;

import java.nio.ByteBuffer;

/// The Internet checksum (RFC 1071): the complement of the sum of 16-bit words.
public final class InternetChecksum {

  private InternetChecksum() {}

  /// Over the remaining bytes of each part, which are read; all but the last have an even number.
  public static int of(ByteBuffer... parts) {
    int sum = 0;
    for (ByteBuffer part : parts) {
      while (part.remaining() > 1) {
        sum += part.getShort() & 0xffff;
      }
      if (part.hasRemaining()) {
        sum += (part.get() & 0xff) << 8;
      }
    }
    while (sum >>> 16 != 0) {
      sum = (sum & 0xffff) + (sum >>> 16);
    }
    return ~sum & 0xffff;
  }
}
