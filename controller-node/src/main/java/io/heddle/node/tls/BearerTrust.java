package io.heddle.node.tls;

import io.heddle.core.tls.Bearer;
import java.net.Socket;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Optional;
import java.util.function.Supplier;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;

/// Believes what the newest authority vouches for, and of that only nodes, or only hosts: a host
/// must not pass for a node, nor a node for a host.
final class BearerTrust extends X509ExtendedTrustManager {

  private final Supplier<X509ExtendedTrustManager> newest;
  private final Class<? extends Bearer> wanted;

  BearerTrust(Supplier<X509ExtendedTrustManager> newest, Class<? extends Bearer> wanted) {
    this.newest = newest;
    this.wanted = wanted;
  }

  private boolean hostsOnly() {
    return wanted.equals(Bearer.OfHost.class);
  }

  private void requireBearer(X509Certificate[] chain) throws CertificateException {
    Optional<Bearer> bearer = Bearer.of(chain[0]);
    if (bearer.filter(wanted::isInstance).isEmpty()) {
      throw new CertificateException(
          "the certificate of %s is shown where that of a %s is wanted"
              .formatted(
                  bearer.map(Bearer::toString).orElse("nobody we know"),
                  hostsOnly() ? "host" : "node"));
    }
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String kind, SSLEngine engine)
      throws CertificateException {
    newest.get().checkClientTrusted(chain, kind, engine);
    requireBearer(chain);
  }

  /// A host that waits to be dialled shows its certificate too, which is for clients.
  @Override
  public void checkServerTrusted(X509Certificate[] chain, String kind, SSLEngine engine)
      throws CertificateException {
    if (hostsOnly()) {
      newest.get().checkClientTrusted(chain, kind, engine);
    } else {
      newest.get().checkServerTrusted(chain, kind, engine);
    }
    requireBearer(chain);
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String kind, Socket socket)
      throws CertificateException {
    newest.get().checkClientTrusted(chain, kind, socket);
    requireBearer(chain);
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String kind, Socket socket)
      throws CertificateException {
    if (hostsOnly()) {
      newest.get().checkClientTrusted(chain, kind, socket);
    } else {
      newest.get().checkServerTrusted(chain, kind, socket);
    }
    requireBearer(chain);
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String kind) throws CertificateException {
    newest.get().checkClientTrusted(chain, kind);
    requireBearer(chain);
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String kind) throws CertificateException {
    if (hostsOnly()) {
      newest.get().checkClientTrusted(chain, kind);
    } else {
      newest.get().checkServerTrusted(chain, kind);
    }
    requireBearer(chain);
  }

  @Override
  public X509Certificate[] getAcceptedIssuers() {
    return newest.get().getAcceptedIssuers();
  }
}
