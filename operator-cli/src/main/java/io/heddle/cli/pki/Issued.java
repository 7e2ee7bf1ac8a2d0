package io.heddle.cli.pki;

import java.nio.file.Path;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import javax.security.auth.x500.X500Principal;

/// A certificate that an authority issued, and where it is: `cert.pem`, `key.pem` and the
/// authority's `ca.pem`.
///
/// @param kind `ca`, `node` or `host`
public record Issued(String kind, String name, Path directory, X509Certificate certificate) {

  private static final Duration SOON = Duration.ofDays(30);

  public Path certificateFile() {
    return directory.resolve(Authority.CERTIFICATE);
  }

  public Path keyFile() {
    return directory.resolve(Authority.KEY);
  }

  public Path authorityFile() {
    return directory.resolve(Authority.AUTHORITY);
  }

  public Instant validFrom() {
    return certificate.getNotBefore().toInstant();
  }

  public Instant validUntil() {
    return certificate.getNotAfter().toInstant();
  }

  public String serial() {
    return certificate.getSerialNumber().toString(16);
  }

  public String issuer() {
    return certificate.getIssuerX500Principal().getName(X500Principal.RFC2253);
  }

  /// Its names and addresses, the URI that says what it is first.
  public List<String> names() {
    try {
      var names = certificate.getSubjectAlternativeNames();
      return names == null
          ? List.of()
          : names.stream().map(name -> String.valueOf(name.get(1))).toList();
    } catch (CertificateParsingException e) {
      return List.of();
    }
  }

  /// `valid`, `expires soon` (within 30 days) or `expired`.
  public String state(Instant now) {
    if (now.isAfter(validUntil())) {
      return "expired";
    }
    return now.plus(SOON).isAfter(validUntil()) ? "expires soon" : "valid";
  }
}
