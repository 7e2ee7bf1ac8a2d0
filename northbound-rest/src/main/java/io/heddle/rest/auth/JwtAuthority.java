package io.heddle.rest.auth;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.source.ImmutableJWKSet;
import com.nimbusds.jose.proc.BadJOSEException;
import com.nimbusds.jose.proc.JWSVerificationKeySelector;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.nimbusds.jwt.proc.DefaultJWTClaimsVerifier;
import com.nimbusds.jwt.proc.DefaultJWTProcessor;
import io.heddle.core.model.ProjectId;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Date;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/// Believes tokens that an issuer signed (RFC 7519): RS256 or ES256 by one of its keys, for us, by
/// it, not expired and not too early. The claim `roles` says what the bearer may do (the highest of
/// those we know counts), `project` where, and `sub` who it is.
///
/// A token that was good is remembered by its hash until it expires or the keys change: checking a
/// signature on the event loop for every request would be dear.
public final class JwtAuthority implements TokenAuthority, AutoCloseable {

  private static final Set<JWSAlgorithm> ALGORITHMS =
      Set.of(JWSAlgorithm.RS256, JWSAlgorithm.ES256);

  /// The issuer's clock may differ from ours by so much.
  private static final Duration SKEW = Duration.ofSeconds(30);

  /// Between readings that unknown keys cause.
  private static final Duration PAUSE = Duration.ofSeconds(10);

  private static final int MAX_REMEMBERED = 10_000;
  private static final int MAX_TOKEN = 8 * 1024;

  private final JwtOptions options;
  private final InstantSource clock;
  private final KeySet keys;
  private final Cache<String, Good> remembered =
      Caffeine.newBuilder().maximumSize(MAX_REMEMBERED).build();

  private record Good(Caller caller, Instant until, JWKSet by) {}

  public JwtAuthority(JwtOptions options, InstantSource clock) {
    this(options, clock, PAUSE);
  }

  JwtAuthority(JwtOptions options, InstantSource clock, Duration pause) {
    this.options = options;
    this.clock = clock;
    keys = new KeySet(options.keys(), clock, pause);
    var _ = keys.refresh();
  }

  /// Has the issuer's keys read when the token names one that is not among them.
  @Override
  public CompletionStage<Void> prepare(String token) {
    Optional<SignedJWT> jwt = parsed(token);
    if (jwt.isEmpty() || !ALGORITHMS.contains(jwt.get().getHeader().getAlgorithm())) {
      return CompletableFuture.completedFuture(null);
    }
    String id = jwt.get().getHeader().getKeyID();
    JWKSet known = keys.keys();
    boolean unknown = id == null ? known.isEmpty() : known.getKeyByKeyId(id) == null;
    return unknown ? keys.refresh() : CompletableFuture.completedFuture(null);
  }

  @SuppressWarnings("ReferenceEquality") // another key set, be it an equal one, is asked anew
  @Override
  public Optional<Caller> authenticate(String token) {
    JWKSet current = keys.keys();
    String hash = hash(token);
    Good before = remembered.getIfPresent(hash);
    if (before != null && before.by() == current && clock.instant().isBefore(before.until())) {
      return Optional.of(before.caller());
    }
    Optional<Good> good = parsed(token).flatMap(jwt -> check(jwt, current));
    good.ifPresentOrElse(found -> remembered.put(hash, found), () -> remembered.invalidate(hash));
    return good.map(Good::caller);
  }

  private static Optional<SignedJWT> parsed(String token) {
    if (token.length() > MAX_TOKEN) {
      return Optional.empty();
    }
    try {
      return Optional.of(SignedJWT.parse(token));
    } catch (ParseException notOne) {
      return Optional.empty();
    }
  }

  private Optional<Good> check(SignedJWT jwt, JWKSet current) {
    try {
      JWTClaimsSet claims = processor(current).process(jwt, null);
      Instant until = claims.getExpirationTime().toInstant().plus(SKEW);
      return caller(claims).map(caller -> new Good(caller, until, current));
    } catch (BadJOSEException | JOSEException notGood) {
      return Optional.empty();
    }
  }

  private DefaultJWTProcessor<SecurityContext> processor(JWKSet current) {
    DefaultJWTProcessor<SecurityContext> processor = new DefaultJWTProcessor<>();
    processor.setJWSKeySelector(
        new JWSVerificationKeySelector<>(ALGORITHMS, new ImmutableJWKSet<>(current)));
    DefaultJWTClaimsVerifier<SecurityContext> claims =
        new DefaultJWTClaimsVerifier<>(
            options.audience(),
            new JWTClaimsSet.Builder().issuer(options.issuer()).build(),
            Set.of("exp", "sub")) {
          @Override
          protected Date currentTime() {
            return Date.from(clock.instant());
          }
        };
    claims.setMaxClockSkew(Math.toIntExact(SKEW.toSeconds()));
    processor.setJWTClaimsSetVerifier(claims);
    return processor;
  }

  private static Optional<Caller> caller(JWTClaimsSet claims) {
    try {
      Optional<Role> role =
          roles(claims).stream()
              .flatMap(name -> Arrays.stream(Role.values()).filter(known -> named(known, name)))
              .max(Role::compareTo);
      String project = claims.getStringClaim("project");
      return role.map(known ->
          new Caller(claims.getSubject(), known, project == null ? null : new ProjectId(project)));
    } catch (ParseException | IllegalArgumentException malformed) {
      return Optional.empty(); // a claim of another type, a project that is none, or none at all
    }
  }

  private static List<String> roles(JWTClaimsSet claims) throws ParseException {
    if (claims.getClaim("roles") instanceof String one) {
      return List.of(one);
    }
    List<String> several = claims.getStringListClaim("roles");
    return several == null ? List.of() : several;
  }

  private static boolean named(Role role, String name) {
    return role.name().toLowerCase(Locale.ROOT).equals(name);
  }

  private static String hash(String token) {
    try {
      return HexFormat.of()
          .formatHex(
              MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("this Java has no SHA-256", e);
    }
  }

  @Override
  public void close() {
    keys.close();
  }
}
