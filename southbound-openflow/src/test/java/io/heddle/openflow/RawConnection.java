package io.heddle.openflow;

import io.heddle.openflow.codec.Message;
import io.heddle.openflow.codec.MessageDecoder;
import io.heddle.openflow.codec.Ordinary;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.EOFException;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// A plain OpenFlow connection to a bridge's own socket, for tests of the bytes alone: no role, no
/// session.
public final class RawConnection implements AutoCloseable {

  private static final int HEADER_BYTES = 8;

  private final SocketChannel channel;

  public RawConnection(Path socket) throws IOException {
    channel = SocketChannel.open(UnixDomainSocketAddress.of(socket));
    ByteBuf hello = Unpooled.buffer();
    Ordinary.writeHello(hello, 1);
    send(hello);
  }

  public void send(ByteBuf bytes) throws IOException {
    ByteBuffer out = bytes.nioBuffer();
    while (out.hasRemaining()) {
      int _ = channel.write(out);
    }
  }

  public Message receive() throws IOException {
    ByteBuffer header = read(HEADER_BYTES);
    int length = Short.toUnsignedInt(header.getShort(2));
    ByteBuffer body = read(length - HEADER_BYTES);
    return MessageDecoder.decode(Unpooled.wrappedBuffer(header, body));
  }

  /// All that comes before the answer to a barrier, or to whatever has this transaction id and is
  /// no error.
  public List<Message> receiveUntil(int xid) throws IOException {
    List<Message> all = new ArrayList<>();
    while (true) {
      Message message = receive();
      if (message.xid() == xid && !(message instanceof Message.Refusal)) {
        return all;
      }
      all.add(message);
    }
  }

  private ByteBuffer read(int length) throws IOException {
    ByteBuffer in = ByteBuffer.allocate(length);
    while (in.hasRemaining()) {
      if (channel.read(in) < 0) {
        throw new EOFException();
      }
    }
    return in.flip();
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
