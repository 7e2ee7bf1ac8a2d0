package io.heddle.ovsdb.rpc;

/// The peer broke the protocol, a limit or a deadline: its connection is closed and nothing else
/// happens.
public final class ProtocolException extends RuntimeException {
  private static final long serialVersionUID = 1;

  public ProtocolException(String message) {
    super(message);
  }

  public ProtocolException(String message, Throwable cause) {
    super(message, cause);
  }
}
