package io.heddle.core.pipeline;

/// Priorities by meaning. Tables of prefixes use [#prefix].
public final class Priority {

  public static final int MISS = 0;
  public static final int FALLBACK = 10;

  /// A target behind a tunnel: below [#LOCAL], so that shared sets need no exception for the host
  /// that has the port.
  public static final int REMOTE = 50;

  public static final int LOCAL = 100;
  public static final int NORMAL = 100;
  public static final int SPECIFIC = 200;
  public static final int GUARD = 300;

  private Priority() {}

  /// The longer the prefix, the higher; leaves room for one more between two lengths.
  public static int prefix(int length) {
    return 100 + 2 * length;
  }
}
