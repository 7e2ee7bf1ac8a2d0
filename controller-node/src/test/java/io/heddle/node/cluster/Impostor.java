package io.heddle.node.cluster;

import io.heddle.testkit.lab.LabHost;
import io.heddle.testkit.lab.OvsSwitch;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;

/// Somebody with a connection of its own to a switch (`br-int.mgmt`), who says what a deposed
/// master would say: OpenFlow 1.4, as bytes.
final class Impostor implements AutoCloseable {
  private static final byte VERSION = 5;
  private static final byte HELLO = 0;
  private static final byte ERROR = 1;
  private static final byte ROLE_REQUEST = 24;
  private static final int NO_CHANGE = 0;
  private static final int MASTER = 2;
  private static final int HEADER = 8;

  /// OFPET_ROLE_REQUEST_FAILED with OFPRRFC_STALE.
  private static final int STALE = 11 << 16;

  private final SocketChannel channel;
  private final DataInputStream answers;
  private int xid;

  private record Answer(byte type, ByteBuffer body) {}

  private Impostor(SocketChannel channel) throws IOException {
    this.channel = channel;
    InputStream in = Channels.newInputStream(channel);
    this.answers = new DataInputStream(in);
    send(HELLO, new byte[0]);
    Answer hello = read();
    if (hello.type() != HELLO) {
      throw new IOException("the switch begins with a message of type " + hello.type());
    }
  }

  static Impostor at(LabHost host) throws IOException {
    return new Impostor(
        SocketChannel.open(
            UnixDomainSocketAddress.of(
                host.ovs().directory().resolve(OvsSwitch.BR_INT + ".mgmt"))));
  }

  /// The highest epoch with which anybody has claimed anything here.
  long epoch() throws IOException {
    ByteBuffer reply = request(NO_CHANGE, 0).body();
    return reply.getLong(8);
  }

  /// Whether the switch turns a claim down because it knows of a later epoch.
  boolean isStale(long epoch) throws IOException {
    Answer answer = request(MASTER, epoch);
    return answer.type() == ERROR && answer.body().getInt(0) == STALE;
  }

  private Answer request(int role, long epoch) throws IOException {
    send(ROLE_REQUEST, ByteBuffer.allocate(16).putInt(role).putInt(0).putLong(epoch).array());
    return read();
  }

  private void send(byte type, byte[] body) throws IOException {
    xid++;
    ByteBuffer message =
        ByteBuffer.allocate(HEADER + body.length)
            .put(VERSION)
            .put(type)
            .putShort((short) (HEADER + body.length))
            .putInt(xid)
            .put(body)
            .flip();
    while (message.hasRemaining()) {
      int _ = channel.write(message);
    }
  }

  private Answer read() throws IOException {
    byte[] header = answers.readNBytes(HEADER);
    if (header.length < HEADER) {
      throw new IOException("the switch hung up");
    }
    int length = ByteBuffer.wrap(header).getShort(2) & 0xffff;
    return new Answer(header[1], ByteBuffer.wrap(answers.readNBytes(length - HEADER)));
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
