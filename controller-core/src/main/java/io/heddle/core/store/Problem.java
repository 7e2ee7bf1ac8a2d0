package io.heddle.core.store;

import java.util.List;

/// Why a caller's request is refused: one sentence that says what is wrong, with which value, and
/// what would be accepted.
///
/// @param field the request's field that is at fault (`cidr`, `rules[2].portFrom`), or empty
/// @param conflicts what stands in the way, as `kind id`
public record Problem(Type type, String detail, String field, List<String> conflicts) {

  /// What class of mistake it is; the API maps each to one status code.
  public enum Type {
    /// A value that could never be accepted.
    INVALID,
    /// A row that is not there, or not the caller's.
    NOT_FOUND,
    /// A value that another row stands in the way of.
    CONFLICT,
    /// Something that others still use.
    IN_USE,
    /// A quota or a space of numbers or addresses is used up.
    EXHAUSTED,
    /// The row is not at the revision that the caller read.
    PRECONDITION_FAILED,
    /// The caller may not do this.
    FORBIDDEN
  }

  public Problem {
    conflicts = List.copyOf(conflicts);
  }

  public static Problem invalid(String field, String detail) {
    return new Problem(Type.INVALID, detail, field, List.of());
  }

  public static Problem notFound(String field, String detail) {
    return new Problem(Type.NOT_FOUND, detail, field, List.of());
  }

  public static Problem conflict(String field, String detail, List<String> conflicts) {
    return new Problem(Type.CONFLICT, detail, field, conflicts);
  }

  public static Problem inUse(String detail, List<String> users) {
    return new Problem(Type.IN_USE, detail, "", users);
  }

  public static Problem exhausted(String field, String detail) {
    return new Problem(Type.EXHAUSTED, detail, field, List.of());
  }

  public static Problem preconditionFailed(String detail) {
    return new Problem(Type.PRECONDITION_FAILED, detail, "", List.of());
  }
}
