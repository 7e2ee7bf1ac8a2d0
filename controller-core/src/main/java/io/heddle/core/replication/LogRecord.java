package io.heddle.core.replication;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;
import org.apache.ratis.proto.RaftProtos.LogEntryProto;
import org.apache.ratis.thirdparty.com.google.protobuf.InvalidProtocolBufferException;
import org.jspecify.annotations.Nullable;

/// A whole record in a segment file of Ratis: its length as a varint, the entry as a protobuf
/// message, and a CRC32C of both.
///
/// @param term the leader's that wrote it
/// @param index the entry's place in the log
/// @param end the offset behind the record
record LogRecord(long term, long index, int end) {

  private static final int CHECKSUM_BYTES = 4;
  private static final int MAX_VARINT_BYTES = 5;

  /// Every entry begins with its term, field 1.
  private static final byte TERM_TAG = 0x08;

  /// The whole record at an offset, or null when there is none.
  static @Nullable LogRecord at(ByteBuffer bytes, int offset) {
    int start = offset;
    long length = 0;
    for (int shift = 0; ; shift += 7) {
      if (start == bytes.limit() || start - offset == MAX_VARINT_BYTES) {
        return null;
      }
      byte part = bytes.get(start++);
      length |= (long) (part & 0x7f) << shift;
      if (part >= 0) {
        break;
      }
    }
    long end = start + length + CHECKSUM_BYTES;
    if (length == 0 || end > bytes.limit() || bytes.get(start) != TERM_TAG) {
      return null;
    }
    int checksumAt = (int) end - CHECKSUM_BYTES;
    CRC32C sum = new CRC32C();
    sum.update(bytes.slice(offset, checksumAt - offset));
    if ((int) sum.getValue() != bytes.getInt(checksumAt)) {
      return null;
    }
    try {
      LogEntryProto entry = LogEntryProto.parseFrom(bytes.slice(start, checksumAt - start));
      return new LogRecord(entry.getTerm(), entry.getIndex(), (int) end);
    } catch (InvalidProtocolBufferException e) {
      return null;
    }
  }

  /// The first whole record of entry `due` or a later one, anywhere behind an offset.
  static @Nullable LogRecord firstAfter(ByteBuffer bytes, int offset, long due) {
    for (int at = offset + 1; at < bytes.limit(); at++) {
      LogRecord found = at(bytes, at);
      if (found != null && found.index() >= due) {
        return found;
      }
    }
    return null;
  }
}
