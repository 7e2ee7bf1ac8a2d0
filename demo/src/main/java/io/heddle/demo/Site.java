package io.heddle.demo;

import io.heddle.node.Node;
import io.heddle.node.NodeOptions;
import io.heddle.rest.RestOptions;
import io.heddle.testkit.api.Api;
import io.heddle.testkit.lab.Lab;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;

/// Where the demo happens: a lab, and a controller of one node with its data in a folder of ours.
///
/// Hosts reach the controller over the lab's control network, which no other traffic shares: plain
/// TCP is meant.
final class Site implements AutoCloseable {
  private static final int OVSDB_PORT = 6640;
  private static final int OPENFLOW_PORT = 6653;

  private final Lab lab;
  private final Node node;
  private final Path tokenFile;

  private Site(Lab lab, Node node, Path tokenFile) {
    this.lab = lab;
    this.node = node;
    this.tokenFile = tokenFile;
  }

  static Site open(Path data, Consumer<Throwable> controllerFailed)
      throws IOException, InterruptedException {
    Lab lab = Lab.open();
    try {
      String address = lab.controllerAddress();
      Node node =
          Node.start(
              new NodeOptions(
                  "demo",
                  data,
                  RestOptions.loopback(0),
                  new InetSocketAddress(address, OVSDB_PORT),
                  List.of(),
                  new InetSocketAddress(address, OPENFLOW_PORT),
                  true),
              controllerFailed);
      return new Site(lab, node, data.resolve("admin-token"));
    } catch (IOException | InterruptedException | RuntimeException failure) {
      lab.close();
      throw failure;
    }
  }

  Lab lab() {
    return lab;
  }

  URI server() {
    return URI.create("http://127.0.0.1:" + node.restPort());
  }

  Path tokenFile() {
    return tokenFile;
  }

  Api api(Api.Observer observer) throws IOException {
    return new Api(server(), Files.readString(tokenFile).strip(), observer);
  }

  /// What `ovs-vsctl set-manager` is to be told.
  String manager() {
    return "tcp:%s:%d".formatted(lab.controllerAddress(), OVSDB_PORT);
  }

  /// Switches first: a controller that ends beside them would have nothing to say to them anyway.
  @Override
  public void close() {
    try {
      lab.close();
    } finally {
      node.close();
    }
  }
}
