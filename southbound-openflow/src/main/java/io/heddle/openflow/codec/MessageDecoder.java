package io.heddle.openflow.codec;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;

/// Reads what a switch sends. Never throws: what cannot be read is [Message.Malformed].
///
/// It looks at the header first and hands to OpenFlowJ only what OpenFlowJ can read.
public final class MessageDecoder {

  private MessageDecoder() {}

  /// @param frame one whole message
  public static Message decode(ByteBuf frame) {
    int type = -1;
    int xid = 0;
    try {
      int version = frame.readUnsignedByte();
      type = frame.readUnsignedByte();
      int length = frame.readUnsignedShort();
      xid = frame.readInt();
      if (length != frame.readableBytes() + Wire.HEADER_BYTES) {
        return new Message.Malformed(xid, type, "it says that it has %d bytes".formatted(length));
      }
      if (type == Wire.HELLO) {
        return hello(version, xid, frame);
      }
      if (version != Wire.VERSION && type != Wire.ERROR) {
        return new Message.Malformed(xid, type, "version 0x%02x".formatted(version));
      }
      return body(type, xid, frame);
    } catch (IndexOutOfBoundsException e) {
      return new Message.Malformed(xid, type, "it ends too early");
    } catch (UnreadableException e) {
      return new Message.Malformed(xid, type, String.valueOf(e.getMessage()));
    }
  }

  private static Message body(int type, int xid, ByteBuf in) throws UnreadableException {
    return switch (type) {
      case Wire.ERROR -> new Message.Refusal(ErrorText.read(xid, in));
      case Wire.ECHO_REQUEST ->
          new Message.EchoRequest(xid, Bytes.owning(ByteBufUtil.getBytes(in)));
      case Wire.ECHO_REPLY -> new Message.EchoReply(xid);
      case Wire.EXPERIMENTER -> experimenter(xid, in);
      case Wire.MULTIPART_REPLY -> multipart(xid, in);
      case Wire.BARRIER_REPLY -> new Message.Barrier(xid);
      case Wire.FEATURES_REPLY, Wire.ROLE_REPLY, Wire.PORT_STATUS, Wire.BUNDLE_CONTROL ->
          Ordinary.read(xid, in.readerIndex(0));
      case Wire.ROLE_STATUS -> roleStatus(xid, in);
      default -> new Message.Other(xid, type);
    };
  }

  private static Message roleStatus(int xid, ByteBuf in) throws UnreadableException {
    SwitchRole role = SwitchRole.of(in.readInt());
    return new Message.RoleChanged(xid, role, in.skipBytes(4).readLong());
  }

  /// A switch that sends no version bitmap speaks the header's version and those below it (OpenFlow
  /// 1.4 §6.3.1).
  private static Message hello(int version, int xid, ByteBuf in) throws UnreadableException {
    while (in.readableBytes() >= 4) {
      int type = in.readUnsignedShort();
      ByteBuf value = Properties.value(in);
      if (type == 1 && value.readableBytes() >= 4) {
        int bitmap = value.readInt();
        boolean speaks14 = (bitmap & 1 << Wire.VERSION) != 0;
        return new Message.Hello(xid, speaks14, "versions 0x%x".formatted(bitmap));
      }
    }
    return new Message.Hello(
        xid, version >= Wire.VERSION, "version 0x%02x and no bitmap".formatted(version));
  }

  private static Message multipart(int xid, ByteBuf in) throws UnreadableException {
    int kind = in.readUnsignedShort();
    boolean more = (in.readUnsignedShort() & Wire.MULTIPART_MORE) != 0;
    return switch (kind) {
      case Wire.MULTIPART_FLOW -> new Message.Flows(xid, more, FlowStat.readAll(in.skipBytes(4)));
      case Wire.MULTIPART_PORT_DESC, Wire.MULTIPART_METER_CONFIG ->
          Ordinary.read(xid, in.readerIndex(0));
      default -> new Message.Other(xid, Wire.MULTIPART_REPLY);
    };
  }

  private static Message experimenter(int xid, ByteBuf in) throws UnreadableException {
    int experimenter = in.readInt();
    int subtype = in.readInt();
    return experimenter == Wire.NICIRA && subtype == Wire.NXT_PACKET_IN2
        ? new Message.Punt(xid, NiciraMessages.readPacketIn(in))
        : new Message.Other(xid, Wire.EXPERIMENTER);
  }
}
