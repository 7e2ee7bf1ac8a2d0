package io.heddle.rest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.AppenderBase;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import io.heddle.rest.auth.JwtAuthority;
import io.heddle.rest.auth.JwtOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/// Tokens that an issuer signs: which are believed, what they allow, and what becomes of them when
/// keys change.
class SignedTokensTest {

  @TempDir static Path directory;
  static TestNode node;
  static ApiClient api;

  private Issuer issuer;
  private JwtAuthority authority;

  @BeforeAll
  static void start() throws Exception {
    node = new TestNode(directory, RestOptions.loopback(0));
    api = new ApiClient(node.port());
  }

  @AfterAll
  static void stop() {
    api.close();
    node.close();
  }

  @BeforeEach
  void believeAnIssuer() throws Exception {
    issuer = new Issuer();
  }

  @AfterEach
  void forgetHim() {
    node.added = token -> java.util.Optional.empty();
    authority.close();
    issuer.close();
  }

  private void believe() {
    authority = new JwtAuthority(issuer.options(), InstantSource.system());
    node.added = authority;
  }

  @Test
  void rolesAndProjectsAreTheTokens() throws Exception {
    JWK rsa = Issuer.rsa("r1");
    JWK ec = Issuer.ec("e1");
    issuer.publish(rsa.toPublicJWK(), ec.toPublicJWK());
    believe();
    String hidden = api.post("/v1/vpcs", "{'cidrs':['10.0.0.0/16']}").expect(201).id();
    ApiClient member = api.as(Issuer.token(rsa));
    String own = member.post("/v1/vpcs", "{'cidrs':['10.0.0.0/16']}").expect(201).id();
    assertEquals("blue", member.get("/v1/vpcs/" + own).expect(200).text("/project"));
    member.get("/v1/vpcs/" + hidden).refused(404, "", hidden);
    ApiClient reader = api.as(Issuer.token(ec, c -> c.claim("roles", "reader")));
    reader.get("/v1/vpcs/" + own).expect(200);
    reader.delete("/v1/vpcs/" + own).refused(403, "", "reader", "member");
    ApiClient operator =
        api.as(
            Issuer.token(
                ec,
                c ->
                    c.claim("roles", List.of("reader", "operator", "other"))
                        .claim("project", null)));
    operator.get("/v1/vpcs/" + hidden).expect(200);
    operator.get("/v1/hosts").expect(200);
    operator.post("/v1/projects", "{'id':'x'}").refused(403, "", "admin");
    member.delete("/v1/vpcs/" + own).expect(204);
  }

  @Test
  void whatIsNotGoodInEveryPartIsNobodys() throws Exception {
    JWK key = Issuer.rsa("r1");
    issuer.publish(key.toPublicJWK());
    believe();
    Date past = Date.from(Instant.now().minus(Duration.ofMinutes(1)));
    Date future = Date.from(Instant.now().plus(Duration.ofMinutes(2)));
    api.as(Issuer.token(key)).get("/v1/vpcs").expect(200);
    nobody(Issuer.token(key, c -> c.expirationTime(past)));
    nobody(Issuer.token(key, c -> c.expirationTime(null)));
    nobody(Issuer.token(key, c -> c.notBeforeTime(future)));
    nobody(Issuer.token(key, c -> c.issuer("https://evil.example")));
    nobody(Issuer.token(key, c -> c.issuer(null)));
    nobody(Issuer.token(key, c -> c.audience("another")));
    nobody(Issuer.token(key, c -> c.audience((String) null)));
    nobody(Issuer.token(key, c -> c.subject(null)));
    nobody(Issuer.token(key, c -> c.claim("roles", null)));
    nobody(Issuer.token(key, c -> c.claim("roles", List.of("emperor"))));
    nobody(Issuer.token(key, c -> c.claim("roles", Map.of("member", true))));
    nobody(Issuer.token(key, c -> c.claim("project", null)));
    nobody(Issuer.token(key, c -> c.claim("project", 7)));
    nobody(Issuer.token(key, c -> c.claim("project", "../blue")));
    nobody(Issuer.token(Issuer.rsa("r1"))); // another's key by the same name
    nobody(new PlainJWT(Issuer.claims().build()).serialize());
    String good = Issuer.token(key);
    nobody(good.substring(0, good.length() - 8) + "AAAAAAAA");
    nobody(good + "." + good);
    byte[] publicKey = ((RSAKey) key).toPublicKey().getEncoded();
    JWTClaimsSet claims = Issuer.claims().build();
    nobody(
        Issuer.signed(
            new JWSHeader.Builder(JWSAlgorithm.HS256).keyID("r1").build(),
            claims,
            new MACSigner(publicKey)));
    nobody(
        Issuer.signed(
            new JWSHeader.Builder(JWSAlgorithm.RS512).keyID("r1").build(),
            claims,
            new RSASSASigner((RSAKey) key)));
  }

  private static void nobody(String token) {
    api.as(token).get("/v1/vpcs").refused(401, "", "not known");
  }

  @Test
  void aNewKeyIsKnownAtOnceAndInventedOnesCostTheIssuerNothing() throws Exception {
    JWK first = Issuer.ec("e1");
    JWK second = Issuer.ec("e2");
    issuer.publish(first.toPublicJWK());
    AtomicReference<Instant> now = new AtomicReference<>(Instant.now());
    authority = new JwtAuthority(issuer.options(), now::get);
    node.added = authority;
    ApiClient before = api.as(Issuer.token(first));
    before.get("/v1/vpcs").expect(200);
    assertEquals(1, issuer.fetches());

    issuer.publish(second.toPublicJWK());
    now.updateAndGet(at -> at.plusSeconds(11));
    api.as(Issuer.token(second)).post("/v1/vpcs", "{'cidrs':['10.0.0.0/16']}").expect(201);
    assertEquals(2, issuer.fetches());
    // A key that was withdrawn is good no more, remembered tokens included.
    before.get("/v1/vpcs").refused(401, "");

    for (int i = 0; i < 50; i++) {
      api.as(Issuer.token(Issuer.ec("invented-" + i))).get("/v1/vpcs").refused(401, "");
    }
    assertTrue(issuer.fetches() <= 3, "fetched " + issuer.fetches());
    api.as(Issuer.token(second)).get("/v1/vpcs").expect(200);
  }

  @Test
  void aRememberedTokenExpires() throws Exception {
    JWK key = Issuer.ec("e1");
    issuer.publish(key.toPublicJWK());
    AtomicReference<Instant> now = new AtomicReference<>(Instant.now());
    authority = new JwtAuthority(issuer.options(), now::get);
    String token = Issuer.token(key);
    authority.prepare(token).toCompletableFuture().get(20, TimeUnit.SECONDS);
    assertTrue(authority.authenticate(token).isPresent());
    now.updateAndGet(at -> at.plus(Duration.ofMinutes(5)).plusSeconds(20));
    assertTrue(authority.authenticate(token).isPresent(), "the issuer's clock may be behind");
    now.updateAndGet(at -> at.plusSeconds(20));
    assertTrue(authority.authenticate(token).isEmpty());
  }

  @Test
  void keysInAFileAreReadAgainToo() throws Exception {
    JWK first = Issuer.ec("e1");
    JWK second = Issuer.rsa("r2");
    Path file = directory.resolve("keys.json");
    issuer.publish(first.toPublicJWK());
    Files.writeString(file, issuer.keySet());
    AtomicReference<Instant> now = new AtomicReference<>(Instant.now());
    authority =
        new JwtAuthority(
            new JwtOptions(JwtOptions.Keys.parse(file.toString()), Issuer.NAME, Issuer.AUDIENCE),
            now::get);
    node.added = authority;
    api.as(Issuer.token(first)).get("/v1/vpcs").expect(200);
    issuer.publish(first.toPublicJWK(), second.toPublicJWK());
    Files.writeString(file, issuer.keySet());
    now.updateAndGet(at -> at.plusSeconds(11));
    api.as(Issuer.token(second)).get("/v1/vpcs").expect(200);
    Files.writeString(file, "{\"keys\":");
    now.updateAndGet(at -> at.plusSeconds(11));
    api.as(Issuer.token(Issuer.ec("e3"))).get("/v1/vpcs").refused(401, "");
    api.as(Issuer.token(first)).get("/v1/vpcs").expect(200);
    assertThrows(
        IllegalArgumentException.class, () -> JwtOptions.Keys.parse("http://login.example/keys"));
  }

  @Test
  void noTokenIsEverLogged() throws Exception {
    JWK key = Issuer.rsa("r1");
    issuer.publish(key.toPublicJWK());
    Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    Logger ours = (Logger) LoggerFactory.getLogger("io.heddle");
    Level before = ours.getLevel();
    Keeper keeper = new Keeper();
    keeper.setContext(root.getLoggerContext());
    keeper.start();
    root.addAppender(keeper);
    ours.setLevel(Level.TRACE);
    List<String> shown = new ArrayList<>(List.of(TestNode.ADMIN, TestNode.BLUE));
    try {
      believe();
      List<UnaryOperator<JWTClaimsSet.Builder>> changes =
          List.of(
              c -> c,
              c -> c.issuer("x"),
              c -> c.audience("x"),
              c -> c.claim("roles", "x"),
              c -> c.subject(null));
      for (UnaryOperator<JWTClaimsSet.Builder> change : changes) {
        for (JWK signer : List.of(key, Issuer.rsa("r1"), Issuer.ec("unknown"))) {
          String token = Issuer.token(signer, change);
          shown.addAll(Issuer.secrets(token));
          ApiClient client = api.as(token);
          client.get("/v1/vpcs");
          client.post("/v1/vpcs", "{'cidrs':['10.0.0.0/16']}");
          client.post("/v1/vpcs", "{'cidrs':['nonsense']}");
          client.get("/v1/vpcs?token=" + Issuer.secrets(token).getLast());
        }
      }
      api.as(TestNode.BLUE).post("/v1/vpcs", "{'cidrs':[]}");
      api.get("/v1/vpcs").expect(200);
    } finally {
      root.detachAppender(keeper);
      ours.setLevel(before);
    }
    assertFalse(keeper.lines.isEmpty());
    for (String line : keeper.lines) {
      for (String secret : shown) {
        assertFalse(line.contains(secret), line);
      }
    }
  }

  private static final class Keeper extends AppenderBase<ILoggingEvent> {
    private final Queue<String> lines = new ConcurrentLinkedQueue<>();

    @Override
    protected void append(ILoggingEvent event) {
      String thrown =
          event.getThrowableProxy() == null
              ? ""
              : ThrowableProxyUtil.asString(event.getThrowableProxy());
      lines.add(event.getFormattedMessage() + thrown);
    }
  }
}
