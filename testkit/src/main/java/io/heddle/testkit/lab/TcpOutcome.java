package io.heddle.testkit.lab;

/// How an attempt to connect ended.
public enum TcpOutcome {
  CONNECTED,
  /// A reset came back.
  REFUSED,
  /// ICMP said so, or there was no route.
  UNREACHABLE,
  /// Nothing came back.
  TIMED_OUT
}
