package io.heddle.ovsdb.lab;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// One hypervisor's Open vSwitch: a real `ovsdb-server`, and a real `ovs-vswitchd` whose datapath
/// is a dummy.
///
/// Needs no root network, starts in 0.2 s, and leaves nothing behind.
public final class RealOvs implements AutoCloseable {
  private final Path dir;
  private final List<Process> processes = new ArrayList<>();
  private Process database;

  private RealOvs(Path dir) {
    this.dir = dir;
  }

  /// A host with a system-id and nothing else.
  public static RealOvs start(String systemId) {
    try {
      RealOvs ovs = new RealOvs(Files.createTempDirectory("heddle-ovsdb-"));
      try {
        ovs.startDatabase();
        ovs.vsctl("--no-wait", "init");
        ovs.vsctl("--no-wait", "set", "open", ".", "external_ids:system-id=" + systemId);
        ovs.startSwitch();
        return ovs;
      } catch (RuntimeException failed) {
        ovs.close();
        throw failed;
      }
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  private void startDatabase() {
    run("ovsdb-tool", "create", file("conf.db"), "/usr/share/openvswitch/vswitch.ovsschema");
    spawnDatabase();
  }

  private void spawnDatabase() {
    database =
        spawn(
            "ovsdb-server",
            file("conf.db"),
            "--remote=punix:" + file("db.sock"),
            "--remote=db:Open_vSwitch,Open_vSwitch,manager_options",
            "--private-key=db:Open_vSwitch,SSL,private_key",
            "--certificate=db:Open_vSwitch,SSL,certificate",
            "--ca-cert=db:Open_vSwitch,SSL,ca_cert",
            "--pidfile=" + file("ovsdb.pid"),
            "--unixctl=" + file("ovsdb.ctl"),
            "--log-file=" + file("ovsdb.log"));
    Await.until("ovsdb-server serves", () -> Files.exists(Path.of(file("db.sock"))));
  }

  private void startSwitch() {
    spawn(
        "ovs-vswitchd",
        "--enable-dummy=override",
        "--disable-system",
        "unix:" + file("db.sock"),
        "--pidfile=" + file("vswitchd.pid"),
        "--unixctl=" + file("vswitchd.ctl"),
        "--log-file=" + file("vswitchd.log"));
  }

  /// Ends ovsdb-server as a crash would.
  public void killDatabase() {
    database.destroyForcibly();
    join(database);
  }

  public void restartDatabase() {
    try {
      Files.deleteIfExists(Path.of(file("db.sock")));
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
    spawnDatabase();
  }

  public void stopDatabase() {
    signalDatabase("-STOP");
  }

  public void continueDatabase() {
    signalDatabase("-CONT");
  }

  private void signalDatabase(String signal) {
    run("kill", signal, Long.toString(database.pid()));
  }

  /// Runs `ovs-vsctl` on this host and answers what it prints.
  public String vsctl(String... args) {
    List<String> command = new ArrayList<>(List.of("ovs-vsctl", "--db=unix:" + file("db.sock")));
    command.addAll(List.of("--timeout=5"));
    command.addAll(List.of(args));
    return run(command.toArray(String[]::new)).strip();
  }

  /// Makes nodes the host's managers, and nobody else.
  public void manage(int... ports) {
    List<String> command = new ArrayList<>(List.of("--no-wait", "set-manager"));
    IntStream.of(ports).forEach(port -> command.add("tcp:127.0.0.1:" + port));
    IntStream.of(ports)
        .forEach(port ->
            command.addAll(
                List.of("--", "set", "manager", "tcp:127.0.0.1:" + port, "max_backoff=1000")));
    vsctl(command.toArray(String[]::new));
  }

  /// Every row that is configuration: what must not change when nothing is to be done.
  public String configuration() {
    return vsctl(
        "--columns=name,fail_mode,datapath_type,protocols,other_config,external_ids,ports,controller",
        "list",
        "bridge");
  }

  /// What transactions that carried a comment changed, in order: ours do.
  public String databaseLog() {
    return run("ovsdb-tool", "show-log", file("conf.db"))
        .lines()
        .filter(line -> line.contains("heddle: "))
        .collect(java.util.stream.Collectors.joining("\n"));
  }

  private String file(String name) {
    return dir.resolve(name).toString();
  }

  private Process spawn(String... command) {
    try {
      Process process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(dir.resolve(command[0] + ".out").toFile())
              .start();
      processes.add(process);
      return process;
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  private String run(String... command) {
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      String output = new String(process.getInputStream().readAllBytes());
      if (process.waitFor() != 0) {
        throw new IllegalStateException(String.join(" ", command) + ": " + output);
      }
      return output;
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    } catch (InterruptedException interrupted) {
      throw new IllegalStateException(interrupted);
    }
  }

  @Override
  public void close() {
    processes.forEach(Process::destroyForcibly);
    processes.forEach(RealOvs::join);
    try (Stream<Path> files = Files.walk(dir)) {
      files.sorted(Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  private static void join(Process process) {
    try {
      process.waitFor(5, TimeUnit.SECONDS);
    } catch (InterruptedException interrupted) {
      throw new IllegalStateException(interrupted);
    }
  }
}
