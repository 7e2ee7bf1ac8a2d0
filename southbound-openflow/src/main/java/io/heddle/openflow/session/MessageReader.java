package io.heddle.openflow.session;

import io.heddle.openflow.codec.MessageDecoder;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.MessageToMessageDecoder;
import java.util.List;

/// Turns frames into messages.
final class MessageReader extends MessageToMessageDecoder<ByteBuf> {

  @Override
  protected void decode(ChannelHandlerContext context, ByteBuf frame, List<Object> out) {
    out.add(MessageDecoder.decode(frame));
  }
}
