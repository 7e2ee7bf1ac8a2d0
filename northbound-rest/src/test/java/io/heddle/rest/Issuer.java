package io.heddle.rest;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.HttpServer;
import io.heddle.rest.auth.JwtOptions;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;

/// Somebody who signs tokens and serves his keys.
public final class Issuer implements AutoCloseable {

  public static final String NAME = "https://login.example";
  public static final String AUDIENCE = "heddle";

  private final HttpServer server;
  private final AtomicInteger fetches = new AtomicInteger();
  private volatile List<JWK> published = List.of();

  public Issuer() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/keys",
        exchange -> {
          fetches.incrementAndGet();
          byte[] keys = keySet().getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(200, keys.length);
          exchange.getResponseBody().write(keys);
          exchange.close();
        });
    server.start();
  }

  public JwtOptions options() {
    URI keys = URI.create("http://127.0.0.1:%d/keys".formatted(server.getAddress().getPort()));
    return new JwtOptions(new JwtOptions.Keys.At(keys), NAME, AUDIENCE);
  }

  /// How often somebody asked for the keys.
  public int fetches() {
    return fetches.get();
  }

  /// The keys as they are published now.
  public String keySet() {
    return new JWKSet(published).toString(true);
  }

  public void publish(JWK... keys) {
    published = List.of(keys);
  }

  public static JWK rsa(String id) throws JOSEException {
    return new RSAKeyGenerator(2048).keyID(id).generate();
  }

  public static JWK ec(String id) throws JOSEException {
    return new ECKeyGenerator(Curve.P_256).keyID(id).generate();
  }

  /// Claims of a member of project blue, good for five minutes.
  public static JWTClaimsSet.Builder claims() {
    Instant now = Instant.now();
    return new JWTClaimsSet.Builder()
        .issuer(NAME)
        .audience(AUDIENCE)
        .subject("bea")
        .issueTime(Date.from(now))
        .notBeforeTime(Date.from(now))
        .expirationTime(Date.from(now.plus(Duration.ofMinutes(5))))
        .claim("roles", List.of("member"))
        .claim("project", "blue");
  }

  public static String token(JWK key) throws JOSEException {
    return token(key, claims -> claims);
  }

  public static String token(JWK key, UnaryOperator<JWTClaimsSet.Builder> change)
      throws JOSEException {
    JWSAlgorithm algorithm = key instanceof RSAKey ? JWSAlgorithm.RS256 : JWSAlgorithm.ES256;
    JWSSigner signer =
        key instanceof RSAKey rsa ? new RSASSASigner(rsa) : new ECDSASigner((ECKey) key);
    return signed(
        new JWSHeader.Builder(algorithm).keyID(key.getKeyID()).build(),
        change.apply(claims()).build(),
        signer);
  }

  public static String signed(JWSHeader header, JWTClaimsSet claims, JWSSigner signer)
      throws JOSEException {
    SignedJWT jwt = new SignedJWT(header, claims);
    jwt.sign(signer);
    return jwt.serialize();
  }

  /// The parts of a token that nobody may read in a log.
  public static List<String> secrets(String token) {
    List<String> secrets = new ArrayList<>();
    secrets.add(token);
    String[] parts = token.split("\\.");
    secrets.add(parts[parts.length - 1]);
    return secrets;
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
