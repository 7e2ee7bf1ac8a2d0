package io.heddle.core.reconcile;

/// What a full look at a switch found.
///
/// @param inStep flows that are as compiled
/// @param missing flows that were not there
/// @param altered flows that carried their cookie and said something else
/// @param extra flows of ours that should not be there
/// @param foreign flows of somebody else, which are left alone
public record Audit(int inStep, int missing, int altered, int extra, int foreign) {

  static final Audit NONE = new Audit(0, 0, 0, 0, 0);

  public boolean isClean() {
    return missing == 0 && altered == 0 && extra == 0;
  }
}
