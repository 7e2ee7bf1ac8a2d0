package io.heddle.ovsdb.rpc;

import io.netty.handler.ssl.SslContext;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Optional;

/// Where we listen for hosts, and how far we trust the network there.
///
/// @param tls demands certificates of both sides when it is a context with client authentication
/// @param insecure the operator has said that plain TCP off loopback is meant: a separate
///   management network
public record ListenerOptions(
    InetSocketAddress address, Optional<SslContext> tls, boolean insecure) {

  /// Where `ovs-vsctl set-manager` and IANA expect us.
  public static final int PORT = 6640;

  public ListenerOptions {
    if (address.isUnresolved()) {
      throw new IllegalArgumentException("the OVSDB address " + address + " is not known here");
    }
    if (tls.isEmpty() && !insecure && !address.getAddress().isLoopbackAddress()) {
      throw new IllegalArgumentException(
          ("OVSDB on %s:%d is not loopback and has no TLS: whoever reaches it could pose as a host."
                  + " Give a key and certificates, or say --insecure-southbound")
              .formatted(address.getAddress().getHostAddress(), address.getPort()));
    }
  }

  /// Plain TCP on loopback, for a single node and for tests.
  public static ListenerOptions loopback(int port) {
    return new ListenerOptions(
        new InetSocketAddress(InetAddress.getLoopbackAddress(), port), Optional.empty(), false);
  }
}
