package io.heddle.rest.auth;

import java.net.URI;
import java.nio.file.Path;

/// Whose signed tokens are believed.
///
/// @param keys where the issuer's public keys are
/// @param issuer what `iss` must be
/// @param audience what `aud` must hold
public record JwtOptions(Keys keys, String issuer, String audience) {

  /// A JSON Web Key Set (RFC 7517).
  public sealed interface Keys {
    /// Read again when it changes.
    record InFile(Path file) implements Keys {
      @Override
      public String toString() {
        return file.toString();
      }
    }

    /// Fetched again every few minutes, and when a token names a key that is not known.
    record At(URI url) implements Keys {
      @Override
      public String toString() {
        return url.toString();
      }
    }

    /// @throws IllegalArgumentException naming the value and what would be accepted
    static Keys parse(String text) {
      if (!text.contains("://")) {
        return new InFile(Path.of(text));
      }
      URI url = URI.create(text);
      boolean local = "127.0.0.1".equals(url.getHost()) || "localhost".equals(url.getHost());
      if (!"https".equals(url.getScheme()) && !("http".equals(url.getScheme()) && local)) {
        throw new IllegalArgumentException(
            "'%s' is not a file or an https URL; keys that come in clear can be anybody's"
                .formatted(text));
      }
      return new At(url);
    }
  }

  public JwtOptions {
    if (issuer.isBlank() || audience.isBlank()) {
      throw new IllegalArgumentException(
          "tokens by %s need an issuer and an audience to be held to".formatted(keys));
    }
  }
}
