package io.heddle.openflow.session;

import static io.heddle.openflow.session.Controller.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.heddle.core.model.HostId;
import io.heddle.openflow.RealOvs;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import java.net.InetAddress;
import java.net.Socket;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/// Mutual TLS with a real Open vSwitch.
final class TlsTest {

  private static X509Bundle certificate(String name) throws Exception {
    return new CertificateBuilder()
        .subject("CN=" + name)
        .addSanUriName("heddle:host:" + name)
        .setIsCertificateAuthority(true)
        .algorithm(CertificateBuilder.Algorithm.ecp256)
        .buildSelfSigned();
  }

  @Test
  void aSwitchWithTheRightCertificateIsTaken() throws Exception {
    X509Bundle ours = certificate("controller");
    X509Bundle theirs = certificate("hv1");
    try (RealOvs ovs = RealOvs.start("br");
        Controller controller =
            new Controller(new Claim.Master(1), tls(ours, theirs), (host, id) -> true)) {
      try (Socket plain = new Socket(InetAddress.getLoopbackAddress(), controller.port)) {
        plain.getOutputStream().write(new byte[64]);
        plain.getOutputStream().flush();
      }
      control(ovs, ours, theirs, controller);
      SwitchSession session = controller.events.awaitReady();
      await(session.barrier());
      assertEquals(Optional.of(new HostId("hv1")), session.host());
      assertEquals(0, controller.events.readySessions());
    }
  }

  @Test
  void aSwitchWaitsAtTheDoorUntilItIsItsHosts() throws Exception {
    X509Bundle ours = certificate("controller");
    X509Bundle theirs = certificate("hv1");
    BlockingQueue<HostId> asked = new LinkedBlockingQueue<>();
    AtomicBoolean open = new AtomicBoolean();
    SwitchServer.Door door =
        (host, id) -> {
          asked.add(host);
          return open.get();
        };
    try (RealOvs ovs = RealOvs.start("br");
        Controller controller = new Controller(new Claim.Master(1), tls(ours, theirs), door)) {
      control(ovs, ours, theirs, controller);
      assertEquals(new HostId("hv1"), asked.poll(10, TimeUnit.SECONDS));
      assertEquals(new HostId("hv1"), asked.poll(10, TimeUnit.SECONDS)); // it came back
      assertEquals(0, controller.events.readySessions());
      open.set(true);
      await(controller.events.awaitReady().barrier());
    }
  }

  private static SslContext tls(X509Bundle ours, X509Bundle theirs) throws Exception {
    return SslContextBuilder.forServer(ours.getKeyPair().getPrivate(), ours.getCertificatePath())
        .trustManager(theirs.getCertificate())
        .clientAuth(ClientAuth.REQUIRE)
        .build();
  }

  private static void control(
      RealOvs ovs, X509Bundle ours, X509Bundle theirs, Controller controller) {
    ovs.vsctl(
        "set-ssl",
        ovs.write("key.pem", theirs.getPrivateKeyPEM()),
        ovs.write("cert.pem", theirs.getCertificatePathPEM()),
        ovs.write("ca.pem", ours.getCertificatePathPEM()));
    ovs.vsctl("set-controller", "br", "ssl:127.0.0.1:" + controller.port);
    ovs.vsctl("set", "controller", "br", "max_backoff=1000");
  }
}
