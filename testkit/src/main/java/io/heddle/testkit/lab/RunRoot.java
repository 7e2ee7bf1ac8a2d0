package io.heddle.testkit.lab;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import java.util.stream.Stream;

/// The folder that holds every lab's run folder on this machine, and the lock that labs share.
final class RunRoot {
  private static final Path DIRECTORY =
      Files.isWritable(Path.of("/run"))
          ? Path.of("/run/heddle-lab")
          : Path.of("/tmp", "heddle-lab-" + System.getProperty("user.name"));

  private static final ReentrantLock WITHIN_PROCESS = new ReentrantLock();

  private RunRoot() {}

  static Path of(LabName name) {
    return DIRECTORY.resolve(name.toString());
  }

  static Path create(LabName name) {
    try {
      return Files.createDirectories(of(name));
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /// The names of all run folders, of the living and the dead.
  static List<String> entries() {
    return list(DIRECTORY).map(path -> path.getFileName().toString()).toList();
  }

  /// Runs the action while no other lab of this machine sweeps or claims an address.
  static <T> T locked(Supplier<T> action) {
    WITHIN_PROCESS.lock();
    try {
      Files.createDirectories(DIRECTORY);
      try (FileChannel file =
              FileChannel.open(
                  DIRECTORY.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
          FileLock held = file.lock()) {
        if (!held.isValid()) {
          throw new IllegalStateException("lost the lock of " + DIRECTORY);
        }
        return action.get();
      }
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    } finally {
      WITHIN_PROCESS.unlock();
    }
  }

  /// The files below a folder; none when it is not there (any more).
  static Stream<Path> list(Path directory) {
    try (Stream<Path> paths = Files.list(directory)) {
      return paths.toList().stream();
    } catch (IOException gone) {
      return Stream.empty();
    }
  }

  static void delete(LabName name) {
    try (Stream<Path> paths = Files.walk(of(name))) {
      for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(path);
      }
    } catch (IOException | UncheckedIOException gone) {
      if (Files.exists(of(name))) {
        throw new IllegalStateException("cannot delete " + of(name), gone);
      }
    }
  }
}
