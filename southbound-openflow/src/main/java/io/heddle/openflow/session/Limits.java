package io.heddle.openflow.session;

import java.time.Duration;

/// What a peer can cost us.
public final class Limits {

  /// OpenFlow's port.
  public static final int PORT = 6653;

  /// Connections at once: a few times the switches that one node should have.
  public static final int MAX_CONNECTIONS = 4_096;

  /// Connections that have not become sessions yet, so that whoever knocks and says nothing leaves
  /// room for switches.
  public static final int MAX_HANDSHAKES = 512;

  /// From the connection to the switch's name; a switch under load has taken 2 s.
  static final Duration HANDSHAKE = Duration.ofSeconds(10);

  /// Silence after which a peer is asked for a sign of life.
  static final Duration ECHO_AFTER = Duration.ofSeconds(5);

  /// Signs of life asked for in vain before the connection is given up: 15 s, less than Open
  /// vSwitch's own patience.
  static final int SILENT_ECHOES = 3;

  /// How long one write may take: a switch that does not read for so long has stopped.
  static final Duration WRITE = Duration.ofSeconds(20);

  /// How long an answer, or its next part, may take, a claim's among them; a dump of 100,000 flows
  /// begins within a second.
  static final Duration ANSWER = Duration.ofSeconds(30);

  /// Bytes in the socket's queue at which writing pauses, and goes on.
  static final int PAUSE_WRITING_BYTES = 1 << 20;

  static final int RESUME_WRITING_BYTES = 1 << 18;

  /// What may wait for one switch: 500,000 flow-mods. A switch further behind is disconnected, and
  /// compared when it comes back.
  static final long MAX_WAITING_BYTES = 64L << 20;

  /// Requests without an answer on one session.
  static final int MAX_REQUESTS = 1_024;

  /// Flows in one dump: several times what a host holds.
  static final int MAX_DUMPED_FLOWS = 1_000_000;

  /// Ports in one description, which is more than OpenFlow has numbers for in practice.
  static final int MAX_PORTS = 65_536;

  /// Meters in one dump.
  static final int MAX_DUMPED_METERS = 100_000;

  /// Unreadable messages that a session survives; frames stay in step, so one odd message is no
  /// reason to give up a switch.
  static final int MAX_MALFORMED = 16;

  /// Refusals kept of one bundle: more tell nothing new.
  static final int MAX_REFUSALS = 64;

  private Limits() {}
}
