package io.heddle.testkit.switches;

import io.heddle.core.flow.Meter;
import io.heddle.openflow.codec.Bytes;
import io.heddle.openflow.codec.FlowBody;
import io.heddle.openflow.codec.FlowMod;
import io.heddle.openflow.codec.FlowModDecoder;
import io.heddle.openflow.codec.FlowStat;
import io.heddle.openflow.codec.UnreadableException;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/// What a simulated switch answers on one connection. Its bundle is this connection's own and goes
/// with it.
final class SwitchConversation {

  // Requests, OpenFlow 1.4 §7.1.1.
  private static final int HELLO = 0;
  private static final int ERROR = 1;
  private static final int ECHO_REQUEST = 2;
  private static final int ECHO_REPLY = 3;
  private static final int EXPERIMENTER = 4;
  private static final int FEATURES_REQUEST = 5;
  private static final int SET_CONFIG = 9;
  private static final int PACKET_OUT = 13;
  private static final int FLOW_MOD = 14;
  private static final int MULTIPART_REQUEST = 18;
  private static final int BARRIER_REQUEST = 20;
  private static final int ROLE_REQUEST = 24;
  private static final int SET_ASYNC = 28;
  private static final int METER_MOD = 29;
  private static final int BUNDLE_CONTROL = 33;
  private static final int BUNDLE_ADD = 34;

  // Errors: type << 16 | code.
  private static final int BAD_TYPE = 1 << 16 | 1;
  private static final int IS_SLAVE = 1 << 16 | 10;
  private static final int BAD_FIELD = 4 << 16 | 6;
  private static final int STALE = 11 << 16;
  private static final int METER_EXISTS = 12 << 16 | 1;
  private static final int UNKNOWN_METER = 12 << 16 | 3;
  private static final int BAD_BUNDLE_ID = 17 << 16 | 2;
  private static final int MESSAGE_FAILED = 17 << 16 | 13;

  private static final int CT_FLUSH_ZONE = 29;
  private static final int NO_CHANGE = 0;
  private static final int ALL_TABLES = 0xff;
  private static final int MAX_PACKETS = 1_024;
  private static final int A_PART = 200;

  /// A flow-mod of the open bundle, with its message for the error that may come of it.
  private record Added(FlowMod mod, ByteBuf message) {}

  private final SimulatedSwitch owner;
  private final ControllerLink link;
  private final List<Added> bundle = new ArrayList<>();
  private boolean open;

  /// The role that the controller asked for last, if any.
  private int asked;

  /// Answers to claims that are held back.
  private final List<Consumer<ByteBuf>> held = new ArrayList<>();

  SwitchConversation(SimulatedSwitch owner, ControllerLink link) {
    this.owner = owner;
    this.link = link;
  }

  void answer(ByteBuf message, ByteBuf out) {
    int type = message.getUnsignedByte(1);
    int xid = message.getInt(4);
    judge(type);
    switch (type) {
      case HELLO, ERROR, ECHO_REPLY, SET_CONFIG, SET_ASYNC -> {
        // Nothing to say to that.
      }
      case ECHO_REQUEST ->
          Replies.message(
              out,
              Replies.ECHO_REPLY,
              xid,
              o -> o.writeBytes(message, 8, message.readableBytes() - 8));
      case FEATURES_REQUEST -> Replies.features(out, xid, owner.datapathId());
      case ROLE_REQUEST -> role(message, xid, out);
      case BARRIER_REQUEST -> Replies.message(out, Replies.BARRIER_REPLY, xid, o -> {});
      case MULTIPART_REQUEST -> multipart(message, xid, out);
      case EXPERIMENTER -> experimenter(message);
      case PACKET_OUT, FLOW_MOD, METER_MOD, BUNDLE_CONTROL, BUNDLE_ADD -> {
        if (link.role() == ControllerLink.SLAVE) {
          refuse(out, message, IS_SLAVE);
        } else {
          write(type, message, xid, out);
        }
      }
      default -> refuse(out, message, BAD_TYPE);
    }
  }

  /// A controller says nothing beyond hello before the answer to its claim, between a new claim and
  /// its answer, and once it asked to be a slave. (One that was made a slave may not know it yet.)
  private void judge(int type) {
    boolean harmless =
        type == HELLO
            || type == ERROR
            || type == ECHO_REQUEST
            || type == ECHO_REPLY
            || type == FEATURES_REQUEST
            || type == ROLE_REQUEST;
    if (harmless) {
      return;
    }
    if (asked == 0) {
      owner.violations.add("message of type %d before the claim".formatted(type));
    } else if (!held.isEmpty()) {
      owner.violations.add("message of type %d before the claim's answer".formatted(type));
    } else if (asked == ControllerLink.SLAVE) {
      owner.violations.add("message of type %d from a standby".formatted(type));
    }
  }

  private static void refuse(ByteBuf out, ByteBuf message, int error) {
    Replies.error(out, message, error >>> 16, error & 0xffff);
  }

  private void write(int type, ByteBuf message, int xid, ByteBuf out) {
    switch (type) {
      case PACKET_OUT -> packetOut(message);
      case METER_MOD -> meter(message, out);
      case BUNDLE_CONTROL -> bundleControl(message, xid, out);
      case BUNDLE_ADD -> bundleAdd(message, out);
      default -> flowMod(message, out);
    }
  }

  /// Open vSwitch flushes a ct zone for a slave, too.
  private void experimenter(ByteBuf message) {
    if (message.getInt(12) == CT_FLUSH_ZONE) {
      owner.flushedZones.add(message.getUnsignedShort(22));
    }
  }

  /// OpenFlow 1.4 §6.3.7: a claim older than the latest is refused, a later one demotes the others.
  private void role(ByteBuf message, int xid, ByteBuf out) {
    int wanted = message.getInt(8);
    long generation = message.getLong(16);
    Long seen = owner.generation;
    if (wanted == ControllerLink.MASTER || wanted == ControllerLink.SLAVE) {
      if (seen != null && generation - seen < 0) {
        refuse(out, message, STALE);
        return;
      }
      owner.generation = generation;
      if (wanted == ControllerLink.MASTER) {
        owner.claimed(link, generation);
      }
    }
    if (wanted != NO_CHANGE) {
      link.take(wanted);
      asked = wanted;
    }
    int role = link.role();
    Long latest = owner.generation;
    Consumer<ByteBuf> reply = o -> Replies.role(o, xid, role, latest == null ? -1 : latest);
    if (owner.holdsClaims) {
      held.add(reply);
    } else {
      reply.accept(out);
    }
  }

  void answerClaims(ByteBuf out) {
    held.forEach(reply -> reply.accept(out));
    held.clear();
  }

  private void multipart(ByteBuf message, int xid, ByteBuf out) {
    switch (message.getUnsignedShort(8)) {
      case 1 -> flows(message, xid, out);
      case 10 -> Replies.meters(out, xid, owner.meters.values());
      case 13 -> Replies.ports(out, xid, owner.ports.values());
      default -> refuse(out, message, BAD_TYPE);
    }
  }

  private void flows(ByteBuf message, int xid, ByteBuf out) {
    int table = message.getUnsignedByte(16);
    long cookie = message.getLong(32);
    long mask = message.getLong(40);
    List<FlowStat> found =
        owner
            .table
            .entries(entry ->
                (table == ALL_TABLES || entry.flow().table() == table)
                    && (entry.cookie() & mask) == (cookie & mask))
            .stream()
            .map(SwitchConversation::stat)
            .toList();
    int from = 0;
    do {
      int to = Math.min(found.size(), from + A_PART);
      FlowStat.writeReply(out, xid, to < found.size(), found.subList(from, to));
      from = to;
    } while (from < found.size());
  }

  private static FlowStat stat(SimulatedTable.Entry entry) {
    var flow = entry.flow();
    return new FlowStat(
        flow.table(),
        flow.priority(),
        entry.cookie(),
        0,
        0,
        FlowBody.of(flow.match(), flow.actions()));
  }

  private void flowMod(ByteBuf message, ByteBuf out) {
    count(message);
    try {
      FlowMod mod = FlowModDecoder.read(message.duplicate());
      if (isRefused(mod, SimulatedSwitch.RefusedAt.ADD, message, out)
          || isRefused(mod, SimulatedSwitch.RefusedAt.COMMIT, message, out)) {
        return;
      }
      count(mod);
      owner.table.apply(mod);
    } catch (UnreadableException e) {
      unreadable(e, message, out);
    }
  }

  private void bundleAdd(ByteBuf message, ByteBuf out) {
    count(message);
    if (owner.bundleAddsBeforeItVanishes == 0) {
      owner.breakLinks();
      return;
    }
    owner.bundleAddsBeforeItVanishes--;
    try {
      FlowMod mod = FlowModDecoder.readBundleAdd(message.duplicate());
      count(mod);
      open = true;
      if (!isRefused(mod, SimulatedSwitch.RefusedAt.ADD, message, out)) {
        bundle.add(new Added(mod, message.copy(0, Math.min(message.readableBytes(), 64))));
      }
    } catch (UnreadableException e) {
      unreadable(e, message, out);
    }
  }

  private void unreadable(UnreadableException why, ByteBuf message, ByteBuf out) {
    owner.violations.add("unreadable flow-mod: " + why.getMessage());
    refuse(out, message, BAD_FIELD);
  }

  private boolean isRefused(
      FlowMod mod, SimulatedSwitch.RefusedAt when, ByteBuf message, ByteBuf out) {
    SimulatedSwitch.Refusal refusal = owner.refusal;
    if (refusal == null || refusal.when() != when || !refusal.which().test(mod)) {
      return false;
    }
    Replies.error(out, message, refusal.type(), refusal.code());
    return true;
  }

  private void bundleControl(ByteBuf message, int xid, ByteBuf out) {
    int id = message.getInt(8);
    int type = message.getUnsignedShort(12);
    if (type != 0 && !open) {
      refuse(out, message, BAD_BUNDLE_ID);
      return;
    }
    switch (type) {
      case 0 -> {
        if (open) {
          // What a former session of this connection left: gone, and the new one is refused.
          empty();
          refuse(out, message, BAD_BUNDLE_ID);
          return;
        }
        open = true;
      }
      case 4 -> {
        if (!commit(out)) {
          refuse(out, message, MESSAGE_FAILED);
          return;
        }
      }
      default -> empty();
    }
    Replies.bundle(out, xid, id, type + 1);
  }

  private boolean commit(ByteBuf out) {
    boolean refused = false;
    for (Added added : bundle) {
      refused = isRefused(added.mod(), SimulatedSwitch.RefusedAt.COMMIT, added.message(), out);
      if (refused) {
        break;
      }
    }
    if (!refused) {
      bundle.forEach(added -> owner.table.apply(added.mod()));
      SimulatedSwitch.Counters c = owner.counters;
      owner.counters =
          new SimulatedSwitch.Counters(c.adds(), c.deletes(), c.bundles() + 1, c.bytes());
    }
    empty();
    return !refused;
  }

  /// The bundle is gone, with the connection or by a word.
  void empty() {
    bundle.forEach(added -> added.message().release());
    bundle.clear();
    open = false;
  }

  private void count(ByteBuf message) {
    SimulatedSwitch.Counters c = owner.counters;
    owner.counters =
        new SimulatedSwitch.Counters(
            c.adds(), c.deletes(), c.bundles(), c.bytes() + message.readableBytes());
  }

  private void count(FlowMod mod) {
    SimulatedSwitch.Counters c = owner.counters;
    boolean add = mod instanceof FlowMod.Add;
    owner.counters =
        new SimulatedSwitch.Counters(
            c.adds() + (add ? 1 : 0), c.deletes() + (add ? 0 : 1), c.bundles(), c.bytes());
  }

  private void packetOut(ByteBuf message) {
    int actions = message.getUnsignedShort(16);
    int packet = 24 + actions;
    if (owner.packetsOut.size() == MAX_PACKETS) {
      owner.packetsOut.removeFirst();
    }
    owner.packetsOut.add(
        new SimulatedSwitch.PacketOut(
            message.getInt(12),
            message.getInt(28),
            Bytes.copyOf(ByteBufUtil.getBytes(message, packet, message.readableBytes() - packet))));
  }

  private void meter(ByteBuf message, ByteBuf out) {
    int command = message.getUnsignedShort(8);
    int id = message.getInt(12);
    if (command == 2) {
      owner.meters.remove(id);
      return;
    }
    boolean present = owner.meters.containsKey(id);
    if (command == 0 && present) {
      refuse(out, message, METER_EXISTS);
    } else if (command == 1 && !present) {
      refuse(out, message, UNKNOWN_METER);
    } else {
      owner.meters.put(id, new Meter(id, message.getInt(20), message.getInt(24)));
    }
  }
}
