package io.heddle.openflow.session;

import static io.heddle.openflow.session.Controller.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.heddle.openflow.RealOvs;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import java.net.InetAddress;
import java.net.Socket;
import org.junit.jupiter.api.Test;

/// Mutual TLS with a real Open vSwitch.
final class TlsTest {

  private static X509Bundle certificate(String name) throws Exception {
    return new CertificateBuilder()
        .subject("CN=" + name)
        .setIsCertificateAuthority(true)
        .algorithm(CertificateBuilder.Algorithm.ecp256)
        .buildSelfSigned();
  }

  @Test
  void aSwitchWithTheRightCertificateIsTaken() throws Exception {
    X509Bundle ours = certificate("controller");
    X509Bundle theirs = certificate("switch");
    SslContext tls =
        SslContextBuilder.forServer(ours.getKeyPair().getPrivate(), ours.getCertificatePath())
            .trustManager(theirs.getCertificate())
            .clientAuth(ClientAuth.REQUIRE)
            .build();
    try (RealOvs ovs = RealOvs.start("br");
        Controller controller = new Controller(1, tls)) {
      try (Socket plain = new Socket(InetAddress.getLoopbackAddress(), controller.port)) {
        plain.getOutputStream().write(new byte[64]);
        plain.getOutputStream().flush();
      }
      ovs.vsctl(
          "set-ssl",
          ovs.write("key.pem", theirs.getPrivateKeyPEM()),
          ovs.write("cert.pem", theirs.getCertificatePathPEM()),
          ovs.write("ca.pem", ours.getCertificatePathPEM()));
      ovs.vsctl("set-controller", "br", "ssl:127.0.0.1:" + controller.port);
      await(controller.events.awaitReady().barrier());
      assertEquals(0, controller.events.readySessions());
    }
  }
}
