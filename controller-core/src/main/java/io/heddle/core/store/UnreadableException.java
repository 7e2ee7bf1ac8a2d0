package io.heddle.core.store;

/// Bytes that were written for this cluster and that this build does not understand: an unknown
/// kind, an unknown field, a value no row accepts. Going on would make this node's image differ
/// from the others', so whoever meets it stops the node.
public final class UnreadableException extends IllegalStateException {

  public UnreadableException(String message) {
    super(message);
  }

  public UnreadableException(String message, Throwable cause) {
    super(message, cause);
  }
}
