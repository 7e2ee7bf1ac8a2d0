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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Mutual TLS with a real ovsdb-server: both sides show certificates, and plain TCP gets nowhere.
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

  private void selfSigned(String name) throws IOException, InterruptedException {
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
    selfSigned("controller");
    selfSigned("host");
    SslContext tls =
        SslContextBuilder.forServer(
                pki.resolve("controller.crt").toFile(), pki.resolve("controller.key").toFile())
            .trustManager(pki.resolve("host.crt").toFile())
            .clientAuth(ClientAuth.REQUIRE)
            .build();
    try (Node node = Node.start(tls);
        RealOvs ovs = RealOvs.start("hv1")) {
      ovs.vsctl("--no-wait", "set-ssl", file("host.key"), file("host.crt"), file("controller.crt"));
      ovs.vsctl("--no-wait", "set-manager", "ssl:127.0.0.1:" + node.port());
      ovs.vsctl("--no-wait", "set", "manager", ".", "max_backoff=1000");
      node.heard.awaitReport("hv1", "the host over TLS", report -> true);
      try (Socket plain = new Socket(InetAddress.getLoopbackAddress(), node.port())) {
        plain.getOutputStream().write("{\"method\":\"echo\"}".getBytes(StandardCharsets.UTF_8));
        Await.until("only the host is left", () -> node.connections() == 1);
      }
    }
  }
}
