package io.heddle.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// A way to a server that can be cut, with all who are on it.
final class Passage implements AutoCloseable {

  private final ServerSocket listener;
  private final URI target;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();

  Passage(String target) throws IOException {
    this.listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    this.target = URI.create(target);
    Thread.ofVirtual().start(this::accept);
  }

  /// A server that takes requests and hangs up on each.
  static Passage toNowhere() throws IOException {
    return new Passage("http://127.0.0.1:1");
  }

  String url() {
    return "http://127.0.0.1:" + listener.getLocalPort();
  }

  private void accept() {
    while (!listener.isClosed()) {
      try {
        Socket client = listener.accept();
        open.add(client);
        Thread.ofVirtual().start(() -> carry(client));
      } catch (IOException closed) {
        return;
      }
    }
  }

  private void carry(Socket client) {
    try (client) {
      int first = client.getInputStream().read(); // hangs up on a request, not on a connection
      try (Socket server = new Socket(target.getHost(), target.getPort())) {
        open.add(server);
        server.getOutputStream().write(first);
        Thread.ofVirtual().start(() -> copy(client, server));
        copy(server, client);
      }
    } catch (IOException cut) {
      // As the test wants it.
    }
  }

  private static void copy(Socket from, Socket to) {
    try {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      in.transferTo(out);
      to.shutdownOutput();
    } catch (IOException cut) {
      // As the test wants it.
    }
  }

  /// Nobody gets through any more.
  void cut() {
    try {
      listener.close();
      for (Socket socket : open) {
        socket.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    cut();
  }
}
