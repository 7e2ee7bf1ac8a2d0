package io.heddle.openflow.codec;

import io.netty.buffer.ByteBuf;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Reads error messages and names them as OpenFlow 1.4 §7.5.4 does.
final class ErrorText {

  private static final int EXPERIMENTER = 0xffff;

  /// One type of error: what its codes' names begin with, and the codes from 0.
  private record Kind(String prefix, List<String> codes) {
    static Kind of(String prefix, String codes) {
      return new Kind(prefix, List.of(codes.split(" ")));
    }
  }

  private static final List<Kind> KINDS =
      List.of(
          Kind.of("OFPHFC_", "INCOMPATIBLE EPERM"),
          Kind.of(
              "OFPBRC_",
              "BAD_VERSION BAD_TYPE BAD_MULTIPART BAD_EXPERIMENTER BAD_EXP_TYPE EPERM BAD_LEN"
                  + " BUFFER_EMPTY BUFFER_UNKNOWN BAD_TABLE_ID IS_SLAVE BAD_PORT BAD_PACKET"
                  + " MULTIPART_BUFFER_OVERFLOW MULTIPART_REQUEST_TIMEOUT MULTIPART_REPLY_TIMEOUT"),
          Kind.of(
              "OFPBAC_",
              "BAD_TYPE BAD_LEN BAD_EXPERIMENTER BAD_EXP_TYPE BAD_OUT_PORT BAD_ARGUMENT EPERM"
                  + " TOO_MANY BAD_QUEUE BAD_OUT_GROUP MATCH_INCONSISTENT UNSUPPORTED_ORDER BAD_TAG"
                  + " BAD_SET_TYPE BAD_SET_LEN BAD_SET_ARGUMENT"),
          Kind.of(
              "OFPBIC_",
              "UNKNOWN_INST UNSUP_INST BAD_TABLE_ID UNSUP_METADATA UNSUP_METADATA_MASK"
                  + " BAD_EXPERIMENTER BAD_EXP_TYPE BAD_LEN EPERM DUP_INST"),
          Kind.of(
              "OFPBMC_",
              "BAD_TYPE BAD_LEN BAD_TAG BAD_DL_ADDR_MASK BAD_NW_ADDR_MASK BAD_WILDCARDS BAD_FIELD"
                  + " BAD_VALUE BAD_MASK BAD_PREREQ DUP_FIELD EPERM"),
          Kind.of(
              "OFPFMFC_",
              "UNKNOWN TABLE_FULL BAD_TABLE_ID OVERLAP EPERM BAD_TIMEOUT BAD_COMMAND BAD_FLAGS"
                  + " CANT_SYNC BAD_PRIORITY"),
          Kind.of(
              "OFPGMFC_",
              "GROUP_EXISTS INVALID_GROUP WEIGHT_UNSUPPORTED OUT_OF_GROUPS OUT_OF_BUCKETS"
                  + " CHAINING_UNSUPPORTED WATCH_UNSUPPORTED LOOP UNKNOWN_GROUP CHAINED_GROUP"
                  + " BAD_TYPE BAD_COMMAND BAD_BUCKET BAD_WATCH EPERM"),
          Kind.of("OFPPMFC_", "BAD_PORT BAD_HW_ADDR BAD_CONFIG BAD_ADVERTISE EPERM"),
          Kind.of("OFPTMFC_", "BAD_TABLE BAD_CONFIG EPERM"),
          Kind.of("OFPQOFC_", "BAD_PORT BAD_QUEUE EPERM"),
          Kind.of("OFPSCFC_", "BAD_FLAGS BAD_LEN EPERM"),
          Kind.of("OFPRRFC_", "STALE UNSUP BAD_ROLE"),
          Kind.of(
              "OFPMMFC_",
              "UNKNOWN METER_EXISTS INVALID_METER UNKNOWN_METER BAD_COMMAND BAD_FLAGS BAD_RATE"
                  + " BAD_BURST BAD_BAND BAD_BAND_VALUE OUT_OF_METERS OUT_OF_BANDS"),
          Kind.of("OFPTFFC_", "BAD_TABLE BAD_METADATA BAD_TYPE BAD_LEN BAD_ARGUMENT EPERM"),
          Kind.of(
              "OFPBPC_",
              "BAD_TYPE BAD_LEN BAD_VALUE TOO_MANY DUP_TYPE BAD_EXPERIMENTER BAD_EXP_TYPE"
                  + " BAD_EXP_VALUE EPERM"),
          Kind.of("OFPACFC_", "INVALID UNSUPPORTED EPERM"),
          Kind.of(
              "OFPMOFC_",
              "UNKNOWN MONITOR_EXISTS INVALID_MONITOR UNKNOWN_MONITOR BAD_COMMAND BAD_FLAGS"
                  + " BAD_TABLE_ID BAD_OUT"),
          Kind.of(
              "OFPBFC_",
              "UNKNOWN EPERM BAD_ID BUNDLE_EXIST BUNDLE_CLOSED OUT_OF_BUNDLES BAD_TYPE BAD_FLAGS"
                  + " MSG_BAD_LEN MSG_BAD_XID MSG_UNSUP MSG_CONFLICT MSG_TOO_MANY MSG_FAILED TIMEOUT"
                  + " BUNDLE_IN_PROGRESS"));

  private ErrorText() {}

  static SwitchError read(int xid, ByteBuf in) {
    int type = in.readUnsignedShort();
    int code = in.readUnsignedShort();
    if (type == EXPERIMENTER) {
      int experimenter = in.readInt();
      return new SwitchError(
          xid, type, code, "experimenter 0x%x error %d".formatted(experimenter, code));
    }
    return new SwitchError(xid, type, code, text(type, code));
  }

  static String text(int type, int code) {
    Kind kind = type < KINDS.size() ? KINDS.get(type) : null;
    String name = kind != null && code < kind.codes().size() ? kind.codes().get(code) : null;
    return name(kind, name, type, code);
  }

  private static String name(@Nullable Kind kind, @Nullable String name, int type, int code) {
    return kind == null || name == null
        ? "error type %d code %d".formatted(type, code)
        : kind.prefix() + name;
  }
}
