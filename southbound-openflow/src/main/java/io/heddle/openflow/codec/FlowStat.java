package io.heddle.openflow.codec;

import io.heddle.core.flow.Flow;
import io.heddle.core.flow.Match;
import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// One flow that a switch holds, with its counters.
public record FlowStat(
    int table, int priority, long cookie, long packets, long bytes, FlowBody body) {

  /// Bytes of an entry in front of its match (OpenFlow 1.4 §7.3.5.2).
  private static final int FIXED_BYTES = 48;

  /// The flow, if every field and action of it is one of ours.
  public Optional<Flow> flow() {
    return switch (body.content()) {
      case FlowBody.Content.Ours(var match, var actions) ->
          Optional.of(new Flow(table, priority, match, actions));
      case FlowBody.Content.Foreign foreign -> Optional.empty();
    };
  }

  /// Which flows are asked for.
  ///
  /// @param cookieMask theirs agree with `cookie` where it has ones
  /// @param match what theirs say too, among other things
  public record Request(int table, long cookie, long cookieMask, Match match) {}

  public static void writeRequest(ByteBuf out, int xid, Request request) {
    int start = FlowModEncoder.writeHeader(out, Wire.MULTIPART_REQUEST, xid);
    out.writeShort(Wire.MULTIPART_FLOW).writeShort(0).writeInt(0);
    out.writeByte(request.table())
        .writeMedium(0)
        .writeInt(Wire.PORT_ANY)
        .writeInt(Wire.GROUP_ANY)
        .writeInt(0);
    out.writeLong(request.cookie()).writeLong(request.cookieMask());
    Oxm.writeMatch(out, request.match());
    FlowModEncoder.finish(out, start);
  }

  /// Reads the entries of one reply, behind the multipart header.
  static List<FlowStat> readAll(ByteBuf in) throws UnreadableException {
    List<FlowStat> stats = new ArrayList<>();
    while (in.isReadable()) {
      int length = in.readUnsignedShort();
      if (length < FIXED_BYTES) {
        throw new UnreadableException("a flow of %d bytes".formatted(length));
      }
      stats.add(read(in.readSlice(length - 2)));
    }
    return stats;
  }

  private static FlowStat read(ByteBuf in) throws UnreadableException {
    int table = in.readUnsignedByte();
    if (table == Wire.ALL_TABLES) {
      throw new UnreadableException("a flow in no table");
    }
    int priority = in.skipBytes(9).readUnsignedShort();
    long cookie = in.skipBytes(10).readLong();
    long packets = in.readLong();
    long bytes = in.readLong();
    return new FlowStat(table, priority, cookie, packets, bytes, FlowBody.copyOf(in));
  }

  /// Writes one part of a reply: what a switch does. The caller sees to it that it fits into a
  /// message.
  ///
  /// @param more further parts follow
  public static void writeReply(ByteBuf out, int xid, boolean more, List<FlowStat> stats) {
    int start = FlowModEncoder.writeHeader(out, Wire.MULTIPART_REPLY, xid);
    out.writeShort(Wire.MULTIPART_FLOW).writeShort(more ? Wire.MULTIPART_MORE : 0).writeInt(0);
    for (FlowStat stat : stats) {
      stat.write(out);
    }
    FlowModEncoder.finish(out, start);
  }

  /// Writes one entry of a reply.
  void write(ByteBuf out) {
    int start = out.writerIndex();
    out.writeShort(0).writeByte(table).writeByte(0).writeLong(0);
    out.writeShort(priority).writeLong(0).writeShort(0);
    out.writeLong(cookie).writeLong(packets).writeLong(bytes);
    body.write(out);
    out.setShort(start, out.writerIndex() - start);
  }
}
