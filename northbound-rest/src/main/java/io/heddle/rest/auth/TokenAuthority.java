package io.heddle.rest.auth;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/// Knows tokens. Asked on an event loop for every request: it never blocks.
@FunctionalInterface
public interface TokenAuthority {

  /// Whose token this is, or nothing when it is nobody's, or nobody's any more.
  Optional<Caller> authenticate(String token);

  /// Has looked up what a token needs before [#authenticate] can tell, such as a key that is not
  /// known yet; completes without a failure, at once for nearly every token, else on any thread.
  default CompletionStage<Void> prepare(String token) {
    return CompletableFuture.completedFuture(null);
  }
}
