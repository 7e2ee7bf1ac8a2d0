package io.heddle.cli.pki;

/// What was asked for can't be done with this directory; the message says what would help.
public final class PkiException extends Exception {

  PkiException(String message) {
    super(message);
  }

  PkiException(String message, Throwable cause) {
    super(message, cause);
  }
}
