package io.heddle.core.store;

import io.heddle.core.model.ProjectId;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// A command with who sent it and how its repetition is recognised.
///
/// @param author who asked: a subject of the API, or `host:<id>` for what a host reported
/// @param summary a few words for the history: `create port web-1`
/// @param request the request behind it, so that who sent it finds it in the log; may be empty
/// @param queue in whose turn it is decided: a project's, or the one without a name, which
///   operators, nodes and hosts share
public record Submission<T>(
    Command<T> command,
    String author,
    String summary,
    @Nullable Repeatable<T> repeatable,
    String request,
    String queue) {

  public Submission(
      Command<T> command, String author, String summary, @Nullable Repeatable<T> repeatable) {
    this(command, author, summary, repeatable, "", "");
  }

  /// Makes a request safe to send again.
  ///
  /// @param key the client's `Idempotency-Key`
  /// @param bodyHash a digest of what was asked; the same key with another digest is a conflict
  /// @param reply writes down what the caller is to be told again
  public record Repeatable<T>(
      ProjectId project, String key, String bodyHash, Function<T, String> reply) {}

  public static <T> Submission<T> of(Command<T> command, String author, String summary) {
    return new Submission<>(command, author, summary, null);
  }

  /// The same, on behalf of a request.
  public Submission<T> by(String causingRequest) {
    return new Submission<>(command, author, summary, repeatable, causingRequest, queue);
  }

  /// The same, in the turn of a project.
  public Submission<T> inTurnOf(ProjectId project) {
    return new Submission<>(command, author, summary, repeatable, request, project.value());
  }
}
