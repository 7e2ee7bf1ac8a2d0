package io.heddle.node.tls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.heddle.core.model.HostId;
import io.heddle.node.ClusterOptions;
import io.heddle.node.Node;
import io.heddle.node.NodeOptions;
import io.heddle.rest.RestOptions;
import io.heddle.testkit.lab.Await;
import io.heddle.testkit.lab.Lab;
import io.heddle.testkit.lab.LabHost;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Real hypervisors with `heddle pki host`'s files: a node off loopback that wants no plain TCP.
@Tag("slow")
class HostsOverTlsTest {

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @TempDir Path directory;

  @Test
  void hostsComeInUnderTheirOwnNamesAndSurviveRenewal() throws Exception {
    Issuer ours = new Issuer(directory.resolve("pki"));
    try (Lab lab = Lab.open();
        Node node = start(ours, lab)) {
      LabHost hv1 = lab.host("hv1");
      introduce(hv1, ours.host(hv1.systemId()), node);
      HostId first = new HostId(hv1.systemId());
      programmed(node, first);
      assertTrue(hv1.vsctl("get-controller", "br-int").contains("ssl:"));

      // hv2 shows what was stolen from hv1.
      LabHost hv2 = lab.host("hv2");
      introduce(hv2, directory.resolve("pki/hosts/" + hv1.systemId()), node);
      Await.until(
          PATIENCE,
          "hv2 to be sent away",
          () -> hv2.vsctl("get", "manager", ".", "status").contains("sec_since_disconnect"));
      assertEquals(Set.of(first), Set.copyOf(node.connectedHosts()));
      introduce(hv2, ours.host(hv2.systemId()), node);
      programmed(node, new HostId(hv2.systemId()));

      // The node's certificate changes, and then hv1's switch comes back.
      Path files = ours.node("n1");
      assertEquals(directory.resolve("pki/nodes/n1"), files);
      hv1.killVswitchd();
      Await.until(PATIENCE, "hv1's switch gone", () -> !node.fabric().progress(first).connected());
      hv1.startVswitchd();
      programmed(node, first);
    }
  }

  private Node start(Issuer ours, Lab lab) throws Exception {
    String address = lab.controllerAddress();
    return Node.start(
        new NodeOptions(
                "n1",
                directory.resolve("data"),
                RestOptions.loopback(0),
                new InetSocketAddress(address, 0),
                List.of(),
                new InetSocketAddress(address, 0),
                false,
                "",
                ClusterOptions.ALONE)
            .with(secured(TlsFiles.in(ours.node("n1")))),
        failed -> {});
  }

  private static NodeOptions.Security secured(TlsFiles files) {
    return new NodeOptions.Security(Optional.of(files), Optional.empty());
  }

  private static void introduce(LabHost host, Path files, Node node) {
    host.vsctl(
        "set-ssl",
        files.resolve("key.pem").toString(),
        files.resolve("cert.pem").toString(),
        files.resolve("ca.pem").toString());
    host.setManager(
        "ssl:%s:%d"
            .formatted(
                node.ovsdbAddress().getAddress().getHostAddress(), node.ovsdbAddress().getPort()));
  }

  private static void programmed(Node node, HostId host) {
    Await.until(PATIENCE, host + " programmed", () -> node.fabric().progress(host).connected());
  }
}
