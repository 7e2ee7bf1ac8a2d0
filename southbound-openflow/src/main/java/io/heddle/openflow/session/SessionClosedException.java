package io.heddle.openflow.session;

/// The session ended before the answer came: whether the switch did what it was asked is not known.
public final class SessionClosedException extends RuntimeException {

  public SessionClosedException(String why) {
    super(why, null, false, false);
  }
}
