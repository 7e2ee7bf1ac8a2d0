package io.heddle.node.contract;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import io.heddle.rest.auth.JwtOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;

/// Signs tokens that a node believes.
public final class Tokens {

  private static final String ISSUER = "https://login.example";
  private static final String AUDIENCE = "heddle";
  private static final Duration GOOD_FOR = Duration.ofHours(6);

  private final ECKey key;
  private final Path published;

  /// @param directory where its public key goes
  public Tokens(Path directory) throws JOSEException, IOException {
    key = new ECKeyGenerator(Curve.P_256).keyID("k1").generate();
    published = Files.writeString(directory.resolve("keys.json"), new JWKSet(key).toString(true));
  }

  /// What a node is told.
  public JwtOptions options() {
    return new JwtOptions(new JwtOptions.Keys.InFile(published), ISSUER, AUDIENCE);
  }

  /// @param project empty for those who belong to none
  public String of(String subject, String role, String project) {
    JWTClaimsSet.Builder claims =
        new JWTClaimsSet.Builder()
            .issuer(ISSUER)
            .audience(AUDIENCE)
            .subject(subject)
            .expirationTime(Date.from(Instant.now().plus(GOOD_FOR)))
            .claim("roles", List.of(role));
    if (!project.isEmpty()) {
      claims.claim("project", project);
    }
    try {
      SignedJWT token =
          new SignedJWT(
              new JWSHeader.Builder(JWSAlgorithm.ES256).keyID(key.getKeyID()).build(),
              claims.build());
      token.sign(new ECDSASigner(key));
      return token.serialize();
    } catch (JOSEException e) {
      throw new IllegalStateException("a key that can't sign", e);
    }
  }
}
