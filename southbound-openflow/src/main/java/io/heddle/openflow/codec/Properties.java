package io.heddle.openflow.codec;

import io.netty.buffer.ByteBuf;

/// OpenFlow's property lists: a 16-bit type, a 16-bit length that counts both but not the padding
/// to 8 bytes behind the value.
final class Properties {

  private Properties() {}

  /// The value of a property whose type is read already; the padding behind it is skipped.
  static ByteBuf value(ByteBuf in) throws UnreadableException {
    int length = in.readUnsignedShort();
    if (length < 4) {
      throw new UnreadableException("a property of %d bytes".formatted(length));
    }
    ByteBuf value = in.readSlice(length - 4);
    in.skipBytes(Math.min(Wire.padding(length), in.readableBytes()));
    return value;
  }
}
