package io.heddle.openflow.session;

import io.heddle.openflow.codec.Message;
import io.heddle.openflow.codec.Ordinary;
import io.heddle.openflow.codec.SwitchError;
import io.heddle.openflow.codec.SwitchRole;
import io.heddle.openflow.codec.Xids;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.CodecException;
import io.netty.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One connection to one switch, in whatever role: it puts the policy's claims to the switch, and
/// has a [LiveSession] while the switch is ours.
///
/// One claim is under way at a time, and nothing else leaves until its answer: a switch that
/// refuses a claim as stale goes on obeying the old master, so it must not speak. A switch that
/// obeys somebody else is not claimed back: only [#reclaim] asks the policy again.
///
/// Its fields belong to the connection's event loop.
final class SwitchConnection extends SimpleChannelInboundHandler<Message> {

  private static final Logger LOG = LoggerFactory.getLogger(SwitchConnection.class);

  /// What all connections of a server share.
  record Shared(ClaimPolicy policy, SwitchEvents events, Xids xids, Roster roster) {}

  /// A claim on its way.
  private record Asked(Claim.Asserted claim, int xid) {}

  private final Channel channel;
  private final long datapathId;
  private final Shared shared;

  private @Nullable Asked asked;
  private boolean askAgain;
  private boolean stale;
  private long staleEpoch;

  /// What the switch last granted and has not taken back; read by any thread.
  private volatile Claim granted = new Claim.Hold();

  private @Nullable Setup setup;
  private @Nullable LiveSession session;
  private boolean bundleLeft;
  private int malformed;
  private @Nullable Future<?> deadline;

  SwitchConnection(Channel channel, long datapathId, Shared shared) {
    this.channel = channel;
    this.datapathId = datapathId;
    this.shared = shared;
  }

  long datapathId() {
    return datapathId;
  }

  Claim granted() {
    return granted;
  }

  /// Ends the connection; any thread may.
  void close(String why) {
    Ending.close(channel, why);
  }

  /// Asks the policy again, and the switch if it is told something new; any thread may.
  void reclaim() {
    try {
      channel.eventLoop().execute(this::claim);
    } catch (RejectedExecutionException e) {
      LOG.debug("openflow claim=late datapath={}: the server has stopped", hex());
    }
  }

  private void claim() {
    if (!channel.isActive() || stale) {
      return;
    }
    if (asked != null) {
      askAgain = true;
      return;
    }
    Claim wanted = shared.policy().claimFor(datapathId);
    if (wanted instanceof Claim.Asserted claim && !claim.equals(granted)) {
      if (claim instanceof Claim.Standby(long epoch)) {
        endSession("another node is its master, epoch %d".formatted(epoch));
      }
      ask(claim);
    }
  }

  private void ask(Claim.Asserted claim) {
    Asked request = new Asked(claim, shared.xids().next());
    asked = request;
    if (session != null) {
      session.pause();
    }
    send(out -> Ordinary.writeRoleRequest(out, request.xid(), claim.role(), claim.epoch()));
    within("no answer to the claim of epoch %d".formatted(claim.epoch()));
  }

  private void answered(Claim.Asserted claim, Message.Role reply) {
    asked = null;
    if (reply.role() != claim.role()) {
      close("it answered the claim with the role " + reply.role());
      return;
    }
    if (claim instanceof Claim.Standby && !(granted instanceof Claim.Standby)) {
      LOG.info(
          "openflow role=standby datapath={} remote={} epoch={}",
          hex(),
          channel.remoteAddress(),
          claim.epoch());
    }
    granted = claim;
    if (setup == null) {
      cancelDeadline();
    }
    if (session != null) {
      session.goOn(claim.epoch());
    }
    if (askAgain) {
      askAgain = false;
      claim();
    }
    if (asked == null && claim instanceof Claim.Master && session == null && setup == null) {
      setUp();
    }
  }

  private void setUp() {
    Setup fresh = new Setup(shared.xids());
    setup = fresh;
    boolean discard = bundleLeft;
    bundleLeft = false;
    send(out -> fresh.write(out, discard));
    within("no answer to how it is set up");
  }

  private void ready(Setup done) {
    setup = null;
    if (asked == null) {
      cancelDeadline();
    }
    long epoch = granted instanceof Claim.Asserted claim ? claim.epoch() : 0;
    LiveSession fresh =
        new LiveSession(channel, new LiveSession.Claimed(datapathId, epoch, done.ports()), shared);
    session = fresh;
    if (asked != null) {
      fresh.pause();
    }
    LOG.info(
        "openflow session=ready datapath={} remote={} epoch={} ports={}",
        hex(),
        channel.remoteAddress(),
        epoch,
        done.ports().size());
    shared.events().ready(fresh);
    done.early().forEach(fresh::deliver);
  }

  /// What was asked of the switch as its master and not answered yet has failed.
  private void endSession(String why) {
    setup = null;
    LiveSession ended = session;
    session = null;
    if (ended != null) {
      bundleLeft |= ended.end(why);
    }
  }

  /// Somebody else is master: that stands until this node is told of a new view.
  private void deposed(String why) {
    granted = new Claim.Hold();
    if (asked == null) {
      cancelDeadline();
    }
    endSession(why);
  }

  @Override
  protected void channelRead0(ChannelHandlerContext context, Message message) {
    Setup settingUp = setup;
    switch (message) {
      case Message.Role reply when asked != null && reply.xid() == asked.xid() ->
          answered(asked.claim(), reply);
      case Message.Role reply when stale -> stale(reply.generationId());
      case Message.RoleChanged change -> {
        if (change.role() != SwitchRole.MASTER) {
          deposed("somebody else claimed the switch, epoch %d".formatted(change.generationId()));
        }
      }
      case Message.Refusal(SwitchError error) -> refused(error);
      case Message.Malformed(int xid, int type, String why) -> malformed(xid, type, why);
      case Message.Ports part when settingUp != null -> {
        if (!settingUp.add(part)) {
          close("it describes more than %d ports".formatted(Limits.MAX_PORTS));
        }
      }
      case Message.Barrier(int xid) when settingUp != null && settingUp.isLast(xid) ->
          ready(settingUp);
      case Message.PortChanged _, Message.Punt _ when settingUp != null -> settingUp.keep(message);
      default -> {
        // Without a session: answers that come late, and packets that a fresh switch tells all.
        if (session != null) {
          session.deliver(message);
        }
      }
    }
  }

  private void refused(SwitchError error) {
    Asked request = asked;
    if (request != null && request.xid() == error.xid()) {
      refused(request.claim(), error);
    } else if (error.isNotMaster()) {
      if (session != null || setup != null) {
        deposed("the switch obeys another master");
      }
    } else if (setup != null && setup.asked(error.xid())) {
      close("it refused how it is set up with " + error.text());
    } else if (session != null) {
      session.refused(error);
    }
  }

  private void refused(Claim.Asserted claim, SwitchError error) {
    asked = null;
    if (!error.isStaleRole()) {
      close("it refused the claim of epoch %d with %s".formatted(claim.epoch(), error.text()));
      return;
    }
    stale = true;
    staleEpoch = claim.epoch();
    send(out -> Ordinary.writeRoleQuery(out, shared.xids().next()));
    within("no answer to which epoch it has seen");
  }

  private void stale(long seen) {
    shared.events().stale(datapathId, seen);
    close("epoch %d is stale, the switch has seen %d".formatted(staleEpoch, seen));
  }

  private void malformed(int xid, int type, String why) {
    malformed++;
    LOG.warn(
        "openflow message=unreadable datapath={} type={} xid={} why=\"{}\"", hex(), type, xid, why);
    if (asked != null || setup != null || malformed > Limits.MAX_MALFORMED) {
      close("it sends what cannot be read: " + why);
    }
  }

  private void send(Consumer<ByteBuf> writer) {
    ByteBuf out = channel.alloc().buffer();
    writer.accept(out);
    ChannelFuture _ = channel.writeAndFlush(out);
  }

  private void within(String what) {
    cancelDeadline();
    deadline =
        channel
            .eventLoop()
            .schedule(
                () -> close("%s for %d s".formatted(what, Limits.ANSWER.toSeconds())),
                Limits.ANSWER.toMillis(),
                TimeUnit.MILLISECONDS);
  }

  private void cancelDeadline() {
    if (deadline != null) {
      boolean _ = deadline.cancel(false);
    }
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext context) {
    if (session != null) {
      session.drain();
    }
    context.fireChannelWritabilityChanged();
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    cancelDeadline();
    endSession(Ending.why(channel));
    LOG.info(
        "openflow switch=disconnected datapath={} remote={} why=\"{}\"",
        hex(),
        channel.remoteAddress(),
        Ending.why(channel));
    shared.roster().leave(this);
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    if (cause instanceof RuntimeException && !(cause instanceof CodecException)) {
      LOG.error("openflow switch=failing datapath={}", hex(), cause);
    }
    close(Ending.describe(cause));
  }

  private String hex() {
    return "%016x".formatted(datapathId);
  }
}
