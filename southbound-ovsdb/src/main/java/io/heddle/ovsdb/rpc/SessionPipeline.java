package io.heddle.ovsdb.rpc;

import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.handler.codec.json.JsonObjectDecoder;
import io.netty.handler.ssl.SslContext;
import java.util.Optional;
import java.util.function.Function;

/// The handlers of a connection, from the socket up: TLS when asked for, frames, messages, the
/// session.
final class SessionPipeline {
  private static final String FRAMES = "frames";

  private SessionPipeline() {}

  static RpcSession install(
      Channel channel,
      Optional<SslContext> tls,
      Timings timings,
      Function<RpcSession, RpcSession.Peer> peers) {
    channel
        .config()
        .setOption(
            ChannelOption.WRITE_BUFFER_WATER_MARK,
            new WriteBufferWaterMark(Limits.UNREAD_BYTES / 2, Limits.UNREAD_BYTES));
    ChannelPipeline pipeline = channel.pipeline();
    tls.ifPresent(context -> pipeline.addLast("tls", context.newHandler(channel.alloc())));
    RpcSession session = new RpcSession(channel, timings, peers);
    pipeline.addLast(FRAMES, new JsonObjectDecoder(Limits.UNPROVEN_FRAME_BYTES));
    pipeline.addLast("messages", new MessageCodec());
    pipeline.addLast("session", session);
    return session;
  }

  /// From here on the peer may send frames as large as a server's tables.
  static void widen(Channel channel) {
    channel.pipeline().replace(FRAMES, FRAMES, new JsonObjectDecoder(Limits.FRAME_BYTES));
  }
}
