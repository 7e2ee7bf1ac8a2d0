package io.heddle.cli.pki;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Date;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/// A certificate authority in a directory: `ca.pem`, `ca-key.pem`, and below `nodes/` and `hosts/`
/// what it issued.
public final class Authority {

  static final String CERTIFICATE = "cert.pem";
  static final String KEY = "key.pem";
  static final String AUTHORITY = "ca.pem";
  private static final String AUTHORITY_KEY = "ca-key.pem";
  private static final List<String> KINDS = List.of("node", "host");

  private static final String CURVE = "secp256r1";
  private static final String SIGNATURE = "SHA256withECDSA";
  private static final Duration AUTHORITY_LIFETIME = Duration.ofDays(3652);

  /// Clocks differ, and a certificate is used in the minute after it was made.
  private static final Duration CLOCK_SKEW = Duration.ofMinutes(5);

  /// RFC 5280 §4.1.2.2 allows 20 octets; so many random bits are never drawn twice.
  private static final int SERIAL_BITS = 127;

  private final Path directory;
  private final X509Certificate certificate;
  private final PrivateKey key;
  private final Environment environment;

  /// What is no function of the directory.
  public record Environment(InstantSource clock, SecureRandom random) {}

  private Authority(
      Path directory, X509Certificate certificate, PrivateKey key, Environment environment) {
    this.directory = directory;
    this.certificate = certificate;
    this.key = key;
    this.environment = environment;
  }

  /// Makes an authority in a directory, which is made too.
  ///
  /// @throws PkiException when there is one already
  public static Authority create(Path directory, Environment environment)
      throws IOException, PkiException {
    try {
      KeyPair pair = keyPair(environment);
      Instant now = environment.clock().instant();
      BigInteger serial = serial(environment);
      String id = HexFormat.of().withUpperCase().formatHex(serial.toByteArray(), 0, 4);
      X500Principal name =
          new X500Principal(
              "CN=Heddle CA %s %s".formatted(now.atOffset(ZoneOffset.UTC).toLocalDate(), id));
      X509v3CertificateBuilder builder =
          new JcaX509v3CertificateBuilder(
              name,
              serial,
              Date.from(now.minus(CLOCK_SKEW)),
              Date.from(now.plus(AUTHORITY_LIFETIME)),
              name,
              pair.getPublic());
      builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(0));
      builder.addExtension(
          Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign));
      builder.addExtension(
          Extension.subjectKeyIdentifier,
          false,
          new JcaX509ExtensionUtils().createSubjectKeyIdentifier(pair.getPublic()));
      X509Certificate certificate = signed(builder, pair.getPrivate());
      Pem.directory(directory);
      Pem.writeNew(directory.resolve(AUTHORITY_KEY), Pem.text(pair.getPrivate()));
      Pem.writeNew(directory.resolve(AUTHORITY), Pem.text(certificate));
      return new Authority(directory, certificate, pair.getPrivate(), environment);
    } catch (FileAlreadyExistsException e) {
      throw new PkiException(
          "%s exists: what it issued would be worth nothing without it; name another directory"
              .formatted(e.getFile()),
          e);
    } catch (GeneralSecurityException | OperatorCreationException e) {
      throw new IOException("this Java can't make P-256 certificates: " + e.getMessage(), e);
    }
  }

  /// @throws PkiException when there is none in the directory
  public static Authority open(Path directory, Environment environment)
      throws IOException, PkiException {
    try {
      return new Authority(
          directory,
          Pem.certificate(directory.resolve(AUTHORITY)),
          Pem.key(directory.resolve(AUTHORITY_KEY)),
          environment);
    } catch (NoSuchFileException e) {
      throw new PkiException(
          "there is no authority in %s (no %s); make one with: heddle pki init %s"
              .formatted(directory, e.getFile(), directory),
          e);
    }
  }

  /// Issues a certificate, with a new key.
  ///
  /// @param renew whether to replace what was issued to that name before
  /// @throws PkiException when something was issued to that name and is not to be renewed
  public Issued issue(Subject subject, Duration lifetime, boolean renew)
      throws IOException, PkiException {
    Path home = home(subject.kind()).resolve(subject.name());
    if (Files.exists(home.resolve(KEY)) && !renew) {
      throw new PkiException(
          "%s has a certificate in %s already; say --renew to replace it and its key"
              .formatted(subject.name(), home));
    }
    try {
      KeyPair pair = keyPair(environment);
      X509Certificate issued = certificate(subject, lifetime, pair);
      Pem.directory(home);
      Pem.write(home.resolve(AUTHORITY), Pem.text(certificate));
      Pem.write(home.resolve(KEY), Pem.text(pair.getPrivate()));
      Pem.write(home.resolve(CERTIFICATE), Pem.text(issued));
      return new Issued(subject.kind(), subject.name(), home, issued);
    } catch (GeneralSecurityException | OperatorCreationException e) {
      throw new IOException("this Java can't make P-256 certificates: " + e.getMessage(), e);
    }
  }

  private X509Certificate certificate(Subject subject, Duration lifetime, KeyPair pair)
      throws GeneralSecurityException, OperatorCreationException, IOException, PkiException {
    Instant now = environment.clock().instant();
    Instant end = certificate.getNotAfter().toInstant();
    if (now.isAfter(end)) {
      throw new PkiException(
          "the authority in %s expired on %s; make another with: heddle pki init"
              .formatted(directory, end));
    }
    Instant until = now.plus(lifetime).isAfter(end) ? end : now.plus(lifetime);
    JcaX509ExtensionUtils identifiers = new JcaX509ExtensionUtils();
    X509v3CertificateBuilder builder =
        new JcaX509v3CertificateBuilder(
            certificate,
            serial(environment),
            Date.from(now.minus(CLOCK_SKEW)),
            Date.from(until),
            new X500Principal("CN=" + subject.name()),
            pair.getPublic());
    builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(false));
    builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature));
    builder.addExtension(
        Extension.extendedKeyUsage, false, new ExtendedKeyUsage(subject.purposes()));
    builder.addExtension(
        Extension.subjectAlternativeName,
        false,
        new GeneralNames(subject.names().toArray(GeneralName[]::new)));
    builder.addExtension(
        Extension.subjectKeyIdentifier,
        false,
        identifiers.createSubjectKeyIdentifier(pair.getPublic()));
    builder.addExtension(
        Extension.authorityKeyIdentifier,
        false,
        identifiers.createAuthorityKeyIdentifier(certificate));
    return signed(builder, key);
  }

  private static X509Certificate signed(X509v3CertificateBuilder builder, PrivateKey signer)
      throws GeneralSecurityException, OperatorCreationException {
    return new JcaX509CertificateConverter()
        .getCertificate(builder.build(new JcaContentSignerBuilder(SIGNATURE).build(signer)));
  }

  private static KeyPair keyPair(Environment environment) throws GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec(CURVE), environment.random());
    return generator.generateKeyPair();
  }

  private static BigInteger serial(Environment environment) {
    return new BigInteger(SERIAL_BITS, environment.random()).setBit(SERIAL_BITS - 1);
  }

  private Path home(String kind) {
    return directory.resolve(kind + "s");
  }

  /// The authority's own certificate.
  public Issued own() {
    return new Issued("ca", "ca", directory, certificate);
  }

  /// Where its private key is.
  public Path keyFile() {
    return directory.resolve(AUTHORITY_KEY);
  }

  /// All that it issued and that is still here, by kind and name.
  public List<Issued> issued() throws IOException, PkiException {
    List<Issued> all = new ArrayList<>();
    for (String kind : KINDS) {
      if (Files.isDirectory(home(kind))) {
        try (Stream<Path> homes = Files.list(home(kind))) {
          for (Path home : homes.sorted().toList()) {
            X509Certificate found = Pem.certificate(home.resolve(CERTIFICATE));
            all.add(new Issued(kind, home.getFileName().toString(), home, found));
          }
        }
      }
    }
    return all;
  }
}
