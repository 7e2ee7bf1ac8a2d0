package io.heddle.openflow.codec;

import io.heddle.core.flow.Header;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.util.List;

/// Open vSwitch's own messages (include/openvswitch/ofp-msgs.h, lib/ofp-packet.c).
public final class NiciraMessages {

  /// `NXPIF_NXT_PACKET_IN2`: the format that carries a `controller` action's userdata.
  private static final int PACKET_IN2 = 2;

  // Properties of NXT_PACKET_IN2.
  private static final int PACKET = 0;
  private static final int FULL_LENGTH = 1;
  private static final int TABLE = 3;
  private static final int COOKIE = 4;
  private static final int REASON = 5;
  private static final int METADATA = 6;
  private static final int USERDATA = 7;

  private NiciraMessages() {}

  /// Asks for packet-ins that carry userdata.
  public static void writeSetPacketInFormat(ByteBuf out, int xid) {
    int start = begin(out, Wire.NXT_SET_PACKET_IN_FORMAT, xid);
    out.writeInt(PACKET_IN2);
    FlowModEncoder.finish(out, start);
  }

  /// Forgets every connection of a ct zone.
  public static void writeFlushZone(ByteBuf out, int xid, int zone) {
    int start = begin(out, Wire.NXT_CT_FLUSH_ZONE, xid);
    out.writeZero(6).writeShort(zone);
    FlowModEncoder.finish(out, start);
  }

  private static int begin(ByteBuf out, int subtype, int xid) {
    int start = FlowModEncoder.writeHeader(out, Wire.EXPERIMENTER, xid);
    out.writeInt(Wire.NICIRA).writeInt(subtype);
    return start;
  }

  /// Sends a packet out of a port (`OFPT_PACKET_OUT`), as if it had come in by another.
  ///
  /// @param inPort 0 for no port at all: it is the controller's own
  public static void writePacketOut(ByteBuf out, int xid, int inPort, int outPort, Bytes packet) {
    int start = FlowModEncoder.writeHeader(out, Wire.PACKET_OUT, xid);
    out.writeInt(Wire.NO_BUFFER).writeInt(inPort == 0 ? Wire.PORT_CONTROLLER : inPort);
    out.writeShort(16).writeZero(6);
    ActionEncoder.writeOutput(out, outPort == inPort ? Wire.PORT_IN_PORT : outPort, 0);
    out.writeBytes(packet.array());
    FlowModEncoder.finish(out, start);
  }

  /// Reads `NXT_PACKET_IN2` behind its experimenter header.
  static PacketIn readPacketIn(ByteBuf in) throws UnreadableException {
    int table = 0;
    long cookie = 0;
    int reason = 0;
    int fullLength = -1;
    long[] inPortAndMetadata = new long[2];
    List<Byte> userdata = List.of();
    Bytes packet = Bytes.owning(new byte[0]);
    while (in.isReadable()) {
      int type = in.readUnsignedShort();
      ByteBuf value = Properties.value(in);
      switch (type) {
        case PACKET -> packet = Bytes.owning(ByteBufUtil.getBytes(value));
        case FULL_LENGTH -> fullLength = value.readInt();
        case TABLE -> table = value.readUnsignedByte();
        case COOKIE -> cookie = value.skipBytes(4).readLong();
        case REASON -> reason = value.readUnsignedByte();
        case METADATA -> readMetadata(value, inPortAndMetadata);
        case USERDATA -> userdata = List.copyOf(ActionDecoder.bytes(value));
        default -> {
          // A buffer id or a continuation: we ask for neither.
        }
      }
    }
    return new PacketIn(
        table,
        cookie,
        (int) inPortAndMetadata[0],
        inPortAndMetadata[1],
        reason,
        userdata,
        fullLength < 0 ? packet.length() : fullLength,
        packet);
  }

  /// The switch sends every field that is not zero; most are none of ours.
  private static void readMetadata(ByteBuf in, long[] inPortAndMetadata)
      throws UnreadableException {
    while (in.readableBytes() >= 4) {
      int id = in.readInt();
      ByteBuf value = in.readSlice(id & 0xff);
      if (id == Oxm.id(Header.IN_PORT)) {
        inPortAndMetadata[0] = value.readUnsignedInt();
      } else if (id == Oxm.id(Header.METADATA)) {
        inPortAndMetadata[1] = value.readLong();
      }
    }
  }
}
