package io.heddle.openflow.session;

import io.heddle.core.flow.Meter;
import io.heddle.core.model.HostId;
import io.heddle.openflow.codec.Bytes;
import io.heddle.openflow.codec.Encoded;
import io.heddle.openflow.codec.FlowStat;
import io.heddle.openflow.codec.Message;
import io.heddle.openflow.codec.NiciraMessages;
import io.heddle.openflow.codec.Ordinary;
import io.heddle.openflow.codec.SwitchError;
import io.heddle.openflow.codec.SwitchPort;
import io.heddle.openflow.codec.Xids;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.util.concurrent.Future;
import java.net.SocketAddress;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The session of a switch that is ours, from the setup behind a granted claim to the loss of it.
/// Its fields belong to the connection's event loop.
final class LiveSession implements SwitchSession, BundleExchange.Link {

  private static final Logger LOG = LoggerFactory.getLogger(LiveSession.class);

  /// A switch that is ours.
  record Claimed(long datapathId, long epoch, List<SwitchPort> ports) {}

  private final Channel channel;
  private final Claimed claimed;
  private final SwitchEvents events;
  private final Xids xids;
  private final Requests requests = new Requests();
  private final Outbox outbox;
  private final Deque<BundleExchange> bundles = new ArrayDeque<>();
  private final Future<?> watch;
  private long bundleBytes;
  private volatile long epoch;
  private @Nullable SessionClosedException ended;

  LiveSession(Channel channel, Claimed claimed, SwitchConnection.Shared shared) {
    this.channel = channel;
    this.claimed = claimed;
    this.events = shared.events();
    this.xids = shared.xids();
    this.epoch = claimed.epoch();
    this.outbox = new Outbox(channel);
    this.watch =
        channel
            .eventLoop()
            .scheduleAtFixedRate(
                this::watch,
                Limits.ANSWER.toMillis(),
                Limits.ANSWER.toMillis(),
                TimeUnit.MILLISECONDS);
  }

  private void watch() {
    if (requests.isStuck()) {
      Ending.close(channel, "no answer for %d s".formatted(Limits.ANSWER.toSeconds()));
    }
  }

  @Override
  public long datapathId() {
    return claimed.datapathId();
  }

  @Override
  public long epoch() {
    return epoch;
  }

  @Override
  public SocketAddress remote() {
    return channel.remoteAddress();
  }

  @Override
  public Optional<HostId> host() {
    return SwitchServer.certified(channel);
  }

  @Override
  public List<SwitchPort> ports() {
    return claimed.ports();
  }

  /// Sends nothing until the claim that is on its way is granted.
  void pause() {
    outbox.pause();
  }

  /// The switch is ours for a later epoch, too.
  void goOn(long newEpoch) {
    epoch = newEpoch;
    outbox.goOn();
  }

  void drain() {
    outbox.drain();
  }

  @Override
  public CompletableFuture<List<FlowStat>> dump(FlowStat.Request request) {
    return ask(future -> {
      int xid = xids.next();
      requests.add(
          xid,
          new Gathering<>(
              future,
              Limits.MAX_DUMPED_FLOWS,
              message ->
                  message instanceof Message.Flows part
                      ? new Gathering.Part<>(part.flows(), part.more())
                      : null));
      send(out -> FlowStat.writeRequest(out, xid, request));
    });
  }

  @Override
  public CompletableFuture<List<Meter>> dumpMeters() {
    return ask(future -> {
      int xid = xids.next();
      requests.add(
          xid,
          new Gathering<>(
              future,
              Limits.MAX_DUMPED_METERS,
              message ->
                  message instanceof Message.Meters part
                      ? new Gathering.Part<>(part.meters(), part.more())
                      : null));
      send(out -> Ordinary.writeMeterConfigRequest(out, xid));
    });
  }

  @Override
  public CompletableFuture<BundleResult> bundle(BundleContent content) {
    return ask(future -> {
      bundleBytes += content.bytes();
      if (bundleBytes > Limits.MAX_WAITING_BYTES) {
        Ending.close(channel, "%d bytes of bundles wait for it".formatted(bundleBytes));
      }
      bundles.add(new BundleExchange(this, content, future));
      if (bundles.size() == 1) {
        bundles.element().start(this::nextBundle);
      }
    });
  }

  private void nextBundle() {
    bundleBytes -= bundles.remove().content().bytes();
    if (!bundles.isEmpty()) {
      bundles.element().start(this::nextBundle);
    }
  }

  @Override
  public CompletableFuture<Void> barrier() {
    return ask(future -> awaitBarrier(() -> future.complete(null), future));
  }

  @Override
  public CompletableFuture<Void> flushZone(int zone) {
    return command((out, xid) -> NiciraMessages.writeFlushZone(out, xid, zone));
  }

  @Override
  public CompletableFuture<Void> putMeter(Meter meter) {
    return command((out, xid) -> Ordinary.writeMeterAdd(out, xid, meter))
        .exceptionallyCompose(failure ->
            saysThatItIsThere(failure)
                ? command((out, xid) -> Ordinary.writeMeterModify(out, xid, meter))
                : CompletableFuture.failedFuture(failure));
  }

  private static boolean saysThatItIsThere(Throwable failure) {
    Throwable cause =
        failure instanceof CompletionException && failure.getCause() != null
            ? failure.getCause()
            : failure;
    return cause instanceof SwitchRefusedException refused && refused.error().isMeterExists();
  }

  @Override
  public CompletableFuture<Void> deleteMeter(int id) {
    return command((out, xid) -> Ordinary.writeMeterDelete(out, xid, id));
  }

  private interface Writer {
    void write(ByteBuf out, int xid);
  }

  /// Sends what has no answer but an error, and a barrier behind it.
  private CompletableFuture<Void> command(Writer writer) {
    return ask(future -> {
      int xid = xids.next();
      requests.add(xid, new Gathering<>(refusal(future), 0, message -> null));
      send(out -> writer.write(out, xid));
      awaitBarrier(
          () -> {
            requests.remove(xid);
            future.complete(null);
          },
          future);
    });
  }

  private static CompletableFuture<List<Message>> refusal(CompletableFuture<Void> future) {
    CompletableFuture<List<Message>> reply = new CompletableFuture<>();
    CompletableFuture<List<Message>> _ =
        reply.whenComplete((_, failure) -> future.completeExceptionally(failure));
    return reply;
  }

  private void awaitBarrier(Runnable then, CompletableFuture<?> failing) {
    int xid = xids.next();
    requests.add(xid, new BarrierRequest(then, failing));
    send(out -> Ordinary.writeBarrier(out, xid));
  }

  private record BarrierRequest(Runnable then, CompletableFuture<?> failing)
      implements Requests.Request {
    @Override
    public boolean answered(Message message) {
      then.run();
      return true;
    }

    @Override
    public void refused(SwitchError error) {
      failing.completeExceptionally(new SwitchRefusedException(error));
    }

    @Override
    public void abandoned(SessionClosedException why) {
      failing.completeExceptionally(why);
    }
  }

  @Override
  public boolean packetOut(int inPort, int outPort, Bytes packet) {
    if (!channel.isWritable()) {
      return false;
    }
    CompletableFuture<Void> _ =
        ask(future -> {
          int xid = xids.next();
          send(out -> NiciraMessages.writePacketOut(out, xid, inPort, outPort, packet));
          future.complete(null);
        });
    return true;
  }

  @Override
  public void close(String why) {
    boolean _ =
        onLoop(() -> {
          if (ended == null) {
            Ending.close(channel, why);
          }
        });
  }

  /// Runs on the event loop, now or soon; a session that has ended fails the future.
  private <T> CompletableFuture<T> ask(Consumer<CompletableFuture<T>> task) {
    CompletableFuture<T> future = new CompletableFuture<>();
    boolean running =
        onLoop(() -> {
          if (ended != null) {
            future.completeExceptionally(ended);
          } else if (requests.isFull()) {
            future.completeExceptionally(
                new IllegalStateException("%d requests wait".formatted(Limits.MAX_REQUESTS)));
          } else {
            task.accept(future);
          }
        });
    if (!running) {
      future.completeExceptionally(new SessionClosedException("the server has stopped"));
    }
    return future;
  }

  /// @return false when the event loop has stopped for good
  private boolean onLoop(Runnable task) {
    if (channel.eventLoop().inEventLoop()) {
      task.run();
      return true;
    }
    try {
      channel.eventLoop().execute(task);
      return true;
    } catch (RejectedExecutionException e) {
      return false;
    }
  }

  @Override
  public int nextXid() {
    return xids.next();
  }

  @Override
  public void send(Consumer<ByteBuf> writer) {
    ByteBuf out = channel.alloc().buffer();
    writer.accept(out);
    outbox.send(out);
  }

  @Override
  public void send(Encoded chunk) {
    outbox.send(chunk.buffer());
  }

  @Override
  public void barrier(Runnable then) {
    awaitBarrier(then, new CompletableFuture<>());
  }

  /// What the switch says, but for its refusals and what concerns the claim.
  void deliver(Message message) {
    switch (message) {
      case Message.Punt(int _, var packet) -> events.packetIn(this, packet);
      case Message.PortChanged(int _, var change, var port) ->
          events.portChanged(this, change, port);
      case Message.BundleControl reply -> {
        if (!bundles.isEmpty()) {
          bundles.element().answered(reply);
        }
      }
      case Message.Hello _,
          Message.Other _,
          Message.EchoRequest _,
          Message.EchoReply _,
          Message.RoleChanged _,
          Message.Refusal _,
          Message.Malformed _ -> {
        // Nothing to do with us.
      }
      case Message.Features _,
          Message.Role _,
          Message.Ports _,
          Message.Flows _,
          Message.Meters _,
          Message.Barrier _ -> {
        if (!requests.answer(message)) {
          LOG.debug("openflow answer=unexpected datapath={} message={}", hex(), message);
        }
      }
    }
  }

  void refused(SwitchError error) {
    if (requests.refuse(error) || (!bundles.isEmpty() && bundles.element().refused(error))) {
      return;
    }
    events.error(this, error);
  }

  private String hex() {
    return "%016x".formatted(claimed.datapathId());
  }

  /// The switch is ours no more: whatever was asked and not answered has failed, and what had not
  /// left yet never leaves.
  ///
  /// @return true when a bundle was under way, which the switch may keep half full
  boolean end(String reason) {
    watch.cancel(false);
    SessionClosedException why = new SessionClosedException(reason);
    ended = why;
    outbox.clear();
    List<BundleExchange> abandoned = List.copyOf(bundles);
    bundles.clear();
    requests.abandonAll(why);
    abandoned.forEach(bundle -> bundle.abandoned(why));
    LOG.info("openflow session=closed datapath={} why=\"{}\"", hex(), reason);
    events.closed(this, reason);
    return !abandoned.isEmpty();
  }

  @Override
  public String toString() {
    return "switch %s at %s".formatted(hex(), remote());
  }
}
