package io.heddle.openflow.session;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.timeout.WriteTimeoutException;
import io.netty.util.AttributeKey;

/// Why a connection ends: the first reason given stands.
final class Ending {

  private static final AttributeKey<String> WHY = AttributeKey.valueOf(Ending.class, "why");

  private Ending() {}

  static void close(Channel channel, String why) {
    channel.attr(WHY).setIfAbsent(why);
    ChannelFuture _ = channel.close();
  }

  static String why(Channel channel) {
    String why = channel.attr(WHY).get();
    return why == null ? "the switch closed the connection" : why;
  }

  static String describe(Throwable cause) {
    return switch (cause) {
      case WriteTimeoutException _ -> "the switch reads nothing";
      case DecoderException e when e.getCause() != null -> describe(e.getCause());
      default -> cause.getMessage() == null ? cause.toString() : cause.getMessage();
    };
  }
}
