package io.heddle.core.tls;

import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedKeyManager;
import javax.net.ssl.X509ExtendedTrustManager;

/// Mutual TLS between nodes.
///
/// @param keys what this node shows: its own certificate, always the newest
/// @param trust whom it believes: bearers of a node's certificate of the same authority
public record PeerTls(X509ExtendedKeyManager keys, X509ExtendedTrustManager trust) {

  private static final String[] PROTOCOLS = {"TLSv1.3"};

  /// One side of one connection. Nothing is resumed: every handshake shows certificates.
  ///
  /// @param client whether this side opened the connection
  public SSLEngine engine(boolean client) {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(new KeyManager[] {keys}, new TrustManager[] {trust}, new SecureRandom());
      SSLEngine engine = context.createSSLEngine();
      SSLParameters parameters = engine.getSSLParameters();
      parameters.setProtocols(PROTOCOLS);
      parameters.setNeedClientAuth(true);
      engine.setSSLParameters(parameters);
      engine.setUseClientMode(client);
      return engine;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this Java has no TLS", e);
    }
  }
}
