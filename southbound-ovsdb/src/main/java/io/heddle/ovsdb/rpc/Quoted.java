package io.heddle.ovsdb.rpc;

/// Text from the network, made fit for a log line: printable ASCII only, cut to a length, in
/// quotes.
public final class Quoted {
  /// Long enough for every name Open vSwitch uses, short enough that a peer cannot fill the log
  /// with one value.
  private static final int MAX_LENGTH = 80;

  private Quoted() {}

  public static String of(String text) {
    StringBuilder quoted = new StringBuilder(text.length() + 2).append('"');
    for (int i = 0; i < text.length() && i < MAX_LENGTH; i++) {
      char c = text.charAt(i);
      quoted.append(c < ' ' || c > '~' || c == '"' ? '?' : c);
    }
    return quoted.append(text.length() > MAX_LENGTH ? "...\"" : "\"").toString();
  }
}
