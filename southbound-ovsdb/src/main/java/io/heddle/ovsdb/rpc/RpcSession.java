package io.heddle.ovsdb.rpc;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.NullNode;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.EventLoop;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.TooLongFrameException;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The last handler of a connection: pairs requests with answers, answers echoes, keeps the
/// deadlines.
///
/// The session ends by the first of: a close from either side, a message that breaks the protocol
/// or a limit, a deadline that passes (an answer that comes late is as bad as none, for we have
/// lost the order of things). [Peer#closed] then hears the one reason, and every open request fails
/// with it.
///
/// All methods but [#close], [#onLoop] and the addresses are for the channel's event loop.
public final class RpcSession extends SimpleChannelInboundHandler<Message> {
  private static final Logger LOG = LoggerFactory.getLogger(RpcSession.class);
  private static final String HUNG_UP = "the peer closed the connection";

  /// What the owner of a session does; called on the event loop, must not block.
  public interface Peer {
    /// The connection is up.
    void opened();

    /// A notification has come, in order with the answers to our requests.
    void notified(String method, JsonNode params);

    /// All messages that came together have been handed over: the moment to act on them once.
    void settled();

    /// The session is over.
    void closed(String reason);

    /// A request of the peer's other than echo.
    default Answer requested(String method, JsonNode params) {
      return Answer.error("unknown method");
    }
  }

  /// The answer to a request: a result, or an error with JSON null as the result.
  public record Answer(JsonNode result, JsonNode error) {
    public static Answer of(JsonNode result) {
      return new Answer(result, NullNode.instance);
    }

    public static Answer error(String error) {
      return new Answer(NullNode.instance, JsonNodeFactory.instance.textNode(error));
    }
  }

  /// The peer understood the request and answered with an error.
  public static final class Refusal extends RuntimeException {
    private static final long serialVersionUID = 1;

    Refusal(String method, JsonNode error) {
      super(method + " was answered with an error: " + Quoted.of(error.toString()));
    }
  }

  private record Pending(String method, CompletableFuture<JsonNode> answer, Future<?> deadline) {}

  private final Channel channel;
  private final Timings timings;
  private final Peer peer;
  private final Map<Long, Pending> pending = new HashMap<>();
  private final Future<?> handshakeDeadline;
  private long nextId = 1;
  private long heardAtNanos;
  private final CompletableFuture<Void> trial = new CompletableFuture<>();
  private Optional<String> closeReason = Optional.empty();

  RpcSession(Channel channel, Timings timings, Function<RpcSession, Peer> peers) {
    this.channel = channel;
    this.timings = timings;
    this.handshakeDeadline =
        later(timings.handshake(), () -> fail("it has not identified itself as an ovsdb-server"));
    this.peer = peers.apply(this);
    var _ = channel.closeFuture().addListener(closed -> endTrial(closeReason.orElse(HUNG_UP)));
  }

  /// Completes when the peer is proven, or fails with the reason why the session ended before.
  public CompletableFuture<Void> trial() {
    return trial;
  }

  public String remote() {
    return String.valueOf(channel.remoteAddress());
  }

  /// The address of the machine that the peer is on, or of what stands between.
  public String remoteMachine() {
    return channel.remoteAddress() instanceof InetSocketAddress socket
        ? socket.getHostString()
        : remote();
  }

  /// The certificate that the peer showed; nothing without TLS.
  public Optional<X509Certificate> peerCertificate() {
    SslHandler tls = channel.pipeline().get(SslHandler.class);
    if (tls == null) {
      return Optional.empty();
    }
    try {
      Certificate[] chain = tls.engine().getSession().getPeerCertificates();
      return Optional.of((X509Certificate) chain[0]);
    } catch (SSLPeerUnverifiedException shownNone) {
      return Optional.empty();
    }
  }

  /// Whether the connection is TLS.
  public boolean encrypted() {
    return channel.pipeline().get(SslHandler.class) != null;
  }

  /// Our own address as the peer reaches it.
  public SocketAddress localAddress() {
    return channel.localAddress();
  }

  /// Runs a task on the session's thread.
  public void onLoop(Runnable task) {
    channel.eventLoop().execute(task);
  }

  /// Runs a task on the session's thread after a while.
  public Future<?> later(Duration delay, Runnable task) {
    return channel.eventLoop().schedule(task, delay.toNanos(), TimeUnit.NANOSECONDS);
  }

  public Timings timings() {
    return timings;
  }

  /// The peer has shown that it is what we expect: it may send large messages now, and we watch
  /// that it lives.
  public void proven() {
    if (!trial.complete(null)) {
      return;
    }
    handshakeDeadline.cancel(false);
    SessionPipeline.widen(channel);
    var _ = later(timings.idle(), this::watch);
  }

  /// Ends the session; any thread may.
  public void close(String reason) {
    EventLoop loop = channel.eventLoop();
    if (loop.inEventLoop()) {
      fail(reason);
    } else {
      loop.execute(() -> fail(reason));
    }
  }

  /// Sends a request. The future completes on the event loop: with the result, or with a [Refusal],
  /// or with a [ProtocolException] when the session ended first, and it ends at the deadline.
  public CompletableFuture<JsonNode> request(String method, JsonNode params, Duration deadline) {
    if (closeReason.isPresent() || !channel.isActive()) {
      return CompletableFuture.failedFuture(
          new ProtocolException(closeReason.orElse("the connection is closed")));
    }
    if (pending.size() >= Limits.PENDING_REQUESTS) {
      return CompletableFuture.failedFuture(new ProtocolException("too many open requests"));
    }
    long id = nextId++;
    CompletableFuture<JsonNode> answer = new CompletableFuture<>();
    Future<?> timer =
        later(
            deadline,
            () -> fail("no answer to %s within %d ms".formatted(method, deadline.toMillis())));
    pending.put(id, new Pending(method, answer, timer));
    var _ = channel.writeAndFlush(new Message.Request(LongNode.valueOf(id), method, params));
    return answer;
  }

  /// Sends a notification: what a server does with updates.
  public void notifyPeer(String method, JsonNode params) {
    var _ = channel.writeAndFlush(new Message.Notification(method, params));
  }

  /// Asks the peer whether it is there; the session ends when it does not answer within `deadline`.
  public CompletableFuture<JsonNode> echo(Duration deadline) {
    return request("echo", JsonNodeFactory.instance.arrayNode(), deadline);
  }

  @Override
  public void channelActive(ChannelHandlerContext ctx) {
    peer.opened();
  }

  @Override
  protected void channelRead0(ChannelHandlerContext ctx, Message message) {
    if (closeReason.isPresent()) {
      return;
    }
    heardAtNanos = System.nanoTime();
    switch (message) {
      case Message.Request(JsonNode id, String method, JsonNode params) -> {
        Answer answer = method.equals("echo") ? Answer.of(params) : peer.requested(method, params);
        var _ = ctx.write(new Message.Response(id, answer.result(), answer.error()));
      }
      case Message.Notification(String method, JsonNode params) -> peer.notified(method, params);
      case Message.Response response -> complete(response);
    }
  }

  private void complete(Message.Response response) {
    Pending request =
        response.id().isIntegralNumber() ? pending.remove(response.id().longValue()) : null;
    if (request == null) {
      throw new ProtocolException("an answer to no request of ours");
    }
    request.deadline().cancel(false);
    if (response.error().isNull()) {
      request.answer().complete(response.result());
    } else {
      request.answer().completeExceptionally(new Refusal(request.method(), response.error()));
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    ctx.flush();
    if (closeReason.isEmpty()) {
      peer.settled();
    }
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext ctx) {
    ctx.channel().config().setAutoRead(ctx.channel().isWritable());
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    String reason = closeReason.orElse(HUNG_UP);
    closeReason = Optional.of(reason);
    handshakeDeadline.cancel(false);
    Map<Long, Pending> open = Map.copyOf(pending);
    pending.clear();
    open.values()
        .forEach(request -> {
          request.deadline().cancel(false);
          request.answer().completeExceptionally(new ProtocolException(reason));
        });
    endTrial(reason);
    peer.closed(reason);
  }

  private void endTrial(String reason) {
    trial.completeExceptionally(new ProtocolException(reason));
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable thrown) {
    Throwable cause =
        thrown instanceof DecoderException && thrown.getCause() != null
            ? thrown.getCause()
            : thrown;
    switch (cause) {
      case ProtocolException broken -> fail(String.valueOf(broken.getMessage()));
      case TooLongFrameException tooLong -> fail("a message beyond the limit of bytes");
      case DecoderException garbage -> fail("it sent what is not JSON");
      case SSLException tls -> fail("TLS: " + Quoted.of(String.valueOf(tls.getMessage())));
      case IOException io -> fail("connection lost: " + io.getMessage());
      default -> {
        LOG.error("session failed on an error of ours remote={}", remote(), cause);
        fail("an error of ours: " + cause);
      }
    }
  }

  private void watch() {
    if (!channel.isActive()) {
      return;
    }
    long silentNanos = System.nanoTime() - heardAtNanos;
    if (pending.isEmpty() && silentNanos >= timings.idle().toNanos()) {
      var _ = echo(timings.echo());
    }
    var _ = later(timings.idle(), this::watch);
  }

  private void fail(String reason) {
    if (closeReason.isEmpty()) {
      closeReason = Optional.of(reason);
      var _ = channel.close();
    }
  }
}
