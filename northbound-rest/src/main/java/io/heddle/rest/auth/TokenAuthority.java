package io.heddle.rest.auth;

import java.util.Optional;

/// Knows tokens. Asked on an event loop for every request: it never blocks.
@FunctionalInterface
public interface TokenAuthority {

  /// Whose token this is, or nothing when it is nobody's, or nobody's any more.
  Optional<Caller> authenticate(String token);
}
