package io.heddle.node.tls;

import io.heddle.cli.pki.Authority;
import io.heddle.cli.pki.Issued;
import io.heddle.cli.pki.PkiException;
import io.heddle.cli.pki.Subject;
import io.heddle.core.model.NodeName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;

/// `heddle pki` in a directory of a test's.
public final class Issuer {

  private final Authority authority;

  public Issuer(Path directory) throws IOException, PkiException {
    authority =
        Authority.create(
            directory, new Authority.Environment(InstantSource.system(), new SecureRandom()));
  }

  /// A node's files; a second time, others in the same place.
  public Path node(String name) throws IOException, PkiException {
    return issue(Subject.Node.of(name, List.of("127.0.0.1"))).directory();
  }

  public Path host(String systemId) throws IOException, PkiException {
    return issue(Subject.Host.of(systemId)).directory();
  }

  private Issued issue(Subject subject) throws IOException, PkiException {
    return authority.issue(subject, Duration.ofDays(2), true);
  }

  /// A node's TLS with files of its own, looked at often.
  NodeTls tls(String name) throws IOException, PkiException {
    return NodeTls.start(
        TlsFiles.in(node(name)), new NodeName(name), InstantSource.system(), Duration.ofMillis(20));
  }

  static void copy(Path from, Path to, String... files) throws IOException {
    for (String file : files) {
      Files.copy(from.resolve(file), to.resolve(file), StandardCopyOption.REPLACE_EXISTING);
    }
  }
}
