package io.heddle.openflow.codec;

import io.heddle.core.compile.FlowChange;
import io.heddle.core.flow.Flow;
import io.heddle.core.flow.Match;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.PooledByteBufAllocator;
import java.util.ArrayList;
import java.util.List;

/// Writes flow-mods (OpenFlow 1.4 §7.3.4.1), plain or inside `OFPT_BUNDLE_ADD_MESSAGE` (§7.3.9.6).
public final class FlowModEncoder {

  /// The one bundle id. A bundle belongs to a connection and a session has one open at a time, so
  /// every switch can get the same bytes, in whatever bundle.
  public static final int BUNDLE_ID = 1;

  /// Atomic (all or nothing, and packets see all or nothing) and ordered.
  static final int BUNDLE_FLAGS = 3;

  private static final int ADD = 0;
  private static final int DELETE = 3;
  private static final int TYPICAL_BYTES = 160;

  private FlowModEncoder() {}

  /// Encodes a change of a flow set once, for every switch that gets it: the adds in order, then
  /// the deletes.
  public static Encoded encode(FlowChange change, Xids xids) {
    List<FlowMod> mods = new ArrayList<>(change.size());
    change.adds().forEach(flow -> mods.add(new FlowMod.Add(flow.flow(), flow.cookie())));
    change.deletes().forEach(cookie -> mods.add(new FlowMod.Delete(cookie)));
    return encode(mods, xids);
  }

  /// Encodes flow-mods once, for every switch that gets them.
  public static Encoded encode(List<FlowMod> mods, Xids xids) {
    int firstXid = xids.reserve(mods.size());
    ByteBuf out = PooledByteBufAllocator.DEFAULT.heapBuffer(mods.size() * TYPICAL_BYTES + 64);
    try {
      for (int i = 0; i < mods.size(); i++) {
        writeBundleAdd(out, mods.get(i), firstXid + i, BUNDLE_ID);
      }
      return new Encoded(firstXid, mods, ByteBufUtil.getBytes(out));
    } finally {
      out.release();
    }
  }

  public static void writeBundleAdd(ByteBuf out, FlowMod mod, int xid, int bundleId) {
    int start = writeHeader(out, Wire.BUNDLE_ADD, xid);
    out.writeInt(bundleId).writeShort(0).writeShort(BUNDLE_FLAGS);
    writeFlowMod(out, mod, xid);
    finish(out, start, mod);
  }

  public static void writeFlowMod(ByteBuf out, FlowMod mod, int xid) {
    int start = writeHeader(out, Wire.FLOW_MOD, xid);
    switch (mod) {
      case FlowMod.Add(Flow flow, long cookie) -> {
        out.writeLong(cookie).writeLong(0);
        out.writeByte(flow.table()).writeByte(ADD);
        writeFixed(out, flow.priority());
        Oxm.writeMatch(out, flow.match());
        ActionEncoder.writeInstructions(out, flow.actions());
      }
      case FlowMod.Delete(long cookie) -> {
        out.writeLong(cookie).writeLong(-1);
        out.writeByte(Wire.ALL_TABLES).writeByte(DELETE);
        writeFixed(out, 0);
        Oxm.writeMatch(out, Match.ANY);
      }
    }
    finish(out, start, mod);
  }

  /// Timeouts, priority, buffer, out port and group, flags, importance.
  private static void writeFixed(ByteBuf out, int priority) {
    out.writeInt(0).writeShort(priority).writeInt(Wire.NO_BUFFER);
    out.writeInt(Wire.PORT_ANY).writeInt(Wire.GROUP_ANY).writeInt(0);
  }

  static int writeHeader(ByteBuf out, int type, int xid) {
    int start = out.writerIndex();
    out.writeByte(Wire.VERSION).writeByte(type).writeShort(0).writeInt(xid);
    return start;
  }

  private static void finish(ByteBuf out, int start, FlowMod mod) {
    int length = out.writerIndex() - start;
    if (length > Wire.MAX_MESSAGE_BYTES) {
      throw new IllegalArgumentException(
          "%d bytes is too long for a message: %s".formatted(length, mod));
    }
    out.setShort(start + 2, length);
  }

  static void finish(ByteBuf out, int start) {
    out.setShort(start + 2, out.writerIndex() - start);
  }
}
