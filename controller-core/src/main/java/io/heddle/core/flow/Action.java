package io.heddle.core.flow;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// One thing that a flow does to a packet. A flow's actions run in order; `goto_table`, where there
/// is one, comes last. No action at all drops the packet.
public sealed interface Action {

  /// Sends the packet out of an OpenFlow port.
  record Output(int ofport) implements Action {}

  /// Sends the packet out of the OpenFlow port whose number stands in a field.
  record OutputField(Field field) implements Action {}

  /// Sends the packet back where it came from.
  record InPort() implements Action {}

  /// Sends the packet to the controller with a few bytes that say why.
  ///
  /// @param userdata comes back with the packet: which unit of the program asked
  /// @param meter limits the packets a second; 0 for none
  record Controller(int maxLength, List<Byte> userdata, int meter) implements Action {
    public Controller {
      userdata = List.copyOf(userdata);
    }
  }

  /// Writes a constant into a field.
  record SetField(Field field, long value) implements Action {
    public SetField {
      field.place(value);
    }
  }

  /// Copies the bits of one field to another of the same width.
  record Move(Field from, Field to) implements Action {
    public Move {
      if (from.width() != to.width()) {
        throw new IllegalArgumentException("%s and %s differ in width".formatted(from, to));
      }
    }
  }

  /// One hop less to live; a packet with none left goes no further.
  record DecTtl() implements Action {}

  /// Passes the packet through connection tracking.
  ///
  /// @param table where the packet goes on with its state known; null: it only commits and goes on
  ///   here, without
  /// @param exec what a commit writes into the connection (`ct_mark`)
  record Ct(boolean commit, Zone zone, @Nullable Integer table, List<Action> exec)
      implements Action {
    public Ct {
      exec = List.copyOf(exec);
    }
  }

  /// A zone: a number, or the field that holds it.
  sealed interface Zone {
    record Constant(int zone) implements Zone {}

    record In(Field field) implements Zone {}
  }

  /// Looks the packet up in another table and comes back.
  record Resubmit(int table) implements Action {}

  /// One clause of a conjunctive match: a packet that meets a flow of each of the `clauses` clauses
  /// matches `conj_id=id`.
  ///
  /// @param clause from 1
  record Conjunction(int id, int clause, int clauses) implements Action {}

  /// Drops what exceeds a meter's rate.
  record Meter(int id) implements Action {}

  /// Goes on with an OpenFlow group.
  record GroupRef(int id) implements Action {}

  /// Goes on with another table, for good.
  record GotoTable(int table) implements Action {}
}
