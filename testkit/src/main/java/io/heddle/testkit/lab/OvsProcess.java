package io.heddle.testkit.lab;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// One Open vSwitch: an ovsdb-server and an ovs-vswitchd with a run directory of their own.
///
/// The machine's own Open vSwitch, if there is one, is never touched: every program gets
/// `OVS_RUNDIR`.
public final class OvsProcess {
  private static final String SCHEMA = "/usr/share/openvswitch/vswitch.ovsschema";
  private static final Duration STOP_LIMIT = Duration.ofSeconds(10);

  private final Path directory;
  private final List<String> prefix;
  private final List<String> vswitchdOptions;

  private OvsProcess(Path directory, List<String> prefix, List<String> vswitchdOptions) {
    this.directory = directory;
    this.prefix = prefix;
    this.vswitchdOptions = vswitchdOptions;
  }

  /// Starts both daemons; returns when the switch is configured.
  static OvsProcess start(Path directory, List<String> prefix, List<String> vswitchdOptions) {
    try {
      Files.createDirectories(directory);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
    OvsProcess ovs = new OvsProcess(directory, prefix, vswitchdOptions);
    ovs.run("ovsdb-tool", "create", ovs.file("conf.db"), SCHEMA);
    ovs.startDatabase();
    ovs.run("ovs-vsctl", "--no-wait", "init");
    ovs.startVswitchd();
    return ovs;
  }

  public Path directory() {
    return directory;
  }

  /// Runs `ovs-vsctl`, which waits until the switch has done what it was told.
  public String vsctl(String... arguments) {
    return run(all(List.of("ovs-vsctl", "--timeout=15"), arguments));
  }

  /// Runs `ovs-ofctl` in OpenFlow 1.4; bridges are called by their names.
  public String ofctl(String... arguments) {
    return run(all(List.of("ovs-ofctl", "-O", "OpenFlow14"), arguments));
  }

  /// Runs `ovs-appctl` on the ovs-vswitchd.
  public String appctl(String... arguments) {
    return run(all(List.of("ovs-appctl", "--timeout=15", "-t", file("vswitchd.ctl")), arguments));
  }

  /// Gives `ovs-ofctl` a text to read as its file argument `-`.
  String ofctlReading(String text, String... arguments) {
    String[] command = all(List.of("ovs-ofctl", "-O", "OpenFlow14"), arguments);
    return Command.of(command).with(environment()).reading(text).run();
  }

  /// The process id of ovs-vswitchd, or of nobody when it is down.
  public Optional<Long> vswitchdPid() {
    return pidIn(directory.resolve("vswitchd.pid"));
  }

  public Optional<Long> databasePid() {
    return pidIn(directory.resolve("ovsdb.pid"));
  }

  /// Where ovs-vswitchd logs: what it refused and why.
  public Path log() {
    return directory.resolve("vswitchd.log");
  }

  void startDatabase() {
    launch(
        "ovsdb-server",
        file("conf.db"),
        "--remote=punix:" + file("db.sock"),
        "--remote=db:Open_vSwitch,Open_vSwitch,manager_options",
        "--private-key=db:Open_vSwitch,SSL,private_key",
        "--certificate=db:Open_vSwitch,SSL,certificate",
        "--ca-cert=db:Open_vSwitch,SSL,ca_cert",
        "--unixctl=" + file("ovsdb.ctl"),
        "--pidfile=" + file("ovsdb.pid"),
        "--log-file=" + file("ovsdb.log"),
        "--detach",
        "--no-chdir");
  }

  void startVswitchd() {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "ovs-vswitchd",
                "unix:" + file("db.sock"),
                "--unixctl=" + file("vswitchd.ctl"),
                "--pidfile=" + file("vswitchd.pid"),
                "--log-file=" + file("vswitchd.log"),
                "--detach",
                "--no-chdir"));
    arguments.addAll(vswitchdOptions);
    launch(arguments.toArray(String[]::new));
  }

  /// Ends ovs-vswitchd as a package upgrade would: with a word, not with a kill.
  void stopVswitchd() {
    Optional<Long> pid = vswitchdPid();
    String _ = appctl("exit");
    pid.ifPresent(OvsProcess::awaitEnd);
  }

  /// Ends ovs-vswitchd as a crash would.
  void killVswitchd() {
    vswitchdPid().ifPresent(OvsProcess::kill);
  }

  void killDatabase() {
    databasePid().ifPresent(OvsProcess::kill);
  }

  /// The process that a pid file names, if it runs.
  static Optional<Long> pidIn(Path file) {
    try {
      long pid = Long.parseLong(Files.readString(file).strip());
      return ProcessHandle.of(pid).map(ProcessHandle::pid);
    } catch (IOException | NumberFormatException notRunning) {
      return Optional.empty();
    }
  }

  private static void kill(long pid) {
    Optional<Boolean> _ = ProcessHandle.of(pid).map(ProcessHandle::destroyForcibly);
    awaitEnd(pid);
  }

  private static void awaitEnd(long pid) {
    Await.until(STOP_LIMIT, "the end of process " + pid, () -> !Leftovers.alive(pid));
  }

  private String run(String... arguments) {
    return Command.of(arguments).with(environment()).run();
  }

  private void launch(String... arguments) {
    String _ = Command.of(arguments).prefixed(prefix).with(environment()).run();
  }

  private Map<String, String> environment() {
    String run = directory.toString();
    return Map.of("OVS_RUNDIR", run, "OVS_LOGDIR", run, "OVS_DBDIR", run, "OVS_SYSCONFDIR", run);
  }

  private String file(String name) {
    return directory.resolve(name).toString();
  }

  private static String[] all(List<String> first, String... rest) {
    List<String> all = new ArrayList<>(first);
    all.addAll(List.of(rest));
    return all.toArray(String[]::new);
  }
}
