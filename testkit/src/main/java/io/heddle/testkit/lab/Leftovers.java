package io.heddle.testkit.lab;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Finds what a lab left on the machine, by its name alone, and removes it: the one way in which
/// labs end.
final class Leftovers {
  private static final Logger LOG = LoggerFactory.getLogger(Leftovers.class);
  private static final Path NAMESPACES = Path.of("/run/netns");
  private static final Duration DEATH_LIMIT = Duration.ofSeconds(10);

  private Leftovers() {}

  /// Removes the labs whose process is gone. Call it with the lock of [RunRoot] held.
  static void sweep() {
    Stream.of(namespaces(), links(), RunRoot.entries())
        .flatMap(List::stream)
        .flatMap(thing -> LabName.owning(thing).stream())
        .filter(name -> !name.ownerLives())
        .distinct()
        .toList()
        .forEach(name -> {
          LOG.info("lab={} swept: its owner, process {}, is gone", name, name.pid());
          remove(name);
        });
  }

  /// Ends all processes of one namespace.
  static void killInside(Netns netns) {
    end(inside(inode(netns.path()).stream().collect(Collectors.toSet())));
  }

  /// Ends the processes of a lab and removes its namespaces, interfaces and files.
  static void remove(LabName name) {
    end(processes(name));
    links().stream()
        .filter(link -> belongs(link, name))
        .forEach(link -> Command.of("ip", "link", "del", link).attempt());
    namespaces().stream()
        .filter(namespace -> belongs(namespace, name))
        .forEach(namespace -> Command.of("ip", "netns", "del", namespace).run());
    RunRoot.delete(name);
  }

  /// Everything on the machine that bears the name: for tests, which want it empty after a lab's
  /// end.
  static List<String> of(LabName name) {
    List<String> all = new ArrayList<>();
    processes(name).forEach(pid -> all.add("process " + pid));
    namespaces().stream().filter(one -> belongs(one, name)).forEach(one -> all.add("netns " + one));
    links().stream().filter(one -> belongs(one, name)).forEach(one -> all.add("link " + one));
    if (Files.exists(RunRoot.of(name))) {
      all.add("files " + RunRoot.of(name));
    }
    return all;
  }

  private static boolean belongs(String thing, LabName name) {
    return LabName.owning(thing).equals(Optional.of(name));
  }

  private static List<String> namespaces() {
    return RunRoot.list(NAMESPACES).map(path -> path.getFileName().toString()).toList();
  }

  private static List<String> links() {
    return RunRoot.list(Path.of("/sys/class/net"))
        .map(path -> path.getFileName().toString())
        .toList();
  }

  /// The processes inside the lab's namespaces, and the daemons whose pid files lie in its run
  /// folder.
  private static Set<Long> processes(LabName name) {
    Set<String> inodes =
        namespaces().stream()
            .filter(namespace -> belongs(namespace, name))
            .flatMap(namespace -> inode(NAMESPACES.resolve(namespace)).stream())
            .collect(Collectors.toSet());
    Set<Long> found = new HashSet<>(inside(inodes));
    daemons(RunRoot.of(name)).forEach(found::add);
    return found;
  }

  private static Set<Long> inside(Set<String> namespaceInodes) {
    long self = ProcessHandle.current().pid();
    return ProcessHandle.allProcesses()
        .map(ProcessHandle::pid)
        .filter(pid -> pid != self)
        .filter(pid -> networkOf(pid).filter(namespaceInodes::contains).isPresent())
        .collect(Collectors.toSet());
  }

  private static Stream<Long> daemons(Path run) {
    return Stream.concat(Stream.of(run), RunRoot.list(run))
        .flatMap(RunRoot::list)
        .filter(path -> path.toString().endsWith(".pid"))
        .flatMap(path -> OvsProcess.pidIn(path).stream())
        .filter(pid -> commandLine(pid).contains(run.toString()));
  }

  private static String commandLine(long pid) {
    try {
      return Files.readString(Path.of("/proc", Long.toString(pid), "cmdline"));
    } catch (IOException gone) {
      return "";
    }
  }

  private static Optional<String> networkOf(long pid) {
    try {
      String link =
          Files.readSymbolicLink(Path.of("/proc", Long.toString(pid), "ns/net")).toString();
      return Optional.of(link.replaceAll("[^0-9]", ""));
    } catch (IOException goneOrNotOurs) {
      return Optional.empty();
    }
  }

  private static Optional<String> inode(Path namespace) {
    try {
      return Optional.of(Files.getAttribute(namespace, "unix:ino").toString());
    } catch (IOException gone) {
      return Optional.empty();
    }
  }

  private static void end(Set<Long> processes) {
    for (long pid : processes) {
      Optional<Boolean> _ = ProcessHandle.of(pid).map(ProcessHandle::destroyForcibly);
    }
    Await.until(
        DEATH_LIMIT,
        "the end of processes " + processes,
        () -> processes.stream().noneMatch(Leftovers::alive));
  }

  /// A zombie that nobody reaped has no command line any more: it is dead.
  static boolean alive(long pid) {
    return !commandLine(pid).isEmpty();
  }
}
