package io.heddle.benchmarks.replication;

import io.heddle.benchmarks.Main;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// Nodes that make up one group, as processes with the flags of this one, and the one of them that
/// leads.
final class MeasuredGroup implements AutoCloseable {

  private static final long PATIENCE_SECONDS = 300;

  /// What a node said.
  private record Said(Process node, String line) {}

  private final List<Process> nodes = new ArrayList<>();
  private final BlockingQueue<Said> said = new LinkedBlockingQueue<>();
  private final Process leader;

  MeasuredGroup(Path directory, int size) throws IOException, InterruptedException {
    List<Integer> ports = IntStream.range(0, size).map(i -> freePort()).boxed().toList();
    String founders =
        IntStream.range(0, size)
            .mapToObj(i -> "n%d=%d".formatted(i, ports.get(i)))
            .collect(Collectors.joining(","));
    for (int i = 0; i < size; i++) {
      nodes.add(start("n" + i, Files.createDirectories(directory.resolve("n" + i)), founders));
    }
    leader = await("leads").node();
  }

  private static int freePort() {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private Process start(String name, Path directory, String founders) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
    command.addAll(
        List.of(
            "-D%s=%s".formatted(Main.LOGGING_PROPERTY, Main.LOGGING),
            "-cp",
            System.getProperty("java.class.path"),
            MeasuredNode.class.getName(),
            name,
            directory.toString(),
            founders));
    Process node =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    Thread.ofPlatform().daemon().name("listen-" + name).start(() -> listen(node));
    return node;
  }

  private void listen(Process node) {
    try (BufferedReader lines =
        new BufferedReader(new InputStreamReader(node.getInputStream(), StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        said.add(new Said(node, line));
      }
    } catch (IOException e) {
      said.add(new Said(node, "failed " + e.getMessage()));
    }
    said.add(new Said(node, "ended"));
  }

  private Said await(String beginning) throws InterruptedException {
    Said next = said.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
    if (next == null || !next.line().startsWith(beginning)) {
      throw new IllegalStateException(
          "a node was to say '%s' and said %s".formatted(beginning, next));
    }
    return next;
  }

  /// @param order `one` or `many`
  Sample measure(String order, int count) throws IOException, InterruptedException {
    OutputStream orders = leader.getOutputStream();
    orders.write("%s %d%n".formatted(order, count).getBytes(StandardCharsets.UTF_8));
    orders.flush();
    return Sample.ofLine(await("sample ").line().substring("sample ".length()));
  }

  @Override
  public void close() {
    for (Process node : nodes) {
      try {
        node.getOutputStream().close();
        if (!node.waitFor(30, TimeUnit.SECONDS)) {
          node.destroyForcibly();
        }
      } catch (IOException e) {
        node.destroyForcibly();
      } catch (InterruptedException e) {
        node.destroyForcibly();
        Thread.currentThread().interrupt();
      }
    }
  }
}
