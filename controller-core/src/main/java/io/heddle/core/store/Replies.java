package io.heddle.core.store;

import io.heddle.core.model.IdempotentReply;
import io.heddle.core.model.NumberSpace;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/// Keeps what repeatable requests were told, as rows of the same batch as what they did: however a
/// connection or a leader dies, a repetition finds either both or neither.
final class Replies {

  /// Bounds the memory that replies take, at a KB or two each.
  static final int MAX_KEPT = 20_000;

  /// A client that has not repeated itself for a day has given up.
  static final Duration KEPT_FOR = Duration.ofDays(1);

  /// More than one, so that a backlog shrinks; few, so that no request pays for all.
  static final int PRUNED_AT_ONCE = 8;

  private static final NumberSpace.Id SEQUENCE = new NumberSpace.Id("idempotent-reply");

  private Replies() {}

  /// What a request that was seen before is told: the same again, or that its key is taken.
  static <T> Optional<Outcome<T>> earlier(Rows rows, Submission.Repeatable<T> asked) {
    return rows.find(new IdempotentReply.Id(asked.project(), asked.key()))
        .map(kept ->
            kept.bodyHash().equals(asked.bodyHash())
                ? new Outcome.Replayed<T>(kept.reply(), kept.revision())
                : new Outcome.Rejected<T>(taken(kept)));
  }

  private static Problem taken(IdempotentReply kept) {
    return Problem.conflict(
        "Idempotency-Key",
        "Idempotency-Key '%s' was used for another request at %s; use a new key for a new request"
            .formatted(kept.id().key(), kept.at()),
        List.of());
  }

  /// Adds the reply to the draft, and takes out what is too old or too many.
  static <T> void keep(Draft draft, Submission.Repeatable<T> asked, T result) {
    prune(draft);
    long sequence = next(draft);
    draft.put(
        new IdempotentReply(
            new IdempotentReply.Id(asked.project(), asked.key()),
            asked.bodyHash(),
            asked.reply().apply(result),
            draft.revision(),
            draft.now(),
            sequence));
    draft.put(new NumberSpace(SEQUENCE, sequence + 1));
  }

  /// Rows are only ever added at the end of the sequence and taken from its start, so that the
  /// oldest is `count` before the next.
  private static void prune(Draft draft) {
    for (int pruned = 0; pruned < PRUNED_AT_ONCE; pruned++) {
      int count = draft.image().count(IdempotentReply.KIND);
      Collection<IdempotentReply> oldest =
          draft.findBy(IdempotentReply.KIND, IdempotentReply.BY_SEQUENCE, next(draft) - count);
      for (IdempotentReply reply : oldest) {
        if (count < MAX_KEPT && reply.at().plus(KEPT_FOR).isAfter(draft.now())) {
          return;
        }
        draft.delete(reply.id());
      }
    }
  }

  private static long next(Draft draft) {
    return draft.find(SEQUENCE).map(NumberSpace::next).orElse(1L);
  }
}
