package io.heddle.cli.pki;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.Set;

/// Certificates and keys as text files (RFC 7468), which their owner alone may read.
final class Pem {

  private static final FileAttribute<Set<PosixFilePermission>> OWNER_ONLY =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
  private static final FileAttribute<Set<PosixFilePermission>> OWNER_ONLY_DIRECTORY =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
  private static final String KEY = "PRIVATE KEY";
  private static final Base64.Encoder LINES =
      Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII));

  private Pem() {}

  static void directory(Path directory) throws IOException {
    Files.createDirectories(directory, OWNER_ONLY_DIRECTORY);
  }

  static String text(X509Certificate certificate) throws GeneralSecurityException {
    return text("CERTIFICATE", certificate.getEncoded());
  }

  /// PKCS #8, which Open vSwitch, OpenSSL and Java all read.
  static String text(PrivateKey key) {
    return text(KEY, key.getEncoded());
  }

  private static String text(String label, byte[] content) {
    return "-----BEGIN %s-----\n%s\n-----END %s-----\n"
        .formatted(label, LINES.encodeToString(content), label);
  }

  /// Written beside and renamed: a reader finds all of it or what was there before.
  static void write(Path file, String text) throws IOException {
    Path fresh = file.resolveSibling("." + file.getFileName() + ".new");
    Files.deleteIfExists(fresh);
    Files.createFile(fresh, OWNER_ONLY);
    Files.writeString(fresh, text, StandardOpenOption.TRUNCATE_EXISTING);
    Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  /// @throws FileAlreadyExistsException rather than write over what is there
  static void writeNew(Path file, String text) throws IOException {
    Files.createFile(file, OWNER_ONLY);
    Files.writeString(file, text, StandardOpenOption.TRUNCATE_EXISTING);
  }

  static X509Certificate certificate(Path file) throws IOException, PkiException {
    try {
      return (X509Certificate)
          CertificateFactory.getInstance("X.509")
              .generateCertificate(new ByteArrayInputStream(Files.readAllBytes(file)));
    } catch (GeneralSecurityException e) {
      throw new PkiException("%s holds no certificate in PEM".formatted(file), e);
    }
  }

  static PrivateKey key(Path file) throws IOException, PkiException {
    String text = Files.readString(file);
    int begin = text.indexOf("-----BEGIN " + KEY + "-----");
    int end = text.indexOf("-----END " + KEY + "-----");
    if (begin < 0 || end < begin) {
      throw new PkiException("%s holds no private key in PEM (PKCS #8)".formatted(file));
    }
    String base64 = text.substring(begin + KEY.length() + 16, end);
    try {
      return KeyFactory.getInstance("EC")
          .generatePrivate(new PKCS8EncodedKeySpec(Base64.getMimeDecoder().decode(base64)));
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      throw new PkiException("%s holds no readable EC key".formatted(file), e);
    }
  }
}
