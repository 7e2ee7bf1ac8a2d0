package io.heddle.rest.auth;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;

/// The one token of a node without configuration: whoever can read a file of the node's data
/// directory is its admin.
public final class AdminToken implements TokenAuthority {

  /// Where the command line looks for it.
  public static final String FILE = "admin-token";

  private static final int BYTES = 32;
  private static final Set<PosixFilePermission> OWNER_ONLY =
      EnumSet.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);
  private static final Caller ADMIN = new Caller("admin", Role.ADMIN, null);

  private final byte[] token;

  private AdminToken(String token) {
    this.token = token.getBytes(StandardCharsets.UTF_8);
  }

  /// Reads the token of a data directory, or makes one the first time.
  ///
  /// @param random cryptographically strong
  public static AdminToken in(Path dataDirectory, RandomGenerator random) throws IOException {
    Path file = dataDirectory.resolve(FILE);
    if (!Files.exists(file)) {
      create(file, random);
    }
    if (!Files.getPosixFilePermissions(file).equals(OWNER_ONLY)) {
      throw new IOException(
          "%s may be read by others; run: chmod 600 %s".formatted(file, file.toAbsolutePath()));
    }
    String token = Files.readString(file).strip();
    if (token.length() < BYTES) {
      throw new IOException(
          "%s holds %d characters, too few for a token; delete it and start again"
              .formatted(file, token.length()));
    }
    return new AdminToken(token);
  }

  /// Written beside and renamed: a reader finds all of it or nothing.
  private static void create(Path file, RandomGenerator random) throws IOException {
    byte[] bytes = new byte[BYTES];
    random.nextBytes(bytes);
    Path fresh = file.resolveSibling(FILE + ".new");
    Files.deleteIfExists(fresh);
    Files.createFile(fresh, PosixFilePermissions.asFileAttribute(OWNER_ONLY));
    Files.writeString(
        fresh, HexFormat.of().formatHex(bytes) + "\n", StandardOpenOption.TRUNCATE_EXISTING);
    Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
  }

  @Override
  public Optional<Caller> authenticate(String offered) {
    boolean same = MessageDigest.isEqual(token, offered.getBytes(StandardCharsets.UTF_8));
    return same ? Optional.of(ADMIN) : Optional.empty();
  }
}
