package io.heddle.testkit.lab;

import java.io.IOException;
import java.io.InputStream;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/// An open TCP connection whose server pushes a few bytes every ten milliseconds, whatever happens,
/// while the client only listens, unless it is told to speak.
public final class TcpStream implements AutoCloseable {

  private static final Duration LIMIT = Duration.ofSeconds(15);
  private static final long PUSH_NANOS = 10_000_000;

  private final Socket client;
  private final Socket server;
  private final AtomicLong fromServer = new AtomicLong();
  private final AtomicLong fromClient = new AtomicLong();

  private TcpStream(Socket client, Socket server) {
    this.client = client;
    this.server = server;
    Thread.ofPlatform().daemon().start(() -> push(server));
    Thread.ofPlatform().daemon().start(() -> count(client, fromServer));
    Thread.ofPlatform().daemon().start(() -> count(server, fromClient));
  }

  public static TcpStream open(LabVm client, LabVm server, String address, int port)
      throws IOException {
    try (ServerSocket listening = server.listen(port)) {
      Socket opened = client.open(address, port, LIMIT);
      listening.setSoTimeout((int) LIMIT.toMillis());
      return new TcpStream(opened, listening.accept());
    }
  }

  private static void push(Socket server) {
    try {
      byte[] chunk = new byte[8];
      while (!server.isClosed()) {
        server.getOutputStream().write(chunk);
        LockSupport.parkNanos(PUSH_NANOS);
      }
    } catch (IOException closed) {
      Thread.currentThread().interrupt();
    }
  }

  private static void count(Socket socket, AtomicLong bytes) {
    byte[] buffer = new byte[4096];
    try (InputStream in = socket.getInputStream()) {
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        bytes.addAndGet(read);
      }
    } catch (IOException closed) {
      Thread.currentThread().interrupt();
    }
  }

  /// Bytes that the client got so far.
  public long pushed() {
    return fromServer.get();
  }

  /// Bytes that the server got so far.
  public long spoken() {
    return fromClient.get();
  }

  public void speak() throws IOException {
    client.getOutputStream().write('x');
  }

  /// Waits until the client has got this much more: a clock that ticks only while the network
  /// works.
  public void awaitPushed(int more) {
    long goal = pushed() + more;
    Await.until(LIMIT, more + " bytes more", () -> pushed() >= goal);
  }

  @Override
  public void close() throws IOException {
    client.close();
    server.close();
  }
}
