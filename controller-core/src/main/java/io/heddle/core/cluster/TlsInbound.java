package io.heddle.core.cluster;

import static com.hazelcast.internal.networking.HandlerStatus.BLOCKED;
import static com.hazelcast.internal.networking.HandlerStatus.CLEAN;
import static com.hazelcast.internal.networking.HandlerStatus.DIRTY;

import com.hazelcast.internal.networking.HandlerStatus;
import com.hazelcast.internal.networking.InboundHandler;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLException;

/// Decrypts what a member's connection brings, before Hazelcast's own handlers see it.
///
/// A record is decrypted whole, and handed on as far as the next handler has room.
final class TlsInbound extends InboundHandler<ByteBuffer, ByteBuffer> {

  private final TlsLink link;
  private final SSLEngine engine;

  /// What was decrypted and not handed on yet.
  private final ByteBuffer plain;

  TlsInbound(TlsLink link) {
    this.link = link;
    this.engine = link.engine();
    plain = ByteBuffer.allocate(engine.getSession().getApplicationBufferSize()).flip();
  }

  @Override
  public void handlerAdded() {
    initSrcBuffer();
  }

  @Override
  public HandlerStatus onRead() throws IOException {
    src.flip();
    try {
      return decrypt();
    } catch (SSLException e) {
      link.refused(e);
      throw e;
    } finally {
      src.compact();
    }
  }

  private HandlerStatus decrypt() throws IOException {
    while (handOn()) {
      plain.clear();
      SSLEngineResult result = engine.unwrap(src, plain);
      plain.flip();
      switch (result.getStatus()) {
        case OK, BUFFER_UNDERFLOW -> {}
        case CLOSED -> throw new EOFException("the other node ended TLS");
        case BUFFER_OVERFLOW ->
            throw new IllegalStateException("a record larger than TLS allows was decrypted");
      }
      switch (result.getHandshakeStatus()) {
        case FINISHED -> link.establish();
        case NEED_TASK -> link.runTasks();
        case NEED_WRAP -> {
          if (!plain.hasRemaining()) {
            link.awaitWriter();
            return BLOCKED;
          }
        }
        case NEED_UNWRAP, NEED_UNWRAP_AGAIN, NOT_HANDSHAKING -> {
          if (result.bytesConsumed() == 0 && !plain.hasRemaining()) {
            return CLEAN; // the next record, or the rest of it, is still on its way
          }
        }
      }
    }
    return DIRTY;
  }

  /// @return false when the next handler must make room first
  private boolean handOn() {
    int fits = Math.min(plain.remaining(), dst.remaining());
    dst.put(plain.slice(plain.position(), fits));
    plain.position(plain.position() + fits);
    return !plain.hasRemaining();
  }
}
