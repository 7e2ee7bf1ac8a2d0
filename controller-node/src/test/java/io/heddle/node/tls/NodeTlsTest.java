package io.heddle.node.tls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.heddle.core.model.NodeName;
import io.heddle.core.tls.PeerTls;
import io.heddle.testkit.lab.Await;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Handshakes between what nodes and hosts show, before and after their files change.
class NodeTlsTest {

  private static final Duration SOON = Duration.ofSeconds(20);

  @TempDir Path directory;
  private Issuer ours;

  @BeforeEach
  void makeAnAuthority() throws Exception {
    ours = new Issuer(directory.resolve("pki"));
  }

  @Test
  void nodesBelieveEachOtherAndNobodyElse() throws Exception {
    Issuer others = new Issuer(directory.resolve("others"));
    try (NodeTls n1 = ours.tls("n1");
        NodeTls n2 = ours.tls("n2");
        NodeTls stranger = others.tls("n2")) {
      Handshake.of(n2.peers().engine(true), n1.peers().engine(false));
      PeerTls theirs = stranger.peers();
      refused(theirs.engine(true), n1.peers().engine(false));
      refused(n1.peers().engine(true), theirs.engine(false));
    }
  }

  @Test
  void aHostIsNoNodeAndANodeIsNoHost() throws Exception {
    try (NodeTls n1 = ours.tls("n1")) {
      Path hv1 = ours.host("hv1");
      SSLEngine host = host(hv1, true);
      Handshake.of(host, engine(n1.fromHosts()));
      refused(host(hv1, true), n1.peers().engine(false));
      refused(n1.peers().engine(true), engine(n1.fromHosts()));
      // A host that waits to be dialled.
      Handshake.of(engine(n1.toHosts()), host(hv1, false));
      refused(engine(n1.toHosts()), n1.peers().engine(false));
    }
  }

  @Test
  void renewedFilesAreShownByTheNextHandshakeAndBrokenOnesNever() throws Exception {
    try (NodeTls n1 = ours.tls("n1");
        NodeTls n2 = ours.tls("n2")) {
      SSLEngine kept = n1.peers().engine(true);
      Handshake connection = Handshake.of(kept, n2.peers().engine(false));
      String before = n1.serial();
      Path files = ours.node("n1");
      awaitReload(n1, before);
      assertNotEquals(before, n1.serial());
      assertEquals(n1.serial(), serialShown(n1.peers(), n2.peers()));
      assertEquals(
          n1.serial(),
          serial(
              Handshake.of(host(ours.host("hv1"), true), engine(n1.fromHosts()))
                  .client()
                  .getSession()
                  .getPeerCertificates()[0]));
      connection.exchange("still talking");

      String good = n1.serial();
      Path cert = files.resolve("cert.pem");
      Files.writeString(cert, "-----BEGIN CERTIFICATE-----\nnonsense\n-----END CERTIFICATE-----\n");
      Await.until(SOON, "nonsense refused", () -> n1.refusals() >= 1);
      Issuer.copy(ours.node("n3"), files, "cert.pem", "key.pem"); // another node's: no better
      Await.until(SOON, "n3's refused", () -> n1.refusals() >= 2);
      assertEquals(good, serialShown(n1.peers(), n2.peers()));
      ours.node("n1");
      awaitReload(n1, good);
      assertEquals(n1.serial(), serialShown(n1.peers(), n2.peers()));
    }
  }

  @Test
  void anAuthorityIsReplacedWithoutAPause() throws Exception {
    Issuer next = new Issuer(directory.resolve("next"));
    try (NodeTls n1 = ours.tls("n1");
        NodeTls n2 = ours.tls("n2")) {
      Path n1Files = directory.resolve("pki/nodes/n1");
      Path n2Files = directory.resolve("pki/nodes/n2");
      String both =
          Files.readString(n1Files.resolve("ca.pem"))
              + Files.readString(directory.resolve("next/ca.pem"));
      Files.writeString(n1Files.resolve("ca.pem"), both);
      Files.writeString(n2Files.resolve("ca.pem"), both);
      String old = n1.serial();
      Issuer.copy(next.node("n1"), n1Files, "cert.pem", "key.pem");
      awaitReload(n1, old);
      Await.until(
          SOON,
          "n2 to believe both authorities",
          () -> {
            try {
              Handshake.of(n1.peers().engine(true), n2.peers().engine(false));
              Handshake.of(n2.peers().engine(true), n1.peers().engine(false));
              return true;
            } catch (SSLException notYet) {
              return false;
            }
          });
    }
  }

  @Test
  void filesThatCantBeUsedAreRefusedAtTheStart() throws Exception {
    Path n1 = ours.node("n1");
    Path n2 = ours.node("n2");
    Path mixed = Files.createDirectory(directory.resolve("mixed"));
    refusedAtStart(
        n2, "n1", "is the certificate of node n2", "this is node n1", "heddle pki node n1");
    refusedAtStart(ours.host("hv1"), "n1", "is the certificate of host hv1");
    refusedAtStart(mixed, "n1", "there is no " + mixed.resolve("cert.pem"));
    Issuer.copy(n1, mixed, "cert.pem", "ca.pem");
    Issuer.copy(n2, mixed, "key.pem");
    refusedAtStart(mixed, "n1", "key.pem is not the key of", "cert.pem");
    Files.writeString(mixed.resolve("key.pem"), "-----BEGIN EC PRIVATE KEY-----\n-----END");
    refusedAtStart(mixed, "n1", "no plain PKCS #8 key", "openssl pkcs8");
    IOException expired =
        assertThrows(
            IOException.class,
            () -> TlsFiles.in(n1).read(new NodeName("n1"), Instant.now().plus(Duration.ofDays(3))));
    assertTrue(expired.getMessage().contains("expired on"), expired.getMessage());
  }

  private void refusedAtStart(Path files, String node, String... parts) {
    IOException failed =
        assertThrows(
            IOException.class,
            () -> NodeTls.start(TlsFiles.in(files), new NodeName(node), InstantSource.system()));
    for (String part : parts) {
      assertTrue(failed.getMessage().contains(part), failed.getMessage());
    }
  }

  private static void awaitReload(NodeTls tls, String former) {
    Await.until(SOON, "another certificate", () -> !tls.serial().equals(former));
  }

  private static String serialShown(PeerTls shown, PeerTls to) throws Exception {
    Handshake done = Handshake.of(shown.engine(true), to.engine(false));
    return serial(done.server().getSession().getPeerCertificates()[0]);
  }

  private static String serial(Certificate certificate) {
    return ((X509Certificate) certificate).getSerialNumber().toString(16);
  }

  private static SSLEngine engine(SslContext context) {
    return context.newEngine(UnpooledByteBufAllocator.DEFAULT);
  }

  /// A host that believes any server of its authority, as Open vSwitch does.
  private static SSLEngine host(Path files, boolean client) throws Exception {
    var builder =
        client
            ? SslContextBuilder.forClient()
                .keyManager(files.resolve("cert.pem").toFile(), files.resolve("key.pem").toFile())
                .endpointIdentificationAlgorithm(null)
            : SslContextBuilder.forServer(
                    files.resolve("cert.pem").toFile(), files.resolve("key.pem").toFile())
                .clientAuth(ClientAuth.REQUIRE);
    return engine(builder.trustManager(files.resolve("ca.pem").toFile()).build());
  }

  private static void refused(SSLEngine client, SSLEngine server) {
    assertThrows(SSLHandshakeException.class, () -> Handshake.of(client, server));
  }

  /// Two engines that talk through memory.
  private record Handshake(SSLEngine client, SSLEngine server, Map<SSLEngine, ByteBuffer> towards) {
    private static final int ROOM = 1 << 17;

    static Handshake of(SSLEngine client, SSLEngine server) throws SSLException {
      Handshake pair =
          new Handshake(
              client,
              server,
              Map.of(client, ByteBuffer.allocate(ROOM), server, ByteBuffer.allocate(ROOM)));
      client.beginHandshake();
      server.beginHandshake();
      boolean moved = true;
      while (moved) {
        moved = pair.step(client, server, ByteBuffer.allocate(0), ByteBuffer.allocate(ROOM));
        moved |= pair.step(server, client, ByteBuffer.allocate(0), ByteBuffer.allocate(ROOM));
      }
      assertEquals(HandshakeStatus.NOT_HANDSHAKING, client.getHandshakeStatus());
      assertEquals(HandshakeStatus.NOT_HANDSHAKING, server.getHandshakeStatus());
      return pair;
    }

    private boolean step(SSLEngine at, SSLEngine other, ByteBuffer say, ByteBuffer heard)
        throws SSLException {
      for (Runnable task = at.getDelegatedTask(); task != null; task = at.getDelegatedTask()) {
        task.run();
      }
      boolean moved = false;
      if (at.getHandshakeStatus() == HandshakeStatus.NEED_WRAP || say.hasRemaining()) {
        moved = at.wrap(say, towards.get(other)).bytesProduced() > 0;
      }
      ByteBuffer in = towards.get(at).flip();
      if (in.hasRemaining() && at.getHandshakeStatus() != HandshakeStatus.NEED_WRAP) {
        SSLEngineResult result = at.unwrap(in, heard);
        moved |= result.bytesConsumed() > 0;
      }
      in.compact();
      return moved || at.getHandshakeStatus() == HandshakeStatus.NEED_TASK;
    }

    void exchange(String words) throws SSLException {
      ByteBuffer heard = ByteBuffer.allocate(ROOM);
      ByteBuffer say = ByteBuffer.wrap(words.getBytes(StandardCharsets.UTF_8));
      assertTrue(step(client, server, say, ByteBuffer.allocate(ROOM)));
      while (step(server, client, ByteBuffer.allocate(0), heard)) {
        // Until all has been read.
      }
      assertEquals(words.length(), heard.position());
    }
  }
}
