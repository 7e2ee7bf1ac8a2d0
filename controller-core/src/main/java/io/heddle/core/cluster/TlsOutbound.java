package io.heddle.core.cluster;

import static com.hazelcast.internal.networking.HandlerStatus.BLOCKED;
import static com.hazelcast.internal.networking.HandlerStatus.CLEAN;
import static com.hazelcast.internal.networking.HandlerStatus.DIRTY;

import com.hazelcast.internal.networking.HandlerStatus;
import com.hazelcast.internal.networking.OutboundHandler;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;

/// Shakes hands, and then encrypts what Hazelcast's own handlers have made ready for a member.
///
/// Nothing of Hazelcast's leaves before the handshake is done.
final class TlsOutbound extends OutboundHandler<ByteBuffer, ByteBuffer> {

  private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

  private final TlsLink link;
  private final SSLEngine engine;

  TlsOutbound(TlsLink link) {
    this.link = link;
    this.engine = link.engine();
  }

  @Override
  public void handlerAdded() {
    initDstBuffer();
  }

  @Override
  public HandlerStatus onWrite() throws IOException {
    dst.compact();
    try {
      HandlerStatus shaken = link.established() ? CLEAN : shakeHands();
      return shaken == CLEAN ? encrypt() : shaken;
    } finally {
      dst.flip();
      link.written();
    }
  }

  private HandlerStatus shakeHands() throws IOException {
    while (true) {
      switch (engine.getHandshakeStatus()) {
        case NEED_TASK -> link.runTasks();
        case NEED_WRAP -> {
          if (!wrap(NOTHING)) {
            return DIRTY;
          }
        }
        case NEED_UNWRAP, NEED_UNWRAP_AGAIN -> {
          return BLOCKED; // the reader wakes us
        }
        case NOT_HANDSHAKING, FINISHED -> {
          link.establish();
          return CLEAN;
        }
      }
    }
  }

  private HandlerStatus encrypt() throws IOException {
    while (src.hasRemaining() || engine.getHandshakeStatus() == HandshakeStatus.NEED_WRAP) {
      if (!wrap(src)) {
        return DIRTY;
      }
    }
    return CLEAN;
  }

  /// @return false when what is there must be sent first
  private boolean wrap(ByteBuffer content) throws IOException {
    SSLEngineResult result = engine.wrap(content, dst);
    if (result.getStatus() == SSLEngineResult.Status.CLOSED) {
      throw new EOFException("TLS has ended");
    }
    return result.getStatus() == SSLEngineResult.Status.OK;
  }
}
