package io.heddle.core.replication;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Files that must still be there after the power went.
final class Durable {

  private Durable() {}

  static void syncFile(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.force(true);
    }
  }

  /// A file's name is durable only once its directory is.
  static void syncDirectory(@Nullable Path directory) throws IOException {
    try (FileChannel channel =
        FileChannel.open(Objects.requireNonNull(directory), StandardOpenOption.READ)) {
      channel.force(true);
    }
  }
}
