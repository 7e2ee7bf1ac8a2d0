package io.heddle.core.model;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.time.Instant;
import java.util.List;

/// The answer that a request with an `Idempotency-Key` got, kept so that its repetition gets the
/// same.
///
/// @param bodyHash tells a repetition from another request under the same key
/// @param reply what the caller's shell wants to be given back
/// @param revision the revision that holds what was done
/// @param sequence rises with every reply kept, so that the oldest is found at once
public record IdempotentReply(
    Id id, String bodyHash, String reply, long revision, Instant at, long sequence) implements Row {

  public static final Index<IdempotentReply, Long> BY_SEQUENCE =
      new Index<>("idempotent reply by sequence", row -> List.of(row.sequence()));
  public static final Kind<IdempotentReply> KIND =
      new Kind<>("idempotent-reply", IdempotentReply.class, 1, Id::parse, List.of(BY_SEQUENCE));

  @Override
  public Id key() {
    return id;
  }

  public record Id(ProjectId project, String key) implements Key<IdempotentReply> {

    @JsonCreator
    public static Id parse(String text) {
      int slash = text.indexOf('/');
      return new Id(new ProjectId(text.substring(0, slash)), text.substring(slash + 1));
    }

    @Override
    public Kind<IdempotentReply> kind() {
      return KIND;
    }

    @JsonValue
    @Override
    public String toString() {
      return project + "/" + key;
    }
  }
}
