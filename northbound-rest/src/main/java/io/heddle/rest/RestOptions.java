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
  /// @param share what the tenants of one project may take of it all
  public record Limits(
      int bodyBytes,
      int inFlight,
      int connections,
      Duration bodyWithin,
      Duration idle,
      Streams streams,
      Share share) {

    public static final Limits DEFAULT =
        new Limits(
            1 << 20,
            256,
            1024,
            Duration.ofSeconds(20),
            Duration.ofSeconds(60),
            Streams.DEFAULT,
            Share.DEFAULT);

    /// With the default share of one project.
    public Limits(
        int bodyBytes,
        int inFlight,
        int connections,
        Duration bodyWithin,
        Duration idle,
        Streams streams) {
      this(bodyBytes, inFlight, connections, bodyWithin, idle, streams, Share.DEFAULT);
    }

    public Limits with(Share other) {
      return new Limits(bodyBytes, inFlight, connections, bodyWithin, idle, streams, other);
    }
  }

  /// What the tenants of one project may take of a node. Operators are not counted.
  ///
  /// @param inFlight requests at once; more get 429
  /// @param perSecond requests a second for as long as they like
  /// @param burst how many of them may come at once after a pause
  public record Share(int inFlight, int perSecond, int burst) {

    /// A quarter of the places, and a rate that no orchestrator of one project needs.
    public static final Share DEFAULT = new Share(64, 200, 400);

    public Share {
      if (inFlight < 1 || perSecond < 1 || burst < 1) {
        throw new IllegalArgumentException(
            "a project's share of %d requests at once, %d a second and %d in a burst is none; each is 1 or more"
                .formatted(inFlight, perSecond, burst));
      }
    }
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
