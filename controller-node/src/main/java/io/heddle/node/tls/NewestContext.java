package io.heddle.node.tls;

import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.ApplicationProtocolNegotiator;
import io.netty.handler.ssl.SslContext;
import java.util.List;
import java.util.function.Supplier;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSessionContext;

/// A context for Netty that stands for the newest one: each connection begins with that. A context
/// that was replaced takes its sessions along, so that nobody resumes one whose certificate is not
/// good any more.
final class NewestContext extends SslContext {

  private final Supplier<SslContext> newest;

  NewestContext(Supplier<SslContext> newest) {
    this.newest = newest;
  }

  @Override
  public boolean isClient() {
    return newest.get().isClient();
  }

  @Override
  public List<String> cipherSuites() {
    return newest.get().cipherSuites();
  }

  @Override
  @SuppressWarnings("deprecation") // abstract in Netty all the same
  public ApplicationProtocolNegotiator applicationProtocolNegotiator() {
    return newest.get().applicationProtocolNegotiator();
  }

  @Override
  public SSLEngine newEngine(ByteBufAllocator allocator) {
    return newest.get().newEngine(allocator);
  }

  @Override
  public SSLEngine newEngine(ByteBufAllocator allocator, String host, int port) {
    return newest.get().newEngine(allocator, host, port);
  }

  @Override
  public SSLSessionContext sessionContext() {
    return newest.get().sessionContext();
  }
}
