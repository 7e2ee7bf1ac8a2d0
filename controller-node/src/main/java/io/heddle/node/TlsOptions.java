package io.heddle.node;

import io.heddle.node.tls.TlsFiles;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// Where the command line says that a node's certificate is.
final class TlsOptions {

  @Option(
      names = "--tls-dir",
      paramLabel = "DIR",
      description =
          "The node's cert.pem, key.pem and ca.pem (heddle pki node). With them, the API, hosts and"
              + " other nodes are spoken to over TLS. Changed files are taken without a restart.")
  private @Nullable Path directory;

  @Option(
      names = "--tls-cert",
      paramLabel = "FILE",
      description = "The node's certificate, if not in --tls-dir.")
  private @Nullable Path certificate;

  @Option(names = "--tls-key", paramLabel = "FILE", description = "Its key, likewise.")
  private @Nullable Path key;

  @Option(names = "--tls-ca", paramLabel = "FILE", description = "Its authority, likewise.")
  private @Nullable Path authority;

  /// @throws IllegalArgumentException when some are named and others are not
  Optional<TlsFiles> files() {
    if (Stream.of(directory, certificate, key, authority).allMatch(file -> file == null)) {
      return Optional.empty();
    }
    TlsFiles usual = directory == null ? null : TlsFiles.in(directory);
    Path ownCertificate = certificate != null || usual == null ? certificate : usual.certificate();
    Path ownKey = key != null || usual == null ? key : usual.key();
    Path ownAuthority = authority != null || usual == null ? authority : usual.authority();
    if (ownCertificate == null || ownKey == null || ownAuthority == null) {
      throw new IllegalArgumentException(
          "a node needs a certificate, its key and its authority: say --tls-dir, or all of"
              + " --tls-cert, --tls-key and --tls-ca");
    }
    return Optional.of(new TlsFiles(ownCertificate, ownKey, ownAuthority));
  }
}
