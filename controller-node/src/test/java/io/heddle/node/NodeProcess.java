package io.heddle.node;

import io.heddle.testkit.api.Api;
import io.heddle.testkit.lab.Await;
import io.heddle.testkit.lab.Lab;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// A controller as an operator runs it: a process of its own, which can be killed like one.
public final class NodeProcess implements AutoCloseable {
  private static final Duration START_LIMIT = Duration.ofSeconds(90);
  public static final int OVSDB_PORT = 6640;
  public static final int OPENFLOW_PORT = 6653;

  /// What Netty, Hazelcast and Ratis ask of the JVM (as `./heddle serve` has it), and one compiler
  /// and one collector that do not take the machine from others.
  private static final List<String> FLAGS =
      List.of(
          "-XX:TieredStopAtLevel=1",
          "-XX:+UseSerialGC",
          "-XX:+UseCompactObjectHeaders",
          "--enable-native-access=ALL-UNNAMED",
          "--sun-misc-unsafe-memory-access=allow",
          "--add-modules=java.se",
          "--add-exports=java.base/jdk.internal.ref=ALL-UNNAMED",
          "--add-opens=java.base/java.lang=ALL-UNNAMED",
          "--add-opens=java.base/java.nio=ALL-UNNAMED",
          "--add-opens=java.base/jdk.internal.misc=ALL-UNNAMED",
          "--add-opens=java.base/sun.nio.ch=ALL-UNNAMED",
          "--add-opens=java.management/sun.management=ALL-UNNAMED",
          "--add-opens=jdk.management/com.sun.management.internal=ALL-UNNAMED");

  private final Process process;
  private final Api api;

  private NodeProcess(Process process, Api api) {
    this.process = process;
    this.api = api;
  }

  /// Starts a controller for a lab's hosts; returns when it takes writes.
  static NodeProcess start(Lab lab, Path data) {
    try {
      String southbound = lab.controllerAddress() + ":";
      int apiPort = freePort();
      List<String> options = new ArrayList<>(List.of("--data", data.toString()));
      options.addAll(List.of("--api", "127.0.0.1:" + apiPort, "--insecure-southbound"));
      options.addAll(List.of("--ovsdb", southbound + OVSDB_PORT));
      options.addAll(List.of("--openflow", southbound + OPENFLOW_PORT));
      Process process = launch(List.of(), "-Xmx512m", options, Path.of(data + ".log"));
      return new NodeProcess(process, awaitReady(process, data, apiPort));
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /// Runs `heddle serve`; what it prints is appended to the log.
  ///
  /// @param prefix words before the command, like `ip netns exec NAME`
  /// @param memory the JVM's limit, like `-Xmx256m`
  public static Process launch(List<String> prefix, String memory, List<String> options, Path log)
      throws IOException {
    List<String> command = new ArrayList<>(prefix);
    command.add(ProcessHandle.current().info().command().orElse("java"));
    command.add(memory);
    command.addAll(FLAGS);
    command.addAll(List.of("-cp", System.getProperty("java.class.path", "")));
    command.add(Main.class.getName());
    command.addAll(options);
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
        .start();
  }

  private static Api awaitReady(Process process, Path data, int port) throws IOException {
    Path token = data.resolve("admin-token");
    URI server = URI.create("http://127.0.0.1:" + port);
    Await.until(
        START_LIMIT,
        "the controller to take writes; its log is " + data + ".log",
        () ->
            !process.isAlive()
                || Files.exists(token)
                    && new Api(server, Files.readString(token).strip()).get("/readyz").accepted());
    if (!process.isAlive()) {
      throw new AssertionError("no controller: " + Files.readString(Path.of(data + ".log")));
    }
    return new Api(server, Files.readString(token).strip());
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  Api api() {
    return api;
  }

  /// `kill -9`.
  void kill() {
    try {
      int _ = process.destroyForcibly().waitFor();
    } catch (InterruptedException stop) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while a controller ends", stop);
    }
  }

  @Override
  public void close() {
    kill();
  }
}
