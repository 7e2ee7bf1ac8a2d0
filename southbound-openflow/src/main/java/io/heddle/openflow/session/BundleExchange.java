package io.heddle.openflow.session;

import io.heddle.openflow.codec.Encoded;
import io.heddle.openflow.codec.FlowMod;
import io.heddle.openflow.codec.Message;
import io.heddle.openflow.codec.Ordinary;
import io.heddle.openflow.codec.SwitchError;
import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/// One bundle's way: open, adds, barrier, commit, barrier.
///
/// The first barrier is no luxury. Open vSwitch answers an add that it cannot read with an error,
/// and still commits the rest of the bundle if told to: only when the barrier is back without an
/// error is it known that the bundle is whole.
final class BundleExchange {

  /// What it needs of the connection.
  interface Link {

    int nextXid();

    void send(Consumer<ByteBuf> writer);

    void send(Encoded chunk);

    /// Sends a barrier and goes on when it is back.
    void barrier(Runnable then);
  }

  private final Link link;
  private final BundleContent content;
  private final CompletableFuture<BundleResult> future;
  private final List<BundleResult.Refusal> named = new ArrayList<>();
  private final List<BundleResult.Refusal> general = new ArrayList<>();
  private int openXid;
  private int commitXid;
  private int discardXid;
  private boolean committed;

  BundleExchange(Link link, BundleContent content, CompletableFuture<BundleResult> future) {
    this.link = link;
    this.content = content;
    this.future = future;
  }

  BundleContent content() {
    return content;
  }

  void start(Runnable atEnd) {
    openXid = link.nextXid();
    link.send(out -> Ordinary.writeBundleOpen(out, openXid));
    content.chunks().forEach(link::send);
    link.barrier(() -> added(atEnd));
  }

  private void added(Runnable atEnd) {
    if (named.isEmpty() && general.isEmpty()) {
      commitXid = link.nextXid();
      link.send(out -> Ordinary.writeBundleCommit(out, commitXid));
    } else {
      discardXid = link.nextXid();
      link.send(out -> Ordinary.writeBundleDiscard(out, discardXid));
    }
    link.barrier(() -> ended(atEnd));
  }

  private void ended(Runnable atEnd) {
    atEnd.run();
    if (committed && named.isEmpty() && general.isEmpty()) {
      future.complete(new BundleResult.Committed());
      return;
    }
    List<BundleResult.Refusal> refusals = new ArrayList<>(named);
    refusals.addAll(general);
    future.complete(new BundleResult.Refused(refusals));
  }

  void answered(Message.BundleControl reply) {
    if (reply.xid() == commitXid && reply.step() == Message.BundleStep.COMMITTED) {
      committed = true;
    }
  }

  /// @return false when the error is about something else
  boolean refused(SwitchError error) {
    FlowMod mod = content.find(error.xid());
    if (mod != null) {
      keep(named, new BundleResult.Refusal(error, mod));
      return true;
    }
    if (error.xid() == openXid || (error.xid() == commitXid && commitXid != 0)) {
      keep(general, new BundleResult.Refusal(error, null));
      return true;
    }
    return error.xid() == discardXid && discardXid != 0;
  }

  private static void keep(List<BundleResult.Refusal> refusals, BundleResult.Refusal refusal) {
    if (refusals.size() < Limits.MAX_REFUSALS) {
      refusals.add(refusal);
    }
  }

  void abandoned(SessionClosedException why) {
    future.completeExceptionally(why);
  }
}
