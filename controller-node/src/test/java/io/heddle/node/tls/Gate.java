package io.heddle.node.tls;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.atomic.AtomicInteger;

/// Passes connections on to a port, and counts those that ended: the times that somebody knocked
/// there and was sent away.
final class Gate implements AutoCloseable {

  private final ServerSocket server = new ServerSocket(0, 16, InetAddress.getLoopbackAddress());
  private final AtomicInteger knocks = new AtomicInteger();
  private final int target;

  Gate(int target) throws IOException {
    this.target = target;
    Thread.ofVirtual().start(this::accept);
  }

  int port() {
    return server.getLocalPort();
  }

  int knocks() {
    return knocks.get();
  }

  private void accept() {
    try {
      while (true) {
        Socket near = server.accept();
        Socket far = new Socket(InetAddress.getLoopbackAddress(), target);
        Thread.ofVirtual().start(() -> pass(near, far));
        Thread.ofVirtual()
            .start(() -> {
              pass(far, near);
              knocks.incrementAndGet();
            });
      }
    } catch (IOException closed) {
      // The test is over.
    }
  }

  private static void pass(Socket from, Socket to) {
    try (from;
        to;
        InputStream in = from.getInputStream();
        OutputStream out = to.getOutputStream()) {
      var _ = in.transferTo(out);
    } catch (IOException ended) {
      // Either side may end it.
    }
  }

  @Override
  public void close() throws IOException {
    server.close();
  }
}
