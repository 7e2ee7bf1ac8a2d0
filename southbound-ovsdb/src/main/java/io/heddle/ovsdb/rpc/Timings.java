package io.heddle.ovsdb.rpc;

import java.time.Duration;

/// How long a session waits, before it calls its peer dead.
///
/// @param handshake from the connection to the schema: an honest server needs one round trip
/// @param monitor for the first copy of the tables, megabytes from a large host over a slow line
/// @param transact for a transaction
/// @param idle without any message from the peer before we send an echo
/// @param echo for the answer to an echo; a busy vswitchd does not delay it, its ovsdb-server is
///   another process
public record Timings(
    Duration handshake, Duration monitor, Duration transact, Duration idle, Duration echo) {

  public static final Timings DEFAULT =
      new Timings(
          Duration.ofSeconds(10),
          Duration.ofSeconds(60),
          Duration.ofSeconds(30),
          Duration.ofSeconds(5),
          Duration.ofSeconds(5));
}
