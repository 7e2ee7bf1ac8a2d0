package io.heddle.rest;

import java.time.Duration;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/// Where the API listens, and how much it lets clients take.
///
/// @param port 0 for any free one
/// @param tls the certificate to show, asked for at every handshake; null for plain HTTP, which is
///   for loopback
public record RestOptions(
    String host, int port, @Nullable X509ExtendedKeyManager tls, Limits limits) {

  public static final int DEFAULT_PORT = 7080;

  /// What clients may take.
  ///
  /// @param bodyBytes of one request: room for 1,000 ports with all fields
  /// @param inFlight requests that are read, decided or waited for at once; more get 429. As many
  ///   again may come from other nodes
  /// @param connections open at once; more are closed
  /// @param bodyWithin how long a client may take to send a body
  /// @param idle how long a connection may stay without a complete request head
  public record Limits(
      int bodyBytes,
      int inFlight,
      int connections,
      Duration bodyWithin,
      Duration idle,
      Streams streams) {

    public static final Limits DEFAULT =
        new Limits(
            1 << 20, 256, 1024, Duration.ofSeconds(20), Duration.ofSeconds(60), Streams.DEFAULT);
  }

  /// What followers of events may take: each holds a connection, and a piece of what it has not
  /// read yet.
  ///
  /// @param atOnce more get 503
  /// @param ofOneProject that tenants of one project may follow at once; more get 429
  /// @param heartbeat an idle stream says so often that it lives
  /// @param stall a client that takes nothing for so long is cut off
  public record Streams(int atOnce, int ofOneProject, Duration heartbeat, Duration stall) {

    public static final Streams DEFAULT =
        new Streams(128, 32, Duration.ofSeconds(15), Duration.ofSeconds(60));
  }

  /// The same, with TLS.
  public RestOptions with(X509ExtendedKeyManager certificate) {
    return new RestOptions(host, port, certificate, limits);
  }

  public static RestOptions loopback(int port) {
    return new RestOptions("127.0.0.1", port, null, Limits.DEFAULT);
  }
}
