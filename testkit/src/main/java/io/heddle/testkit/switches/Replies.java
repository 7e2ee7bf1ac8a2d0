package io.heddle.testkit.switches;

import io.heddle.core.flow.Meter;
import io.heddle.core.model.MacAddress;
import io.heddle.openflow.codec.PacketIn;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.function.Consumer;

/// What a switch says, in OpenFlow 1.4; written from the specification and not with the
/// controller's codec, which it is to judge.
final class Replies {

  static final int HELLO = 0;
  static final int ERROR = 1;
  static final int ECHO_REPLY = 3;
  static final int EXPERIMENTER = 4;
  static final int FEATURES_REPLY = 6;
  static final int PORT_STATUS = 12;
  static final int MULTIPART_REPLY = 19;
  static final int BARRIER_REPLY = 21;
  static final int ROLE_REPLY = 25;
  static final int ROLE_STATUS = 30;
  static final int BUNDLE_CONTROL = 33;

  private static final int VERSION = 5;
  private static final int NAME_BYTES = 16;
  private static final int NICIRA = 0x2320;
  private static final int PACKET_IN2 = 30;
  private static final int MAX_ECHOED_BYTES = 64;

  private Replies() {}

  /// A port of the simulated switch.
  record Port(int ofport, String name, MacAddress mac) {}

  static void message(ByteBuf out, int type, int xid, Consumer<ByteBuf> body) {
    int start = out.writerIndex();
    out.writeByte(VERSION).writeByte(type).writeShort(0).writeInt(xid);
    body.accept(out);
    out.setShort(start + 2, out.writerIndex() - start);
  }

  static void hello(ByteBuf out) {
    message(out, HELLO, 1, body -> body.writeShort(1).writeShort(8).writeInt(1 << VERSION));
  }

  /// @param refused the message that is refused, whole
  static void error(ByteBuf out, ByteBuf refused, int type, int code) {
    int xid = refused.getInt(refused.readerIndex() + 4);
    int length = Math.min(MAX_ECHOED_BYTES, refused.readableBytes());
    message(
        out,
        ERROR,
        xid,
        body ->
            body.writeShort(type)
                .writeShort(code)
                .writeBytes(refused, refused.readerIndex(), length));
  }

  static void features(ByteBuf out, int xid, long datapathId) {
    message(
        out,
        FEATURES_REPLY,
        xid,
        body ->
            body.writeLong(datapathId)
                .writeInt(0)
                .writeByte(254)
                .writeZero(3)
                .writeLong(0x4f00000000L));
  }

  static void role(ByteBuf out, int xid, int role, long generation) {
    message(out, ROLE_REPLY, xid, body -> body.writeInt(role).writeInt(0).writeLong(generation));
  }

  /// Somebody else became master.
  static void demoted(ByteBuf out, int slave, long generation) {
    message(out, ROLE_STATUS, 0, body -> body.writeInt(slave).writeInt(0).writeLong(generation));
  }

  static void bundle(ByteBuf out, int xid, int bundleId, int type) {
    message(
        out, BUNDLE_CONTROL, xid, body -> body.writeInt(bundleId).writeShort(type).writeShort(3));
  }

  static void ports(ByteBuf out, int xid, Collection<Port> ports) {
    message(
        out,
        MULTIPART_REPLY,
        xid,
        body -> {
          body.writeShort(13).writeShort(0).writeInt(0);
          ports.forEach(port -> port(body, port));
        });
  }

  static void portStatus(ByteBuf out, int reason, Port port) {
    message(
        out,
        PORT_STATUS,
        0,
        body -> {
          body.writeByte(reason).writeZero(7);
          port(body, port);
        });
  }

  /// A port description with one Ethernet property.
  private static void port(ByteBuf out, Port port) {
    out.writeInt(port.ofport()).writeShort(72).writeShort(0);
    out.writeShort((int) (port.mac().bits() >>> 32))
        .writeInt((int) port.mac().bits())
        .writeShort(0);
    byte[] name = port.name().getBytes(StandardCharsets.US_ASCII);
    int length = Math.min(name.length, NAME_BYTES - 1);
    out.writeBytes(name, 0, length).writeZero(NAME_BYTES - length);
    out.writeInt(0).writeInt(4);
    out.writeShort(0).writeShort(32).writeZero(28);
  }

  static void meters(ByteBuf out, int xid, Collection<Meter> meters) {
    message(
        out,
        MULTIPART_REPLY,
        xid,
        body -> {
          body.writeShort(10).writeShort(0).writeInt(0);
          for (Meter meter : meters) {
            body.writeShort(24).writeShort(meter.burst() > 0 ? 6 : 2).writeInt(meter.id());
            body.writeShort(1).writeShort(16).writeInt(meter.packetsPerSecond());
            body.writeInt(meter.burst()).writeInt(0);
          }
        });
  }

  /// `NXT_PACKET_IN2` with everything that a controller reads.
  static void packetIn(ByteBuf out, PacketIn packet) {
    message(
        out,
        EXPERIMENTER,
        0,
        body -> {
          body.writeInt(NICIRA).writeInt(PACKET_IN2);
          property(body, 0, value -> value.writeBytes(packet.packet().toArray()));
          property(body, 1, value -> value.writeInt(packet.fullLength()));
          property(body, 3, value -> value.writeByte(packet.table()));
          property(body, 4, value -> value.writeInt(0).writeLong(packet.cookie()));
          property(body, 5, value -> value.writeByte(packet.reason()));
          property(
              body,
              6,
              value ->
                  value
                      .writeInt(0x8000_0004)
                      .writeInt(packet.inPort())
                      .writeInt(0x8000_0408)
                      .writeLong(packet.metadata()));
          property(body, 7, value -> packet.userdata().forEach(b -> value.writeByte(b)));
        });
  }

  private static void property(ByteBuf out, int type, Consumer<ByteBuf> value) {
    int start = out.writerIndex();
    out.writeShort(type).writeShort(0);
    value.accept(out);
    int length = out.writerIndex() - start;
    out.setShort(start + 2, length);
    out.writeZero(-length & 7);
  }
}
