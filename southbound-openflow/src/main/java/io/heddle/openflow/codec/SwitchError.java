package io.heddle.openflow.codec;

/// A switch's refusal of one message.
///
/// @param xid of the refused message
/// @param text OpenFlow's names for type and code, as in `OFPBMC_BAD_PREREQ`
public record SwitchError(int xid, int type, int code, String text) {

  static final int HELLO_FAILED = 0;
  static final int BAD_REQUEST = 1;
  static final int IS_SLAVE = 10;
  static final int ROLE_REQUEST_FAILED = 11;
  static final int STALE = 0;
  static final int METER_MOD_FAILED = 12;
  static final int METER_EXISTS = 1;

  /// A meter with this number is there already.
  public boolean isMeterExists() {
    return type == METER_MOD_FAILED && code == METER_EXISTS;
  }

  /// The switch takes this connection for no master: somebody else claimed it.
  public boolean isNotMaster() {
    return type == BAD_REQUEST && code == IS_SLAVE;
  }

  /// The claim's generation id is older than one that the switch has seen.
  public boolean isStaleRole() {
    return type == ROLE_REQUEST_FAILED && code == STALE;
  }
}
