package io.heddle.openflow.codec;

/// Bytes that contradict themselves, or that say something which is none of ours.
public final class UnreadableException extends Exception {

  public UnreadableException(String why) {
    super(why, null, false, false);
  }
}
