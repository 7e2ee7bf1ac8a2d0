package io.heddle.openflow.session;

import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/// A peer that says, byte by byte, what a test wants a switch to say, and when.
final class ScriptedSwitch implements AutoCloseable {

  private static final long LIMIT_SECONDS = 20;
  private static final int HEADER_BYTES = 8;

  /// OpenFlow's numbers of what a controller says.
  static final int HELLO = 0;

  static final int ECHO_REPLY = 3;
  static final int FEATURES_REQUEST = 5;
  static final int BARRIER = 20;
  static final int ROLE_REQUEST = 24;
  static final int BUNDLE_CONTROL = 33;

  static final int MASTER = 2;
  static final int SLAVE = 3;

  /// What the controller said.
  record Said(int type, int xid, ByteBuffer body) {

    /// Of a role request: the role and the epoch.
    String role() {
      return "%d@%d".formatted(body.getInt(0), body.getLong(8));
    }
  }

  private final Socket socket;
  private final BlockingQueue<Said> heard = new LinkedBlockingQueue<>();
  private volatile boolean closed;

  ScriptedSwitch(Controller controller) throws IOException {
    socket = new Socket(InetAddress.getLoopbackAddress(), controller.port);
    socket.setTcpNoDelay(true);
    Thread.ofVirtual().start(this::listen);
  }

  private void listen() {
    try (DataInputStream in = new DataInputStream(socket.getInputStream())) {
      while (true) {
        byte[] header = in.readNBytes(HEADER_BYTES);
        if (header.length < HEADER_BYTES) {
          return;
        }
        ByteBuffer read = ByteBuffer.wrap(header);
        byte[] body = in.readNBytes(read.getShort(2) - HEADER_BYTES);
        heard.add(new Said(header[1], read.getInt(4), ByteBuffer.wrap(body)));
      }
    } catch (IOException e) {
      // The connection has ended: there is no more to hear.
    } finally {
      closed = true;
    }
  }

  /// Says who it is, as far as to its name.
  ScriptedSwitch introduced() throws IOException {
    hear(HELLO);
    say("05000010000000010001000800000020");
    int xid = hear(FEATURES_REQUEST).xid();
    say("05060020%08x00004ebb28330a4600000000fe0000000000024f00000000".formatted(xid));
    return this;
  }

  void say(String hex) throws IOException {
    socket.getOutputStream().write(HexFormat.of().parseHex(hex));
    socket.getOutputStream().flush();
  }

  void grant(Said request) throws IOException {
    say(
        "05190018%08x%08x00000000%016x"
            .formatted(request.xid(), request.body().getInt(0), request.body().getLong(8)));
  }

  /// Grants what is asked and describes no port.
  void grantMastership() throws IOException {
    grant(hear(ROLE_REQUEST));
    endSetup();
  }

  void endSetup() throws IOException {
    say("05150008%08x".formatted(hearUpTo(BARRIER).xid()));
  }

  /// `OFPBRC_IS_SLAVE`.
  void refuseAsSlave(Said message) throws IOException {
    say("0501000c%08x0001000a".formatted(message.xid()));
  }

  /// The next thing it hears must be of this type.
  Said hear(int type) {
    Said said = next();
    if (said.type() != type) {
      throw new AssertionError("heard type %d and not %d".formatted(said.type(), type));
    }
    return said;
  }

  /// Whatever comes before it does not matter.
  Said hearUpTo(int type) {
    Said said = next();
    while (said.type() != type) {
      said = next();
    }
    return said;
  }

  private Said next() {
    try {
      Said said = heard.poll(LIMIT_SECONDS, TimeUnit.SECONDS);
      if (said == null) {
        throw new AssertionError("the controller says nothing more");
      }
      return said;
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /// Asks for a sign of life, so that all that was said before has been read, and what was said in
  /// answer comes before the echo.
  void hearOnlyAnEcho() throws IOException {
    say("0502000800000e0c");
    hear(ECHO_REPLY);
  }

  boolean isClosed() {
    return closed;
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
