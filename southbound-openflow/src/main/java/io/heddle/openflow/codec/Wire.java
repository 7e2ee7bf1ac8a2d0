package io.heddle.openflow.codec;

/// Numbers of OpenFlow 1.4 and of Open vSwitch's extensions that more than one class here needs.
final class Wire {

  static final int VERSION = 5;

  static final int HEADER_BYTES = 8;

  /// What a message's 16-bit length allows.
  static final int MAX_MESSAGE_BYTES = 0xffff;

  // Message types, OpenFlow 1.4 §7.1.1.
  static final int HELLO = 0;
  static final int ERROR = 1;
  static final int ECHO_REQUEST = 2;
  static final int ECHO_REPLY = 3;
  static final int EXPERIMENTER = 4;
  static final int FEATURES_REPLY = 6;
  static final int PACKET_IN = 10;
  static final int PORT_STATUS = 12;
  static final int PACKET_OUT = 13;
  static final int FLOW_MOD = 14;
  static final int SET_CONFIG = 9;
  static final int FRAGMENTS_WITH_PORTS = 3;
  static final int MULTIPART_REQUEST = 18;
  static final int MULTIPART_REPLY = 19;
  static final int BARRIER_REPLY = 21;
  static final int ROLE_REPLY = 25;
  static final int ROLE_STATUS = 30;
  static final int BUNDLE_CONTROL = 33;
  static final int BUNDLE_ADD = 34;

  // Multipart types and the flag that more parts follow.
  static final int MULTIPART_FLOW = 1;
  static final int MULTIPART_METER_CONFIG = 10;
  static final int MULTIPART_PORT_DESC = 13;
  static final int MULTIPART_MORE = 1;

  // Instructions, §7.2.4.
  static final int GOTO_TABLE = 1;
  static final int APPLY_ACTIONS = 4;
  static final int METER = 6;

  // Actions, §7.2.5.
  static final int OUTPUT = 0;
  static final int GROUP = 22;
  static final int DEC_TTL = 24;
  static final int SET_FIELD = 25;
  static final int EXPERIMENTER_ACTION = 0xffff;

  /// Nicira's experimenter id, under which Open vSwitch's extensions go.
  static final int NICIRA = 0x00002320;

  // Open vSwitch's actions (lib/ofp-actions.c).
  static final int NX_REG_MOVE = 6;
  static final int NX_REG_LOAD = 7;
  static final int NX_RESUBMIT_TABLE = 14;
  static final int NX_OUTPUT_REG = 15;
  static final int NX_OUTPUT_REG2 = 32;
  static final int NX_CONJUNCTION = 34;
  static final int NX_CT = 35;
  static final int NX_CONTROLLER2 = 37;
  static final int NX_CT_COMMIT = 1;
  static final int NX_CT_NO_TABLE = 0xff;

  /// Properties of `controller2`.
  static final int NX_MAX_LEN = 0;

  static final int NX_USERDATA = 3;
  static final int NX_METER_ID = 5;

  // Open vSwitch's messages (include/openvswitch/ofp-msgs.h).
  static final int NXT_SET_PACKET_IN_FORMAT = 16;
  static final int NXT_CT_FLUSH_ZONE = 29;
  static final int NXT_PACKET_IN2 = 30;

  // Reserved ports, §7.2.1.
  static final int PORT_IN_PORT = 0xfffffff8;
  static final int PORT_CONTROLLER = 0xfffffffd;
  static final int PORT_ANY = 0xffffffff;
  static final int GROUP_ANY = 0xffffffff;
  static final int NO_BUFFER = 0xffffffff;
  static final int ALL_TABLES = 0xff;

  /// The longest packet prefix that a switch can be asked for; it means the whole packet.
  static final int WHOLE_PACKET = 0xffff;

  private Wire() {}

  /// Bytes up to the next multiple of 8.
  static int padding(int length) {
    return -length & 7;
  }
}
