package io.heddle.openflow.session;

import io.heddle.openflow.codec.Message;
import io.heddle.openflow.codec.SwitchError;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// A request that is answered in parts.
final class Gathering<T> implements Requests.Request {

  /// What one message contributes.
  record Part<T>(List<T> items, boolean more) {}

  private final CompletableFuture<List<T>> future;
  private final int atMost;
  private final Function<Message, @Nullable Part<T>> read;
  private final List<T> all = new ArrayList<>();

  /// @param read null for a message that is no answer to this
  Gathering(
      CompletableFuture<List<T>> future, int atMost, Function<Message, @Nullable Part<T>> read) {
    this.future = future;
    this.atMost = atMost;
    this.read = read;
  }

  @Override
  public boolean answered(Message message) {
    Part<T> part = read.apply(message);
    if (part == null) {
      future.completeExceptionally(new IllegalStateException("the answer is a " + message));
      return true;
    }
    all.addAll(part.items());
    if (all.size() > atMost) {
      future.completeExceptionally(
          new IllegalStateException("the answer has more than %d entries".formatted(atMost)));
      return true;
    }
    if (part.more()) {
      return false;
    }
    future.complete(all);
    return true;
  }

  @Override
  public void refused(SwitchError error) {
    future.completeExceptionally(new SwitchRefusedException(error));
  }

  @Override
  public void abandoned(SessionClosedException why) {
    future.completeExceptionally(why);
  }
}
