package io.heddle.node.tls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.heddle.node.ClusterOptions;
import io.heddle.node.Node;
import io.heddle.node.NodeOptions;
import io.heddle.rest.RestOptions;
import io.heddle.testkit.lab.Await;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Three whole nodes whose log, calls and API all go over TLS.
@Tag("slow")
class ClusterOverTlsTest {

  private static final Duration PATIENCE = Duration.ofSeconds(120);

  @TempDir Path directory;
  private final List<AutoCloseable> open = new ArrayList<>();
  private final List<Node> nodes = new ArrayList<>();

  @AfterEach
  void closeAll() throws Exception {
    for (AutoCloseable part : open.reversed()) {
      part.close();
    }
  }

  @Test
  void aWriteAtAnyNodeReachesAllAndStrangersReachNothing() throws Exception {
    Issuer ours = new Issuer(directory.resolve("pki"));
    List<Integer> ports = portPairs(3);
    for (int i = 0; i < 3; i++) {
      start(ours, ports, i);
    }
    HttpClient client = HttpClient.newBuilder().sslContext(trusting()).build();
    for (int i = 0; i < 3; i++) {
      int at = i;
      Await.until(
          PATIENCE,
          "node %d to be ready".formatted(at + 1),
          () -> get(client, at, "/readyz").statusCode() == 200);
    }
    for (int i = 0; i < 3; i++) {
      HttpResponse<String> created =
          send(
              client,
              i,
              "/v1/vpcs",
              "{\"name\":\"of-%d\",\"cidrs\":[\"10.0.0.0/16\"]}".formatted(i));
      assertEquals(201, created.statusCode(), created.body());
    }
    for (int i = 0; i < 3; i++) {
      int at = i;
      Await.until(
          PATIENCE,
          "all three at node " + at,
          () -> {
            String all = get(client, at, "/v1/vpcs").body();
            return all.contains("of-0") && all.contains("of-1") && all.contains("of-2");
          });
    }
    // The log's port and the calls' port take no host's certificate, none, and nothing in clear.
    Path host = ours.host("hv1");
    for (int port : List.of(ports.get(0), ports.get(0) + 1)) {
      assertTrue(sentAway(host, port), "a host's certificate at port " + port);
      assertTrue(sentAway(null, port), "no certificate at port " + port);
    }
    Path others = new Issuer(directory.resolve("others")).node("n2");
    assertTrue(sentAway(others, ports.get(0)), "another authority's certificate at the log's port");
    assertTrue(sentAway(others, ports.get(0) + 1), "and at the calls' port");
  }

  private void start(Issuer ours, List<Integer> ports, int which) throws Exception {
    String name = "n" + (which + 1);
    List<ClusterOptions.Founder> founders = new ArrayList<>();
    for (int i = 0; i < ports.size(); i++) {
      founders.add(
          new ClusterOptions.Founder(
              "n" + (i + 1), new ClusterOptions.Address("127.0.0.1", ports.get(i))));
    }
    InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    NodeOptions options =
        new NodeOptions(
                name,
                directory.resolve(name),
                RestOptions.loopback(0),
                any,
                List.of(),
                any,
                false,
                "",
                new ClusterOptions(
                    "red", Optional.of(founders.get(which).address()), founders, List.of()))
            .with(secured(TlsFiles.in(ours.node(name))));
    Node node = Node.start(options, failed -> {});
    open.add(node);
    nodes.add(node);
  }

  private static NodeOptions.Security secured(TlsFiles files) {
    return new NodeOptions.Security(Optional.of(files), Optional.empty());
  }

  private String token(int node) throws IOException {
    return Files.readString(directory.resolve("n" + (node + 1)).resolve("admin-token")).strip();
  }

  private HttpRequest.Builder request(int node, String path) throws IOException {
    return HttpRequest.newBuilder(
            URI.create("https://127.0.0.1:%d%s".formatted(nodes.get(node).restPort(), path)))
        .timeout(PATIENCE)
        .header("Authorization", "Bearer " + token(node));
  }

  private HttpResponse<String> get(HttpClient client, int node, String path) {
    try {
      return client.send(request(node, path).build(), BodyHandlers.ofString());
    } catch (IOException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private HttpResponse<String> send(HttpClient client, int node, String path, String body)
      throws Exception {
    return client.send(
        request(node, path)
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(body))
            .build(),
        BodyHandlers.ofString());
  }

  private SSLContext trusting() throws Exception {
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, authorities().getTrustManagers(), null);
    return context;
  }

  private TrustManagerFactory authorities() throws Exception {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    try (InputStream in = Files.newInputStream(directory.resolve("pki/ca.pem"))) {
      store.setCertificateEntry(
          "ca", CertificateFactory.getInstance("X.509").generateCertificate(in));
    }
    TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
    factory.init(store);
    return factory;
  }

  /// Whether a client that shows these files is cut off without an answer.
  private boolean sentAway(Path files, int port) throws Exception {
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(
        files == null ? null : new KeyManager[] {keys(files)},
        authorities().getTrustManagers(),
        null);
    try (SSLSocket socket =
        (SSLSocket) context.getSocketFactory().createSocket("127.0.0.1", port)) {
      socket.setSoTimeout((int) PATIENCE.toMillis());
      socket.startHandshake();
      socket.getOutputStream().write(new byte[256]);
      return socket.getInputStream().read() < 0;
    } catch (IOException refused) {
      return true;
    }
  }

  private static KeyManager keys(Path files) throws Exception {
    try (InputStream in = Files.newInputStream(files.resolve("cert.pem"))) {
      Certificate certificate = CertificateFactory.getInstance("X.509").generateCertificate(in);
      String base64 =
          Files.readString(files.resolve("key.pem")).replaceAll("-----[A-Z ]+-----", "");
      PrivateKey key =
          KeyFactory.getInstance("EC")
              .generatePrivate(new PKCS8EncodedKeySpec(Base64.getMimeDecoder().decode(base64)));
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(null, null);
      store.setKeyEntry("it", key, new char[0], new Certificate[] {certificate});
      KeyManagerFactory factory = KeyManagerFactory.getInstance("SunX509");
      factory.init(store, new char[0]);
      return factory.getKeyManagers()[0];
    }
  }

  /// Pairs of free ports: a log's and the calls' next to it.
  private static List<Integer> portPairs(int count) throws IOException {
    List<Integer> found = new ArrayList<>();
    while (found.size() < count) {
      try (ServerSocket first = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
          ServerSocket _ =
              new ServerSocket(first.getLocalPort() + 1, 1, InetAddress.getLoopbackAddress())) {
        found.add(first.getLocalPort());
      } catch (IOException taken) {
        // Another pair.
      }
    }
    return found;
  }
}
