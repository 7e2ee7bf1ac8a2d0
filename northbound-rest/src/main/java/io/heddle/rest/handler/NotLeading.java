package io.heddle.rest.handler;

/// This node does not decide, or not any more: nothing has happened, and the leader is to be asked.
public final class NotLeading extends RuntimeException {

  public NotLeading(String why) {
    super(why, null, false, false);
  }

  public String why() {
    return String.valueOf(getMessage());
  }
}
