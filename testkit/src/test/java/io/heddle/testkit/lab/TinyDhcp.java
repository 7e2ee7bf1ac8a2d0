package io.heddle.testkit.lab;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;

/// A DHCP server (RFC 2131) that gives everyone 10.0.0.5/24: so that the lab's client can be tested
/// alone.
final class TinyDhcp implements AutoCloseable {
  private static final int SERVER_PORT = 67;
  private static final int CLIENT_PORT = 68;
  private static final int MAGIC = 0x63825363;
  private static final int OPTIONS = 236;
  private static final byte OFFER = 2;
  private static final byte ACK = 5;
  private static final byte REQUEST = 3;

  private final DatagramSocket socket;
  private final AtomicInteger answers = new AtomicInteger();

  private TinyDhcp(DatagramSocket socket) {
    this.socket = socket;
  }

  static TinyDhcp serve(LabVm on) throws Exception {
    DatagramSocket socket =
        on.netns()
            .call(() -> {
              DatagramSocket made = new DatagramSocket(null);
              made.setBroadcast(true);
              made.bind(new InetSocketAddress(SERVER_PORT));
              return made;
            });
    TinyDhcp server = new TinyDhcp(socket);
    Thread.ofPlatform().daemon().start(server::answer);
    return server;
  }

  int answers() {
    return answers.get();
  }

  private void answer() {
    byte[] frame = new byte[1500];
    try {
      while (!socket.isClosed()) {
        DatagramPacket packet = new DatagramPacket(frame, frame.length);
        socket.receive(packet);
        byte[] reply = reply(Arrays.copyOf(frame, packet.getLength()));
        answers.incrementAndGet();
        socket.send(
            new DatagramPacket(
                reply, reply.length, InetAddress.getByName("255.255.255.255"), CLIENT_PORT));
      }
    } catch (IOException closed) {
      socket.close();
    }
  }

  /// Echoes the client's header with an address in it, and adds the options.
  private static byte[] reply(byte[] query) {
    byte kind = messageType(query) == REQUEST ? ACK : OFFER;
    ByteBuffer out = ByteBuffer.allocate(400);
    out.put(Arrays.copyOf(query, OPTIONS));
    out.put(0, (byte) 2).put(16, new byte[] {10, 0, 0, 5});
    out.putInt(MAGIC);
    out.put(new byte[] {53, 1, kind, 54, 4, 10, 0, 0, 2});
    out.put(new byte[] {51, 4, 0, 0, 14, 16, 1, 4, -1, -1, -1, 0});
    out.put(new byte[] {3, 4, 10, 0, 0, 2, 26, 2, 5, 120});
    byte[] domain = "blue.test".getBytes(US_ASCII);
    out.put((byte) 15).put((byte) domain.length).put(domain);
    return out.put((byte) 255).array();
  }

  private static byte messageType(byte[] query) {
    int at = OPTIONS + Integer.BYTES;
    while (at + 2 < query.length && query[at] != 53) {
      at += 2 + Byte.toUnsignedInt(query[at + 1]);
    }
    return query[at + 2];
  }

  @Override
  public void close() {
    socket.close();
  }
}
