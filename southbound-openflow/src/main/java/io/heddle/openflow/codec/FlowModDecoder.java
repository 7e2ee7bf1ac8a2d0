package io.heddle.openflow.codec;

import io.heddle.core.flow.Action;
import io.heddle.core.flow.Flow;
import io.heddle.core.flow.Match;
import io.netty.buffer.ByteBuf;
import java.util.List;

/// Reads back what [FlowModEncoder] writes: what a switch does.
public final class FlowModDecoder {

  private FlowModDecoder() {}

  /// Reads one whole message, a flow-mod.
  public static FlowMod read(ByteBuf message) throws UnreadableException {
    try {
      return readBody(frame(message, Wire.FLOW_MOD));
    } catch (IndexOutOfBoundsException e) {
      throw new UnreadableException("flow-mod: it ends too early");
    }
  }

  /// Reads one whole message, a flow-mod inside a bundle.
  public static FlowMod readBundleAdd(ByteBuf message) throws UnreadableException {
    try {
      ByteBuf body = frame(message, Wire.BUNDLE_ADD);
      return readBody(frame(body.skipBytes(8), Wire.FLOW_MOD));
    } catch (IndexOutOfBoundsException e) {
      throw new UnreadableException("bundle-add: it ends too early");
    }
  }

  private static ByteBuf frame(ByteBuf in, int wanted) throws UnreadableException {
    int version = in.readUnsignedByte();
    int type = in.readUnsignedByte();
    int length = in.readUnsignedShort();
    if (version != Wire.VERSION || type != wanted || length < Wire.HEADER_BYTES) {
      throw new UnreadableException(
          "version %d, type %d, %d bytes".formatted(version, type, length));
    }
    return in.skipBytes(4).readSlice(length - Wire.HEADER_BYTES);
  }

  private static FlowMod readBody(ByteBuf in) throws UnreadableException {
    long cookie = in.readLong();
    long cookieMask = in.readLong();
    int table = in.readUnsignedByte();
    int command = in.readUnsignedByte();
    int priority = in.skipBytes(4).readUnsignedShort();
    Match match = Oxm.readMatch(in.skipBytes(16));
    List<Action> actions = ActionDecoder.readInstructions(in);
    if (command == 0 && table < Wire.ALL_TABLES) {
      return new FlowMod.Add(new Flow(table, priority, match, actions), cookie);
    }
    if (command == 3
        && table == Wire.ALL_TABLES
        && cookieMask == -1
        && match.equals(Match.ANY)
        && actions.isEmpty()) {
      return new FlowMod.Delete(cookie);
    }
    throw new UnreadableException(
        "flow-mod command %d in table %d, cookie mask 0x%x".formatted(command, table, cookieMask));
  }
}
