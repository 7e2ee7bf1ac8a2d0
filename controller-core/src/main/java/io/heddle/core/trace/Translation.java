package io.heddle.core.trace;

import io.heddle.core.flow.Action;
import io.heddle.core.flow.Field;
import io.heddle.core.flow.Header;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One packet from one table to where it leaves, stops or is handed to connection tracking (`xlate`
/// in Open vSwitch).
final class Translation<T> {

  private static final int OFPP_MAX = 0xff00;
  private static final int OFPP_IN_PORT = 0xfff8;
  private static final int OFPP_CONTROLLER = 0xfffd;
  private static final int OFPP_LOCAL = 0xfffe;
  private static final int OFPP_NONE = 0xffff;

  private final FlowTables<T> tables;
  private final Packet start;
  private final Headers values;
  private final List<Effect<T>> effects = new ArrayList<>();
  private int table;
  private int depth;
  private int lookups;
  private @Nullable String failure;

  /// What a translation comes to.
  sealed interface Effect<T> {
    record Ends<T>(Verdict<T> verdict) implements Effect<T> {}

    record Tracks<T>(ConnectionTracking.Pass pass, @Nullable Integer table, Draft.StepDraft<T> step)
        implements Effect<T> {}
  }

  Translation(FlowTables<T> tables, Packet start) {
    this.tables = tables;
    this.start = start;
    this.values = start.copyOfValues();
  }

  /// Null unless the translation came to nothing because of a limit.
  @Nullable String failure() {
    return failure;
  }

  List<Effect<T>> effects() {
    return effects;
  }

  Draft<T> begin(int firstTable) {
    table = firstTable;
    return lookup();
  }

  private Packet now() {
    return start.withValues(values.copy());
  }

  private Draft<T> lookup() {
    Packet packet = now();
    Draft<T> draft = new Draft<>(table, packet, tables.lookup(table, packet), new ArrayList<>());
    FlowTables.Entry<T> entry = draft.found().entry();
    if (entry != null) {
      perform(entry.flow().actions(), draft);
    }
    return draft;
  }

  private void perform(List<Action> actions, Draft<T> draft) {
    for (Action action : actions) {
      boolean goesOn = perform(action, draft.step(action));
      if (!goesOn || failure != null) {
        return;
      }
    }
  }

  /// @return false: the rest of the flow's actions is passed over
  private boolean perform(Action action, Draft.StepDraft<T> step) {
    switch (action) {
      case Action.Output(int ofport) -> output(Integer.toUnsignedLong(ofport), step);
      case Action.OutputField(Field field) -> output(values.get(field), step);
      case Action.InPort() -> leave(values.get(Header.IN_PORT), step);
      case Action.Controller controller ->
          punt(Verdict.PuntReason.ACTION, controller.userdata(), controller.meter(), step);
      case Action.SetField(Field field, long value) -> set(field, value, step);
      case Action.Move(Field from, Field to) -> move(from, to, step);
      case Action.DecTtl() -> {
        return decrementTtl(step);
      }
      case Action.Ct ct -> track(ct, step);
      case Action.Resubmit(int next) -> visit(next, step);
      case Action.GotoTable(int next) -> visit(next, step);
      case Action.Meter(int id) -> step.note = "within its rate";
      case Action.Conjunction conjunction -> step.note = "not an action of its own";
      case Action.GroupRef(int id) -> fail("group %d: groups are not modelled".formatted(id), step);
    }
    return true;
  }

  private void output(long ofport, Draft.StepDraft<T> step) {
    if (ofport == OFPP_IN_PORT) {
      leave(values.get(Header.IN_PORT), step);
    } else if (ofport == OFPP_CONTROLLER) {
      punt(Verdict.PuntReason.ACTION, List.of(), 0, step);
    } else if (ofport > OFPP_NONE) {
      step.note = "no OpenFlow port has number %d".formatted(ofport);
    } else if (ofport == values.get(Header.IN_PORT)) {
      step.note = "the packet came from there: no output";
    } else if (ofport < OFPP_MAX || ofport == OFPP_LOCAL) {
      leave(ofport, step);
    } else if (ofport != OFPP_NONE) {
      fail("output to reserved port 0x%x is not modelled".formatted(ofport), step);
    }
  }

  private void leave(long ofport, Draft.StepDraft<T> step) {
    end(new Verdict.Output<>((int) ofport, now()), step);
  }

  private void punt(
      Verdict.PuntReason reason, List<Byte> userdata, int meter, Draft.StepDraft<T> step) {
    end(new Verdict.Punt<>(reason, userdata, meter, now()), step);
  }

  private void end(Verdict<T> verdict, Draft.StepDraft<T> step) {
    step.verdict = verdict;
    effects.add(new Effect.Ends<>(verdict));
  }

  private void fail(String reason, Draft.StepDraft<T> step) {
    failure = reason;
    step.verdict = new Verdict.Failed<>(reason);
  }

  private void set(Field field, long value, Draft.StepDraft<T> step) {
    if (Prerequisites.met(field.header(), values)) {
      values.set(field, value);
    } else {
      step.note = "the packet has no %s".formatted(field.header().text());
    }
  }

  private void move(Field from, Field to, Draft.StepDraft<T> step) {
    if (Prerequisites.met(from.header(), values)) {
      set(to, values.get(from), step);
      step.note = step.note.isEmpty() ? "0x%x".formatted(values.get(to)) : step.note;
    } else {
      step.note = "the packet has no %s".formatted(from.header().text());
    }
  }

  private boolean decrementTtl(Draft.StepDraft<T> step) {
    if (!Prerequisites.isIp(values)) {
      step.note = "the packet has no TTL";
      return true;
    }
    if (values.get(Header.IP_TTL) > 1) {
      values.set(Header.IP_TTL, values.get(Header.IP_TTL) - 1);
      return true;
    }
    step.note = "no hop left";
    punt(Verdict.PuntReason.TTL_EXPIRED, List.of(), 0, step);
    return false;
  }

  /// The ct headers are known to who comes out of the tracker, and to nobody behind the action.
  private void track(Action.Ct ct, Draft.StepDraft<T> step) {
    long zone =
        switch (ct.zone()) {
          case Action.Zone.Constant(int constant) -> constant;
          case Action.Zone.In(Field field) -> values.get(field);
        };
    long before = values.get(Header.CT_MARK);
    long mask = 0;
    for (Action write : ct.exec()) {
      Field to =
          switch (write) {
            case Action.SetField(Field field, long value) -> field;
            case Action.Move(Field from, Field field) -> field;
            default -> throw new IllegalStateException("ct can't execute " + write);
          };
      if (to.header() != Header.CT_MARK) {
        throw new IllegalStateException("ct can't execute " + write);
      }
      mask |= to.mask();
      perform(write, step);
    }
    long mark = values.get(Header.CT_MARK) & mask;
    values.set(Header.CT_MARK, before);
    ConnectionTracking.Pass pass =
        new ConnectionTracking.Pass(now(), (int) zone, ct.commit(), mark, mask);
    effects.add(new Effect.Tracks<>(pass, ct.table(), step));
    for (Header header : Header.values()) {
      if (isConnectionHeader(header)) {
        values.set(header, 0);
      }
    }
  }

  private static boolean isConnectionHeader(Header header) {
    return switch (header) {
      case CT_STATE,
          CT_ZONE,
          CT_MARK,
          CT_NW_PROTO,
          CT_NW_SRC,
          CT_NW_DST,
          CT_IPV6_SRC_HIGH,
          CT_IPV6_SRC_LOW,
          CT_IPV6_DST_HIGH,
          CT_IPV6_DST_LOW,
          CT_TP_SRC,
          CT_TP_DST ->
          true;
      default -> false;
    };
  }

  private void visit(int next, Draft.StepDraft<T> step) {
    if (depth >= Tracer.MAX_DEPTH) {
      fail("over maximum depth %d".formatted(Tracer.MAX_DEPTH), step);
      return;
    }
    if (lookups >= Tracer.MAX_LOOKUPS) {
      fail("over %d resubmits".formatted(Tracer.MAX_LOOKUPS), step);
      return;
    }
    int here = table;
    int deeper = next <= here ? 1 : 0;
    lookups++;
    depth += deeper;
    table = next;
    step.next = lookup();
    table = here;
    depth -= deeper;
  }
}
