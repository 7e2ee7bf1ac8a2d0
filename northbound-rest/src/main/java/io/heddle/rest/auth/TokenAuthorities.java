package io.heddle.rest.auth;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/// Several authorities: a token is whose the first of them says.
public record TokenAuthorities(List<TokenAuthority> all) implements TokenAuthority {

  public TokenAuthorities {
    all = List.copyOf(all);
  }

  @Override
  public CompletionStage<Void> prepare(String token) {
    return CompletableFuture.allOf(
        all.stream()
            .map(each -> each.prepare(token).toCompletableFuture())
            .toArray(CompletableFuture<?>[]::new));
  }

  @Override
  public Optional<Caller> authenticate(String token) {
    return all.stream().flatMap(each -> each.authenticate(token).stream()).findFirst();
  }
}
