package io.heddle.demo;

import io.heddle.testkit.lab.LabVm;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;

/// A TCP connection between two machines that stays open while things change around it.
final class Conversation implements AutoCloseable {
  private final Socket near;
  private final Socket far;

  private Conversation(Socket near, Socket far) {
    this.near = near;
    this.far = far;
  }

  static Conversation open(LabVm from, ServerSocket listener, String address, Duration limit)
      throws IOException {
    Socket near = from.open(address, listener.getLocalPort(), limit);
    listener.setSoTimeout((int) limit.toMillis());
    return new Conversation(near, listener.accept());
  }

  /// Whether a byte that is sent now arrives within the limit.
  boolean carries(Duration limit) throws IOException {
    near.getOutputStream().write('x');
    far.setSoTimeout((int) limit.toMillis());
    try {
      return far.getInputStream().read() == 'x';
    } catch (SocketTimeoutException silence) {
      return false;
    }
  }

  @Override
  public void close() throws IOException {
    near.close();
    far.close();
  }
}
