package io.heddle.node;

import io.heddle.rest.auth.JwtOptions;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// Whose signed tokens the command line says that a node believes.
final class SignedTokenOptions {

  @Option(
      names = "--token-keys",
      paramLabel = "FILE|URL",
      required = true,
      description = "The issuer's JSON Web Key Set: a file, or an https URL. Read again on change.")
  private @Nullable String keys;

  @Option(
      names = "--token-issuer",
      paramLabel = "ISS",
      required = true,
      description = "What a token's iss must be.")
  private String issuer = "";

  @Option(
      names = "--token-audience",
      paramLabel = "AUD",
      required = true,
      description = "What a token's aud must hold.")
  private String audience = "";

  /// @throws IllegalArgumentException naming the value and what would be accepted
  Optional<JwtOptions> options() {
    return Optional.ofNullable(keys)
        .map(text -> new JwtOptions(JwtOptions.Keys.parse(text), issuer, audience));
  }
}
