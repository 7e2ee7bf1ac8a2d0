package io.heddle.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The authority as an operator uses it, and its files as OpenSSL, which Open vSwitch uses, sees
/// them.
class PkiTest {

  @TempDir Path directory;
  Path pki;

  @BeforeEach
  void nameTheDirectory() {
    pki = directory.resolve("pki");
  }

  private Ended heddle(String words) {
    return Ended.heddle(Map.of("HEDDLE_PKI", pki.toString()), words);
  }

  private record Said(int exit, String text) {}

  private Said openssl(String words) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(
                Stream.concat(Stream.of("openssl"), Stream.of(words.split(" "))).toList())
            .directory(pki.toFile())
            .redirectErrorStream(true)
            .start();
    String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Said(process.waitFor(), text);
  }

  private void accepted(String words) throws Exception {
    Said said = openssl(words);
    assertEquals(0, said.exit(), said.text());
  }

  private void refused(String words) throws Exception {
    Said said = openssl(words);
    assertNotEquals(0, said.exit(), said.text());
  }

  @Test
  void opensslAcceptsWhatIsIssuedForWhatItIsMeantAndNothingElse() throws Exception {
    heddle("pki init").ok();
    heddle("pki node n1 --address 192.0.2.1,n1.example,2001:db8::1").ok();
    heddle("pki host hv1").ok();
    accepted("verify -x509_strict -purpose sslserver -CAfile ca.pem nodes/n1/cert.pem");
    accepted("verify -x509_strict -purpose sslclient -CAfile ca.pem nodes/n1/cert.pem");
    accepted("verify -x509_strict -verify_ip 192.0.2.1 -CAfile ca.pem nodes/n1/cert.pem");
    accepted("verify -x509_strict -verify_ip 2001:db8::1 -CAfile ca.pem nodes/n1/cert.pem");
    accepted("verify -x509_strict -verify_hostname n1.example -CAfile ca.pem nodes/n1/cert.pem");
    refused("verify -verify_hostname n2.example -CAfile ca.pem nodes/n1/cert.pem");
    accepted("verify -x509_strict -purpose sslclient -CAfile hosts/hv1/ca.pem hosts/hv1/cert.pem");
    // A host can't pose as a controller to another host.
    refused("verify -purpose sslserver -CAfile ca.pem hosts/hv1/cert.pem");
    // Nor can it issue certificates.
    refused(
        "verify -CAfile ca.pem -untrusted hosts/hv1/cert.pem -purpose crlsign hosts/hv1/cert.pem");

    String node = openssl("x509 -noout -text -in nodes/n1/cert.pem").text();
    assertTrue(node.contains("URI:heddle:node:n1"), node);
    assertTrue(node.contains("Subject: CN = n1") || node.contains("Subject: CN=n1"), node);
    assertTrue(node.contains("prime256v1") && node.contains("Digital Signature"), node);
    assertTrue(
        openssl("x509 -noout -text -in hosts/hv1/cert.pem").text().contains("heddle:host:hv1"));
    for (String home : List.of("nodes/n1", "hosts/hv1")) {
      assertEquals(
          openssl("x509 -noout -pubkey -in " + home + "/cert.pem").text(),
          openssl("pkey -pubout -in " + home + "/key.pem").text());
    }
  }

  @Test
  void onlyTheOwnerReads() throws Exception {
    heddle("pki init").ok();
    heddle("pki node n1 --address 192.0.2.1").ok();
    heddle("pki host hv1").ok();
    try (Stream<Path> all = Files.walk(pki)) {
      for (Path path : all.toList()) {
        assertEquals(
            Files.isDirectory(path) ? "rwx------" : "rw-------",
            PosixFilePermissions.toString(Files.getPosixFilePermissions(path)),
            path.toString());
      }
    }
  }

  @Test
  void nothingIsWrittenOverUnlessRenewalIsAskedFor() throws Exception {
    heddle("pki init").ok();
    String authority = Files.readString(pki.resolve("ca-key.pem"));
    heddle("pki init").failed(ExitCode.REFUSED, "ca-key.pem exists", "another directory");
    assertEquals(authority, Files.readString(pki.resolve("ca-key.pem")));

    heddle("pki host hv1").ok();
    String key = Files.readString(pki.resolve("hosts/hv1/key.pem"));
    heddle("pki host hv1").failed(ExitCode.REFUSED, "hv1 has a certificate", "--renew");
    assertEquals(key, Files.readString(pki.resolve("hosts/hv1/key.pem")));
    String before = serialOf("hv1");
    heddle("pki host hv1 --renew").ok();
    assertNotEquals(key, Files.readString(pki.resolve("hosts/hv1/key.pem")));
    assertNotEquals(before, serialOf("hv1"));
  }

  private String serialOf(String host) throws Exception {
    return openssl("x509 -noout -serial -in hosts/" + host + "/cert.pem").text();
  }

  @Test
  void whatIsThereAndWhenItExpiresIsShown() throws Exception {
    heddle("pki init").ok();
    heddle("pki node n1 --address n1.example").ok();
    heddle("pki host hv1 --days 5").ok();
    JsonNode items =
        new ObjectMapper().readTree(heddle("pki show -o json").ok().out()).at("/items");
    assertEquals(3, items.size());
    assertEquals("ca", items.at("/0/kind").asText());
    assertEquals(3651, items.at("/0/daysLeft").asInt());
    assertEquals("heddle:node:n1", items.at("/1/names/0").asText());
    assertEquals(364, items.at("/1/daysLeft").asInt());
    assertEquals("expires soon", items.at("/2/state").asText());
    assertEquals(items.at("/0/issuer"), items.at("/2/issuer"));
    String table = heddle("pki show").ok().out();
    assertTrue(table.lines().findFirst().orElseThrow().startsWith("KIND  NAME  STATE"), table);
  }

  @Test
  void whatToDoNextIsSaid() throws Exception {
    String made = heddle("pki init").ok().out();
    assertTrue(made.contains("ca-key.pem: stays here") && made.contains("heddle pki node"), made);
    String node = heddle("pki node n1 --address 192.0.2.1").ok().out();
    assertTrue(node.contains("copy " + pki.resolve("nodes/n1")), node);
    assertTrue(node.contains("--tls-dir /etc/heddle/tls"), node);
    String host = heddle("pki host hv1").ok().out();
    assertTrue(
        host.contains(
            "ovs-vsctl set-ssl /etc/openvswitch/heddle/key.pem /etc/openvswitch/heddle/cert.pem"
                + " /etc/openvswitch/heddle/ca.pem"),
        host);
    assertTrue(host.contains("ovs-vsctl set-manager ssl:NODE:6640"), host);
    assertFalse(host.contains("PRIVATE KEY"));
  }

  @Test
  void whatMakesNoSenseIsExplained() {
    heddle("pki show").failed(ExitCode.REFUSED, "heddle pki init " + pki);
    heddle("pki host hv1").failed(ExitCode.REFUSED, "heddle pki init " + pki);
    heddle("pki init").ok();
    heddle("pki node n1").failed(ExitCode.USAGE, "--address");
    heddle("pki node n.1 --address a").failed(ExitCode.REFUSED, "'n.1' is not a node's name");
    heddle("pki node n1 --address a:80").failed(ExitCode.REFUSED, "'a:80'", "without a port");
    heddle("pki node n1 --address 192.0.2.256").failed(ExitCode.REFUSED, "'192.0.2.256'");
    heddle("pki host ../n1").failed(ExitCode.REFUSED, "'../n1' is not a host's name");
    heddle("pki host hv1 --days 9999").failed(ExitCode.USAGE, "--days 9999");
  }
}
