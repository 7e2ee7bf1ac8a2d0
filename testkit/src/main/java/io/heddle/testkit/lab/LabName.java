package io.heddle.testkit.lab;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What everything of one lab is called: `hl<pid>-<start>-<number>`, digits to base 36.
///
/// The name tells whose it is. The start time (the kernel's clock ticks, shortened) tells a process
/// from a later one with the same pid. At most 14 characters, since an interface's name has room
/// for 15.
public record LabName(long pid, long start, int number) {
  private static final Pattern FORMAT =
      Pattern.compile("hl([0-9a-z]{1,5})-([0-9a-z]{1,3})-([0-9a-z]{1,2})");
  private static final int BASE = 36;
  private static final long START_MODULUS = 36L * 36 * 36;
  private static final int NUMBERS = 36 * 36;

  /// The 22nd field of `/proc/<pid>/stat`, counted behind the command's name.
  private static final int START_TIME_FIELD = 19;

  private static final AtomicInteger NEXT = new AtomicInteger();

  /// A name that this process has not given out yet.
  static LabName next() {
    int number = NEXT.incrementAndGet();
    if (number >= NUMBERS) {
      throw new IllegalStateException("this process opened " + NUMBERS + " labs already");
    }
    long pid = ProcessHandle.current().pid();
    return new LabName(pid, startOf(pid).orElse(0), number);
  }

  /// The lab that a namespace, an interface or a folder belongs to, if it is one of ours.
  static Optional<LabName> owning(String thing) {
    Matcher match = FORMAT.matcher(thing);
    if (!match.lookingAt() || (match.end() < thing.length() && thing.charAt(match.end()) != '.')) {
      return Optional.empty();
    }
    return Optional.of(
        new LabName(
            Long.parseLong(match.group(1), BASE),
            Long.parseLong(match.group(2), BASE),
            Integer.parseInt(match.group(3), BASE)));
  }

  /// Whether the process that opened the lab still runs.
  boolean ownerLives() {
    OptionalLong now = startOf(pid);
    return now.isPresent() && now.getAsLong() == start;
  }

  /// The name of one of the lab's namespaces.
  String member(String name) {
    return this + "." + name;
  }

  private static OptionalLong startOf(long pid) {
    try {
      String stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
      String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
      return OptionalLong.of(Long.parseLong(fields[START_TIME_FIELD]) % START_MODULUS);
    } catch (IOException gone) {
      return OptionalLong.empty();
    }
  }

  @Override
  public String toString() {
    return "hl%s-%s-%s"
        .formatted(
            Long.toString(pid, BASE), Long.toString(start, BASE), Integer.toString(number, BASE));
  }
}
