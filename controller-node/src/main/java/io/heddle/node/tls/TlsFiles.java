package io.heddle.node.tls;

import io.heddle.core.model.NodeName;
import io.heddle.core.tls.Bearer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.StringJoiner;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedKeyManager;
import javax.net.ssl.X509ExtendedTrustManager;

/// Where a node's certificate, its key and its authority are, all in PEM.
///
/// @param certificate the node's own, and those between it and the authority
/// @param key PKCS #8, not encrypted
/// @param authority one or several, while one replaces another
public record TlsFiles(Path certificate, Path key, Path authority) {

  private static final Pattern KEY =
      Pattern.compile("-----BEGIN ([A-Z ]*)PRIVATE KEY-----([A-Za-z0-9+/=\\s]*)-----END");
  private static final List<String> ALGORITHMS = List.of("EC", "RSA", "Ed25519");
  private static final char[] NO_PASSWORD = {};

  /// What was read, and is good to use.
  ///
  /// @param certificate the node's own
  record Credentials(
      X509Certificate certificate, X509ExtendedKeyManager keys, X509ExtendedTrustManager trust) {}

  /// The files as `heddle pki node` lays them out.
  public static TlsFiles in(Path directory) {
    return new TlsFiles(
        directory.resolve("cert.pem"), directory.resolve("key.pem"), directory.resolve("ca.pem"));
  }

  /// Changes whenever a file does: times, sizes, and which file it is.
  String fingerprint() {
    StringJoiner fingerprint = new StringJoiner("|");
    for (Path file : List.of(certificate, key, authority)) {
      try {
        BasicFileAttributes now = Files.readAttributes(file, BasicFileAttributes.class);
        fingerprint.add("%s %d %s".formatted(now.lastModifiedTime(), now.size(), now.fileKey()));
      } catch (IOException e) {
        fingerprint.add("unreadable");
      }
    }
    return fingerprint.toString();
  }

  /// Reads all three.
  ///
  /// @param node whose certificate it must be
  /// @throws IOException when they can't be used, with the file and what would help
  Credentials read(NodeName node, Instant now) throws IOException {
    List<X509Certificate> chain = certificates(certificate);
    PrivateKey privateKey = privateKey();
    X509Certificate own = chain.getFirst();
    requireOwn(own, node, now);
    requirePair(own.getPublicKey(), privateKey);
    try {
      return new Credentials(own, keys(chain, privateKey), trust(certificates(authority)));
    } catch (GeneralSecurityException e) {
      throw new IOException("this Java can't use %s: %s".formatted(certificate, e.getMessage()), e);
    }
  }

  private void requireOwn(X509Certificate own, NodeName node, Instant now) throws IOException {
    Optional<Bearer> bearer = Bearer.of(own);
    if (!bearer.equals(Optional.of(new Bearer.OfNode(node)))) {
      throw new IOException(
          "%s is the certificate of %s, and this is node %s; issue one with: heddle pki node %s"
              .formatted(
                  certificate,
                  bearer.map(Bearer::toString).orElse("no node (no heddle:node: URI)"),
                  node,
                  node));
    }
    if (now.isAfter(own.getNotAfter().toInstant())) {
      throw new IOException(
          "%s expired on %s; issue another with: heddle pki node %s --renew"
              .formatted(certificate, own.getNotAfter().toInstant(), node));
    }
  }

  private void requirePair(PublicKey ours, PrivateKey secret) throws IOException {
    String algorithm =
        switch (ours.getAlgorithm()) {
          case "EC" -> "SHA256withECDSA";
          case "RSA" -> "SHA256withRSA";
          default -> "Ed25519";
        };
    byte[] probe = {1};
    try {
      Signature signature = Signature.getInstance(algorithm);
      signature.initSign(secret);
      signature.update(probe);
      byte[] signed = signature.sign();
      signature.initVerify(ours);
      signature.update(probe);
      if (signature.verify(signed)) {
        return;
      }
    } catch (GeneralSecurityException otherKind) {
      // Said below.
    }
    throw new IOException(
        "%s is not the key of %s; they are issued together".formatted(key, certificate));
  }

  private static List<X509Certificate> certificates(Path file) throws IOException {
    byte[] content = content(file);
    try {
      List<X509Certificate> found =
          CertificateFactory.getInstance("X.509")
              .generateCertificates(new ByteArrayInputStream(content))
              .stream()
              .map(X509Certificate.class::cast)
              .toList();
      if (!found.isEmpty()) {
        return found;
      }
    } catch (CertificateException unreadable) {
      // Said below.
    }
    throw new IOException("%s holds no readable certificate in PEM".formatted(file));
  }

  private static byte[] content(Path file) throws IOException {
    try {
      return Files.readAllBytes(file);
    } catch (NoSuchFileException e) {
      throw new IOException("there is no " + file, e);
    }
  }

  private PrivateKey privateKey() throws IOException {
    Matcher found = KEY.matcher(new String(content(key), StandardCharsets.US_ASCII));
    if (!found.find() || !found.group(1).isEmpty()) {
      throw new IOException(
          "%s holds no plain PKCS #8 key; convert it with: openssl pkcs8 -topk8 -nodes -in FILE"
              .formatted(key));
    }
    PKCS8EncodedKeySpec encoded =
        new PKCS8EncodedKeySpec(Base64.getMimeDecoder().decode(found.group(2)));
    for (String algorithm : ALGORITHMS) {
      try {
        return KeyFactory.getInstance(algorithm).generatePrivate(encoded);
      } catch (GeneralSecurityException otherAlgorithm) {
        // The next one may fit.
      }
    }
    throw new IOException("%s holds a key that is none of %s".formatted(key, ALGORITHMS));
  }

  private static X509ExtendedKeyManager keys(List<X509Certificate> chain, PrivateKey key)
      throws GeneralSecurityException, IOException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, NO_PASSWORD);
    store.setKeyEntry("node", key, NO_PASSWORD, chain.toArray(X509Certificate[]::new));
    KeyManagerFactory factory = KeyManagerFactory.getInstance("NewSunX509");
    factory.init(store, NO_PASSWORD);
    return (X509ExtendedKeyManager) factory.getKeyManagers()[0];
  }

  private static X509ExtendedTrustManager trust(List<X509Certificate> authorities)
      throws GeneralSecurityException, IOException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, NO_PASSWORD);
    for (int i = 0; i < authorities.size(); i++) {
      store.setCertificateEntry("authority-" + i, authorities.get(i));
    }
    TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
    factory.init(store);
    return (X509ExtendedTrustManager) factory.getTrustManagers()[0];
  }
}
