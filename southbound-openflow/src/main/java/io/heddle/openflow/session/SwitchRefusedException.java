package io.heddle.openflow.session;

import io.heddle.openflow.codec.SwitchError;

/// The switch said no.
public final class SwitchRefusedException extends RuntimeException {

  private final transient SwitchError error;

  public SwitchRefusedException(SwitchError error) {
    super(error.text(), null, false, false);
    this.error = error;
  }

  public SwitchError error() {
    return error;
  }
}
