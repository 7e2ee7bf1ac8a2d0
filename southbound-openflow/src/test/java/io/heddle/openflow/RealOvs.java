package io.heddle.openflow;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/// A real Open vSwitch in a temporary directory, with dummy datapaths: no root network, up in 0.2
/// s.
///
/// (The test kit has richer fixtures; it depends on this module, so this module's own tests have
/// this small one.)
public final class RealOvs implements AutoCloseable {

  private static final long COMMAND_LIMIT_SECONDS = 60;
  private static final List<String> DAEMONS = List.of("vswitchd", "ovsdb");

  private final Path directory;

  private RealOvs(Path directory) {
    this.directory = directory;
  }

  /// @param bridges each is secure and speaks OpenFlow 1.4 only
  public static RealOvs start(String... bridges) {
    try {
      RealOvs ovs = new RealOvs(Files.createTempDirectory("openflow-ovs-"));
      try {
        ovs.launch();
        for (String bridge : bridges) {
          ovs.addBridge(bridge);
        }
        return ovs;
      } catch (RuntimeException e) {
        ovs.close();
        throw e;
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void launch() {
    run("ovsdb-tool", "create", file("conf.db"), "/usr/share/openvswitch/vswitch.ovsschema");
    run(
        "ovsdb-server",
        file("conf.db"),
        "--remote=punix:" + file("db.sock"),
        "--unixctl=" + file("ovsdb.ctl"),
        "--pidfile=" + file("ovsdb.pid"),
        "--detach",
        "--no-chdir");
    run("ovs-vsctl", "--no-wait", "init");
    run(
        "ovs-vswitchd",
        "unix:" + file("db.sock"),
        "--enable-dummy=override",
        "--unixctl=" + file("vswitchd.ctl"),
        "--pidfile=" + file("vswitchd.pid"),
        "--log-file=" + file("vswitchd.log"),
        "--detach",
        "--no-chdir");
  }

  public void addBridge(String name) {
    vsctl("add-br", name, "--", "set", "bridge", name, "fail_mode=secure", "protocols=OpenFlow14");
  }

  public void addPort(String bridge, String port, int ofport) {
    vsctl(
        List.of("add-port", bridge, port, "--", "set", "interface", port, "type=dummy"),
        "ofport_request=" + ofport);
  }

  private void vsctl(List<String> first, String last) {
    List<String> all = new ArrayList<>(first);
    all.add(last);
    vsctl(all.toArray(String[]::new));
  }

  public String vsctl(String... arguments) {
    return run(with("ovs-vsctl", arguments));
  }

  /// Runs `ovs-ofctl -O OpenFlow14`.
  public String ofctl(String... arguments) {
    return run(with("ovs-ofctl", with("-OOpenFlow14", arguments)));
  }

  public String appctl(String... arguments) {
    return run(with("ovs-appctl", with("-t", with(file("vswitchd.ctl"), arguments))));
  }

  /// The Unix socket on which a bridge speaks OpenFlow to whoever connects.
  public Path socket(String bridge) {
    return directory.resolve(bridge + ".mgmt");
  }

  /// Writes a file into the switch's directory.
  public String write(String name, String content) {
    try {
      return Files.writeString(directory.resolve(name), content).toString();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Ends ovs-vswitchd as a crash would.
  public void killSwitch() {
    kill("vswitchd");
  }

  /// Stops ovs-vswitchd where it stands: it reads nothing more, and its connections stay.
  public void freezeSwitch() {
    run("kill", "-STOP", Long.toString(pid("vswitchd")));
  }

  public void resumeSwitch() {
    run("kill", "-CONT", Long.toString(pid("vswitchd")));
  }

  private static String[] with(String first, String... rest) {
    return Stream.concat(Stream.of(first), Stream.of(rest)).toArray(String[]::new);
  }

  private String file(String name) {
    return directory.resolve(name).toString();
  }

  private String run(String... command) {
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    Map<String, String> environment = builder.environment();
    for (String variable : List.of("OVS_RUNDIR", "OVS_LOGDIR", "OVS_DBDIR", "OVS_SYSCONFDIR")) {
      environment.put(variable, directory.toString());
    }
    try {
      Path output = Files.createTempFile(directory, "command", ".out");
      Process process = builder.redirectOutput(output.toFile()).start();
      process.getOutputStream().close();
      boolean ended = process.waitFor(COMMAND_LIMIT_SECONDS, TimeUnit.SECONDS);
      String text = Files.readString(output, StandardCharsets.UTF_8);
      Files.delete(output);
      if (!ended || process.exitValue() != 0) {
        process.destroyForcibly();
        throw new IllegalStateException(String.join(" ", command) + ": " + text);
      }
      return text;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private long pid(String daemon) {
    try {
      return Long.parseLong(Files.readString(directory.resolve(daemon + ".pid")).strip());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void kill(String daemon) {
    try {
      Path file = directory.resolve(daemon + ".pid");
      if (Files.exists(file)) {
        ProcessHandle.of(pid(daemon)).ifPresent(ProcessHandle::destroyForcibly);
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    DAEMONS.forEach(this::kill);
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
