package io.heddle.core.replication;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/// A directory that one process at a time may touch. Held before anything in it is even looked at:
/// what looks torn may be another process's write in progress. The system lets go of it when the
/// process dies.
final class DirectoryLock implements AutoCloseable {

  private final FileChannel channel;

  private DirectoryLock(FileChannel channel) {
    this.channel = channel;
  }

  /// @throws IOException when another process, or another part of this one, has it
  static DirectoryLock acquire(Path directory) throws IOException {
    Files.createDirectories(directory);
    FileChannel channel =
        FileChannel.open(
            directory.resolve("heddle.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    try {
      if (channel.tryLock() != null) {
        return new DirectoryLock(channel);
      }
    } catch (OverlappingFileLockException e) {
      // This process has it: the same answer.
    }
    channel.close();
    throw new IOException(
        "%s is in use by another process; a data directory serves one node".formatted(directory));
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
