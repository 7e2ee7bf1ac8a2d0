package io.heddle.core.replication;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// A disk of one node: an ext4 in a file, which is mounted where that node's processes alone see
/// it, and is gone from there with the last of them.
///
/// @param image the file
/// @param mountPoint an empty directory
/// @param options what it is mounted with
record Disk(Path image, Path mountPoint, String options) {

  /// Nothing but an fsync writes metadata: the journal's own rhythm is out of the way.
  private static final String LAZY = "loop,commit=600";

  static Disk create(Path directory, String name, int megabytes) throws IOException {
    Path image = directory.resolve(name + ".img");
    try (RandomAccessFile file = new RandomAccessFile(image.toFile(), "rw")) {
      file.setLength((long) megabytes << 20);
    }
    run("mkfs.ext4", "-q", "-F", "-m", "0", image.toString());
    return new Disk(image, Files.createDirectories(directory.resolve(name + ".mnt")), LAZY);
  }

  /// One that promises more room than there is: beyond `held` megabytes, what is synced fails with
  /// an input/output error, as on a disk that breaks.
  static Disk breaking(Path directory, String name, int megabytes, int held) throws IOException {
    Disk promised = create(directory, name, megabytes);
    Path memory = Files.createDirectories(directory.resolve(name + ".mem"));
    return new Disk(
        promised.image(), promised.mountPoint(), "%dm:%s".formatted(held, memory.toString()));
  }

  /// What has reached the disk by now, and nothing that waits in the system's memory: what there
  /// would be if the power went.
  Disk afterPowerCut(Path directory, String name) throws IOException {
    Path copy = directory.resolve(name + ".img");
    Files.copy(image, copy, StandardCopyOption.REPLACE_EXISTING);
    return new Disk(copy, Files.createDirectories(directory.resolve(name + ".mnt")), LAZY);
  }

  /// A command that mounts it for itself, tells its process's id as `pid PID`, runs `command`
  /// there, and keeps it mounted until its standard input ends.
  List<String> mounted(List<String> command) {
    List<String> all =
        new ArrayList<>(
            List.of(
                "unshare",
                "--mount",
                "--propagation",
                "private",
                "sh",
                "-c",
                """
                image="$2"
                options="$1"
                case "$1" in *m:*)
                  memory="${1#*:}"
                  mount -t tmpfs -o "size=${1%%:*}" none "$memory" || exit 1
                  cp --sparse=always "$2" "$memory/image" || exit 1
                  image="$memory/image"
                  options=loop,commit=600,errors=continue
                esac
                mount -t ext4 -o "$options" "$image" "$3" || exit 1
                shift 3
                exec 3<&0
                "$@" <&3 &
                echo "pid $!"
                wait $!
                echo "ended $?"
                cat >/dev/null
                """,
                "sh",
                options,
                image.toString(),
                mountPoint.toString()));
    all.addAll(command);
    return all;
  }

  static void run(String... command) throws IOException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes());
    try {
      if (!process.waitFor(60, TimeUnit.SECONDS) || process.exitValue() != 0) {
        throw new IOException(String.join(" ", command) + ": " + output);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
  }
}
