package io.heddle.core.reconcile;

/// What a full look at a switch found: how many flows and meters of each sort.
///
/// @param inStep as compiled
/// @param missing not there
/// @param altered there, and saying something else
/// @param extra of ours, and not wanted
/// @param foreign flows of somebody else
public record Audit(int inStep, int missing, int altered, int extra, int foreign) {

  public static final Audit NONE = new Audit(0, 0, 0, 0, 0);
  static final Audit ONE_IN_STEP = new Audit(1, 0, 0, 0, 0);

  static Audit of(Difference.Way way) {
    return switch (way) {
      case MISSING -> new Audit(0, 1, 0, 0, 0);
      case ALTERED -> new Audit(0, 0, 1, 0, 0);
      case EXTRA -> new Audit(0, 0, 0, 1, 0);
      case FOREIGN -> new Audit(0, 0, 0, 0, 1);
    };
  }

  /// Nothing of ours differs.
  public boolean isClean() {
    return missing == 0 && altered == 0 && extra == 0;
  }

  /// How many are not as they should be, foreign ones included.
  public int findings() {
    return missing + altered + extra + foreign;
  }

  /// The same but for how many are in step.
  public boolean findsWhat(Audit other) {
    return missing == other.missing
        && altered == other.altered
        && extra == other.extra
        && foreign == other.foreign;
  }

  Audit plus(Audit other) {
    return new Audit(
        inStep + other.inStep,
        missing + other.missing,
        altered + other.altered,
        extra + other.extra,
        foreign + other.foreign);
  }
}
