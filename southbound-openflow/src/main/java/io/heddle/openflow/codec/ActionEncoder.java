package io.heddle.openflow.codec;

import io.heddle.core.flow.Action;
import io.heddle.core.flow.Field;
import io.netty.buffer.ByteBuf;
import java.util.List;

/// Writes a flow's actions as OpenFlow 1.4 instructions: a meter first, then the actions to apply,
/// then the next table.
final class ActionEncoder {

  private ActionEncoder() {}

  static void writeInstructions(ByteBuf out, List<Action> actions) {
    int from = 0;
    int to = actions.size();
    if (to > 0 && actions.getFirst() instanceof Action.Meter(int id)) {
      out.writeShort(Wire.METER).writeShort(8).writeInt(id);
      from = 1;
    }
    boolean goes = to > from && actions.getLast() instanceof Action.GotoTable;
    if (goes) {
      to--;
    }
    if (from < to) {
      int start = out.writerIndex();
      out.writeShort(Wire.APPLY_ACTIONS).writeShort(0).writeInt(0);
      writeActions(out, actions, from, to);
      out.setShort(start + 2, out.writerIndex() - start);
    }
    if (goes && actions.getLast() instanceof Action.GotoTable(int table)) {
      out.writeShort(Wire.GOTO_TABLE).writeShort(8).writeByte(table).writeMedium(0);
    }
  }

  static void writeActions(ByteBuf out, List<Action> actions, int from, int to) {
    for (int i = from; i < to; i++) {
      writeAction(out, actions.get(i));
    }
  }

  private static void writeAction(ByteBuf out, Action action) {
    switch (action) {
      case Action.Output(int ofport) -> writeOutput(out, ofport, 0);
      case Action.InPort() -> writeOutput(out, Wire.PORT_IN_PORT, 0);
      case Action.OutputField(Field field) -> writeOutputField(out, field);
      case Action.Controller controller -> writeController(out, controller);
      case Action.SetField(Field field, long value) when field.isWhole() ->
          writeSetField(out, field, value);
      case Action.SetField(Field field, long value) -> writeLoad(out, field, value);
      case Action.Move(Field from, Field to) -> writeMove(out, from, to);
      case Action.DecTtl() -> out.writeShort(Wire.DEC_TTL).writeShort(8).writeInt(0);
      case Action.Ct ct -> writeCt(out, ct);
      case Action.Resubmit(int table) -> {
        nicira(out, 16, Wire.NX_RESUBMIT_TABLE);
        out.writeShort(Wire.PORT_IN_PORT).writeByte(table).writeMedium(0);
      }
      case Action.Conjunction(int id, int clause, int clauses) -> {
        nicira(out, 16, Wire.NX_CONJUNCTION);
        out.writeByte(clause - 1).writeByte(clauses).writeInt(id);
      }
      case Action.GroupRef(int id) -> out.writeShort(Wire.GROUP).writeShort(8).writeInt(id);
      case Action.Meter(int id) ->
          throw new IllegalArgumentException("meter:%d must be the first action".formatted(id));
      case Action.GotoTable(int table) ->
          throw new IllegalArgumentException("goto_table:%d must be last".formatted(table));
    }
  }

  private static void nicira(ByteBuf out, int length, int subtype) {
    out.writeShort(Wire.EXPERIMENTER_ACTION).writeShort(length);
    out.writeInt(Wire.NICIRA).writeShort(subtype);
  }

  private static int offsetAndBits(Field field) {
    return place(field) << 6 | field.width() - 1;
  }

  /// Where the field begins in what the wire knows as one.
  private static int place(Field field) {
    return field.low() + field.header().shift();
  }

  static void writeOutput(ByteBuf out, int ofport, int maxLength) {
    out.writeShort(Wire.OUTPUT).writeShort(16);
    out.writeInt(ofport).writeShort(maxLength).writeZero(6);
  }

  private static void writeOutputField(ByteBuf out, Field field) {
    nicira(out, 24, Wire.NX_OUTPUT_REG2);
    out.writeShort(offsetAndBits(field)).writeShort(Wire.WHOLE_PACKET);
    out.writeInt(Oxm.id(field.header())).writeZero(6);
  }

  /// Without userdata and meter it is OpenFlow's own action, which is what Open vSwitch makes of it
  /// too.
  private static void writeController(ByteBuf out, Action.Controller controller) {
    if (controller.userdata().isEmpty() && controller.meter() == 0) {
      writeOutput(out, Wire.PORT_CONTROLLER, controller.maxLength());
      return;
    }
    int start = out.writerIndex();
    nicira(out, 0, Wire.NX_CONTROLLER2);
    out.writeZero(6);
    if (controller.maxLength() != Wire.WHOLE_PACKET) {
      out.writeShort(Wire.NX_MAX_LEN)
          .writeShort(6)
          .writeShort(controller.maxLength())
          .writeShort(0);
    }
    List<Byte> userdata = controller.userdata();
    if (!userdata.isEmpty()) {
      out.writeShort(Wire.NX_USERDATA).writeShort(4 + userdata.size());
      for (int i = 0; i < userdata.size(); i++) {
        out.writeByte(userdata.get(i));
      }
      out.writeZero(Wire.padding(4 + userdata.size()));
    }
    if (controller.meter() != 0) {
      out.writeShort(Wire.NX_METER_ID).writeShort(8).writeInt(controller.meter());
    }
    out.setShort(start + 2, out.writerIndex() - start);
  }

  private static void writeSetField(ByteBuf out, Field field, long value) {
    int start = out.writerIndex();
    out.writeShort(Wire.SET_FIELD).writeShort(0);
    Oxm.writeExact(out, field.header(), value);
    out.writeZero(Wire.padding(out.writerIndex() - start));
    out.setShort(start + 2, out.writerIndex() - start);
  }

  private static void writeLoad(ByteBuf out, Field field, long value) {
    nicira(out, 24, Wire.NX_REG_LOAD);
    out.writeShort(offsetAndBits(field)).writeInt(Oxm.id(field.header())).writeLong(value);
  }

  private static void writeMove(ByteBuf out, Field from, Field to) {
    nicira(out, 24, Wire.NX_REG_MOVE);
    out.writeShort(from.width()).writeShort(place(from)).writeShort(place(to));
    out.writeInt(Oxm.id(from.header())).writeInt(Oxm.id(to.header()));
  }

  private static void writeCt(ByteBuf out, Action.Ct ct) {
    int start = out.writerIndex();
    nicira(out, 0, Wire.NX_CT);
    out.writeShort(ct.commit() ? Wire.NX_CT_COMMIT : 0);
    switch (ct.zone()) {
      case Action.Zone.Constant(int zone) -> out.writeInt(0).writeShort(zone);
      case Action.Zone.In(Field field) ->
          out.writeInt(Oxm.id(field.header())).writeShort(offsetAndBits(field));
    }
    Integer table = ct.table();
    out.writeByte(table == null ? Wire.NX_CT_NO_TABLE : table).writeMedium(0).writeShort(0);
    writeActions(out, ct.exec(), 0, ct.exec().size());
    out.setShort(start + 2, out.writerIndex() - start);
  }
}
