package io.heddle.ovsdb.host;

import io.heddle.ovsdb.lab.Await;
import io.heddle.ovsdb.lab.Node;
import io.heddle.ovsdb.lab.RealOvs;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Mutual TLS with a real ovsdb-server: both sides show certificates, plain TCP gets nowhere, and a
/// host is who its certificate says.
class TlsTest {
  @TempDir Path pki;

  private void openssl(String... args) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(
                java.util.stream.Stream.concat(
                        java.util.stream.Stream.of("openssl"), java.util.Arrays.stream(args))
                    .toList())
            .directory(pki.toFile())
            .redirectErrorStream(true)
            .start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new IOException(output);
    }
  }

  private void selfSigned(String name, String uri) throws IOException, InterruptedException {
    openssl(
        "req",
        "-x509",
        "-newkey",
        "ec",
        "-pkeyopt",
        "ec_paramgen_curve:P-256",
        "-nodes",
        "-days",
        "2",
        "-subj",
        "/CN=" + name,
        "-addext",
        "subjectAltName=URI:" + uri,
        "-keyout",
        name + ".key",
        "-out",
        name + ".crt");
  }

  private String file(String name) {
    return pki.resolve(name).toString();
  }

  @Test
  void hostsWithACertificateComeIn() throws Exception {
    try (Node node = Node.start(tlsForHost("heddle:host:hv1"));
        RealOvs ovs = RealOvs.start("hv1")) {
      manage(ovs, node);
      node.heard.awaitReport("hv1", "the host over TLS", report -> true);
      try (Socket plain = new Socket(InetAddress.getLoopbackAddress(), node.port())) {
        plain.getOutputStream().write("{\"method\":\"echo\"}".getBytes(StandardCharsets.UTF_8));
        Await.until("only the host is left", () -> node.connections() == 1);
      }
    }
  }

  @Test
  void aHostThatPosesAsAnotherIsSentAway() throws Exception {
    try (Node node = Node.start(tlsForHost("heddle:host:hv2"));
        RealOvs ovs = RealOvs.start("hv1")) {
      manage(ovs, node);
      Await.until(
          "it was told why",
          () -> ovs.vsctl("get", "manager", ".", "status").contains("sec_since_disconnect"));
      Assertions.assertEquals(Set.of(), node.hosts.connected());
      ovs.vsctl("--no-wait", "set", "open", ".", "external_ids:system-id=hv2");
      node.heard.awaitReport("hv2", "the host under its own name", report -> true);
      // What has come in as itself can't become another.
      ovs.vsctl("--no-wait", "set", "open", ".", "external_ids:system-id=hv1");
      node.heard.awaitDisconnects(1);
      Assertions.assertEquals(Set.of(), node.hosts.connected());
      Assertions.assertEquals(0, node.heard.reports("hv1"));
    }
  }

  private SslContext tlsForHost(String uri) throws Exception {
    selfSigned("controller", "heddle:node:n1");
    selfSigned("host", uri);
    return SslContextBuilder.forServer(
            pki.resolve("controller.crt").toFile(), pki.resolve("controller.key").toFile())
        .trustManager(pki.resolve("host.crt").toFile())
        .clientAuth(ClientAuth.REQUIRE)
        .build();
  }

  private void manage(RealOvs ovs, Node node) {
    ovs.vsctl("--no-wait", "set-ssl", file("host.key"), file("host.crt"), file("controller.crt"));
    ovs.vsctl("--no-wait", "set-manager", "ssl:127.0.0.1:" + node.port());
    ovs.vsctl("--no-wait", "set", "manager", ".", "max_backoff=1000");
  }
}
