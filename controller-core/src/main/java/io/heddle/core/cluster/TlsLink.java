package io.heddle.core.cluster;

import com.hazelcast.internal.networking.Channel;
import io.heddle.core.model.NodeName;
import io.heddle.core.tls.Bearer;
import java.io.IOException;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// TLS of one connection between members: what [TlsInbound] and [TlsOutbound] share.
///
/// Hazelcast reads and writes a connection on two threads. Each side uses the engine for its own
/// direction, which engines allow; where the handshake turns from one direction to the other, one
/// side waits and the other wakes it.
final class TlsLink {

  private static final Logger LOG = LoggerFactory.getLogger(TlsLink.class);
  private static final String ATTRIBUTE = "heddle.tls";
  private static final long LOG_EVERY_NANOS = 1_000_000_000L;
  private static final AtomicLong LOGGED_AT = new AtomicLong(System.nanoTime() - LOG_EVERY_NANOS);

  private final Channel channel;
  private final SSLEngine engine;
  private volatile boolean established;
  private volatile boolean readerWaits;

  @SuppressWarnings("unchecked") // attributes are a raw map
  TlsLink(Channel channel, SSLEngine engine) throws SSLException {
    this.channel = channel;
    this.engine = engine;
    engine.beginHandshake();
    channel.attributeMap().put(ATTRIBUTE, this);
  }

  static Optional<TlsLink> of(Channel channel) {
    return Optional.ofNullable((TlsLink) channel.attributeMap().get(ATTRIBUTE));
  }

  SSLEngine engine() {
    return engine;
  }

  boolean established() {
    return established;
  }

  /// The handshake is done: what waits to be written may go.
  void establish() {
    if (!established) {
      established = true;
      channel.outboundPipeline().wakeup();
    }
  }

  /// Ends a connection whose handshake is not done: who says nothing keeps no place.
  void giveUp() {
    if (!established && !channel.isClosed()) {
      try {
        channel.close();
      } catch (IOException e) {
        LOG.debug("event=peer-not-closed remote={}", channel.remoteSocketAddress(), e);
      }
    }
  }

  void runTasks() {
    for (Runnable task = engine.getDelegatedTask();
        task != null;
        task = engine.getDelegatedTask()) {
      task.run();
    }
  }

  /// The handshake can't go on before something is written. The reader stops until then.
  void awaitWriter() {
    readerWaits = true;
    channel.outboundPipeline().wakeup();
  }

  /// Something was written: the reader goes on if it waits for that.
  void written() {
    if (readerWaits && engine.getHandshakeStatus() != HandshakeStatus.NEED_WRAP) {
      readerWaits = false;
      channel.inboundPipeline().wakeup();
    }
  }

  /// The node whose certificate the other side showed, once the handshake is done.
  Optional<NodeName> peer() {
    if (!established) {
      return Optional.empty();
    }
    try {
      Certificate[] chain = engine.getSession().getPeerCertificates();
      return Bearer.of((X509Certificate) chain[0])
          .filter(Bearer.OfNode.class::isInstance)
          .map(Bearer.OfNode.class::cast)
          .map(Bearer.OfNode::name);
    } catch (SSLPeerUnverifiedException shownNone) {
      return Optional.empty();
    }
  }

  /// Says why a connection ends; many of them cost a line a second.
  void refused(SSLException cause) {
    long now = System.nanoTime();
    long before = LOGGED_AT.get();
    if (now - before >= LOG_EVERY_NANOS && LOGGED_AT.compareAndSet(before, now)) {
      LOG.warn(
          "event=peer-tls-failed remote={} cause=\"{}\"",
          channel.remoteSocketAddress(),
          cause.getMessage());
    }
  }
}
