package io.heddle.openflow.codec;

import io.heddle.core.flow.Action;
import io.heddle.core.flow.Field;
import io.heddle.core.flow.Header;
import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;

/// Reads instructions back into a flow's actions. An action that [ActionEncoder] could not have
/// written is unreadable.
final class ActionDecoder {

  private ActionDecoder() {}

  static List<Action> readInstructions(ByteBuf in) throws UnreadableException {
    List<Action> actions = new ArrayList<>();
    int last = 0;
    while (in.isReadable()) {
      int type = in.readUnsignedShort();
      ByteBuf body = body(in, 4);
      int order = order(type);
      if (order <= last) {
        throw new UnreadableException("instruction %d out of order".formatted(type));
      }
      last = order;
      switch (type) {
        case Wire.METER -> actions.add(new Action.Meter(body.readInt()));
        case Wire.APPLY_ACTIONS -> actions.addAll(readActions(body.skipBytes(4), true));
        default -> actions.add(new Action.GotoTable(body.readUnsignedByte()));
      }
    }
    return actions;
  }

  private static int order(int type) throws UnreadableException {
    return switch (type) {
      case Wire.METER -> 1;
      case Wire.APPLY_ACTIONS -> 2;
      case Wire.GOTO_TABLE -> 3;
      default -> throw new UnreadableException("instruction %d".formatted(type));
    };
  }

  /// The rest of a type-length-value whose type is read already.
  private static ByteBuf body(ByteBuf in, int headerBytes) throws UnreadableException {
    int length = in.readUnsignedShort();
    if (length < headerBytes || (length & 7) != 0) {
      throw new UnreadableException("a part of %d bytes".formatted(length));
    }
    return in.readSlice(length - 4);
  }

  /// @param nests whether an action that holds actions may be among them
  static List<Action> readActions(ByteBuf in, boolean nests) throws UnreadableException {
    List<Action> actions = new ArrayList<>();
    while (in.isReadable()) {
      int type = in.readUnsignedShort();
      ByteBuf body = body(in, 8);
      actions.add(readAction(type, body, nests));
    }
    return actions;
  }

  private static Action readAction(int type, ByteBuf body, boolean nests)
      throws UnreadableException {
    return switch (type) {
      case Wire.OUTPUT -> readOutput(body);
      case Wire.GROUP -> new Action.GroupRef(body.readInt());
      case Wire.DEC_TTL -> new Action.DecTtl();
      case Wire.SET_FIELD -> {
        int id = body.readInt();
        Header header = Oxm.header(id);
        if (Oxm.isMasked(id) || header.isHalf()) {
          throw new UnreadableException("set_field with a mask, or of a whole IPv6 address");
        }
        yield new Action.SetField(Field.of(header), Oxm.readValue(body, header.bytes()));
      }
      case Wire.EXPERIMENTER_ACTION -> {
        int experimenter = body.readInt();
        if (experimenter != Wire.NICIRA) {
          throw new UnreadableException("action of experimenter 0x%x".formatted(experimenter));
        }
        yield readNicira(body.readUnsignedShort(), body, nests);
      }
      default -> throw new UnreadableException("action %d".formatted(type));
    };
  }

  private static Action readOutput(ByteBuf body) {
    int ofport = body.readInt();
    return switch (ofport) {
      case Wire.PORT_IN_PORT -> new Action.InPort();
      case Wire.PORT_CONTROLLER -> new Action.Controller(body.readUnsignedShort(), List.of(), 0);
      default -> new Action.Output(ofport);
    };
  }

  private static Action readNicira(int subtype, ByteBuf body, boolean nests)
      throws UnreadableException {
    return switch (subtype) {
      case Wire.NX_REG_MOVE -> {
        int bits = body.readUnsignedShort();
        int from = body.readUnsignedShort();
        int to = body.readUnsignedShort();
        Field source = field(Oxm.header(body.readInt()), from, bits);
        yield new Action.Move(source, field(Oxm.header(body.readInt()), to, bits));
      }
      case Wire.NX_REG_LOAD -> {
        int place = body.readUnsignedShort();
        Field field = field(place, body.readInt());
        long value = body.readLong();
        if (field.width() < 64 && value >>> field.width() != 0) {
          throw new UnreadableException("a value wider than %s".formatted(field));
        }
        yield new Action.SetField(field, value);
      }
      case Wire.NX_RESUBMIT_TABLE -> readResubmit(body);
      case Wire.NX_OUTPUT_REG -> {
        int place = body.readUnsignedShort();
        yield new Action.OutputField(field(place, body.readInt()));
      }
      case Wire.NX_OUTPUT_REG2 -> {
        int place = body.readUnsignedShort();
        yield new Action.OutputField(field(place, body.skipBytes(2).readInt()));
      }
      case Wire.NX_CONJUNCTION -> {
        int clause = body.readUnsignedByte() + 1;
        int clauses = body.readUnsignedByte();
        yield new Action.Conjunction(body.readInt(), clause, clauses);
      }
      case Wire.NX_CT -> {
        if (!nests) {
          throw new UnreadableException("ct inside ct");
        }
        yield readCt(body);
      }
      case Wire.NX_CONTROLLER2 -> readController(body.skipBytes(6));
      default -> throw new UnreadableException("Nicira action %d".formatted(subtype));
    };
  }

  private static Field field(int offsetAndBits, int oxm) throws UnreadableException {
    return field(Oxm.header(oxm), offsetAndBits >>> 6, (offsetAndBits & 0x3f) + 1);
  }

  /// @param place the first bit in what the wire knows as one field
  private static Field field(Header named, int place, int bits) throws UnreadableException {
    Header header = named.isHalf() && place < named.shift() ? named.lowHalf() : named;
    int low = place - header.shift();
    if (bits < 1 || low + bits > header.width()) {
      throw new UnreadableException("%s[%d..%d]".formatted(named.text(), place, place + bits - 1));
    }
    return new Field(header, low, low + bits - 1);
  }

  private static Action readResubmit(ByteBuf body) throws UnreadableException {
    int inPort = body.readUnsignedShort();
    if (inPort != (Wire.PORT_IN_PORT & 0xffff)) {
      throw new UnreadableException("resubmit as if from port %d".formatted(inPort));
    }
    return new Action.Resubmit(body.readUnsignedByte());
  }

  private static Action readCt(ByteBuf body) throws UnreadableException {
    int flags = body.readUnsignedShort();
    int zoneHeader = body.readInt();
    int zone = body.readUnsignedShort();
    int table = body.readUnsignedByte();
    int alg = body.skipBytes(3).readUnsignedShort();
    if ((flags & ~Wire.NX_CT_COMMIT) != 0 || alg != 0) {
      throw new UnreadableException("ct with flags 0x%x, alg %d".formatted(flags, alg));
    }
    return new Action.Ct(
        flags != 0,
        zoneHeader == 0
            ? new Action.Zone.Constant(zone)
            : new Action.Zone.In(field(zone, zoneHeader)),
        table == Wire.NX_CT_NO_TABLE ? null : table,
        readActions(body, false));
  }

  private static Action readController(ByteBuf body) throws UnreadableException {
    int maxLength = Wire.WHOLE_PACKET;
    List<Byte> userdata = List.of();
    int meter = 0;
    while (body.isReadable()) {
      int type = body.readUnsignedShort();
      ByteBuf value = Properties.value(body);
      switch (type) {
        case Wire.NX_MAX_LEN -> maxLength = value.readUnsignedShort();
        case Wire.NX_USERDATA -> userdata = bytes(value);
        case Wire.NX_METER_ID -> meter = value.readInt();
        default -> throw new UnreadableException("controller2 property %d".formatted(type));
      }
    }
    return new Action.Controller(maxLength, userdata, meter);
  }

  static List<Byte> bytes(ByteBuf in) {
    List<Byte> bytes = new ArrayList<>(in.readableBytes());
    while (in.isReadable()) {
      bytes.add(in.readByte());
    }
    return bytes;
  }
}
