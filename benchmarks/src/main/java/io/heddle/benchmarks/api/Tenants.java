package io.heddle.benchmarks.api;

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

/// An issuer of tokens that the measured node believes.
final class Tenants {

  private static final String ISSUER = "https://bench.example";
  private static final String AUDIENCE = "heddle";
  private static final Duration GOOD_FOR = Duration.ofHours(12);

  private final ECKey key;
  private final Path published;

  Tenants(Path directory) throws IOException {
    try {
      key = new ECKeyGenerator(Curve.P_256).keyID("bench").generate();
    } catch (JOSEException e) {
      throw new IllegalStateException("every JDK has P-256", e);
    }
    published = Files.writeString(directory.resolve("keys.json"), new JWKSet(key).toString(true));
  }

  JwtOptions options() {
    return new JwtOptions(new JwtOptions.Keys.InFile(published), ISSUER, AUDIENCE);
  }

  /// Of a member of the project.
  String token(String project) {
    SignedJWT token =
        new SignedJWT(
            new JWSHeader.Builder(JWSAlgorithm.ES256).keyID(key.getKeyID()).build(),
            new JWTClaimsSet.Builder()
                .issuer(ISSUER)
                .audience(AUDIENCE)
                .subject("of-" + project)
                .expirationTime(Date.from(Instant.now().plus(GOOD_FOR)))
                .claim("roles", List.of("member"))
                .claim("project", project)
                .build());
    try {
      token.sign(new ECDSASigner(key));
    } catch (JOSEException e) {
      throw new IllegalStateException("a key that can't sign", e);
    }
    return token.serialize();
  }
}
