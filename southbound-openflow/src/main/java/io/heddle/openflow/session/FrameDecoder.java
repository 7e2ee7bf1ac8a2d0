package io.heddle.openflow.session;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.codec.CorruptedFrameException;
import java.util.List;

/// Cuts the stream into messages by the length in their header, at most 64 KiB. What does not begin
/// like OpenFlow ends the connection with its first bytes.
final class FrameDecoder extends ByteToMessageDecoder {

  private static final int HEADER_BYTES = 8;
  private static final int HIGHEST_VERSION = 6;

  @Override
  protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out) {
    if (in.readableBytes() < 4) {
      return;
    }
    int version = in.getUnsignedByte(in.readerIndex());
    int length = in.getUnsignedShort(in.readerIndex() + 2);
    if (version < 1 || version > HIGHEST_VERSION || length < HEADER_BYTES) {
      in.skipBytes(in.readableBytes());
      throw new CorruptedFrameException(
          "this is no OpenFlow: version 0x%02x, length %d".formatted(version, length));
    }
    if (in.readableBytes() >= length) {
      out.add(in.readRetainedSlice(length));
    }
  }
}
