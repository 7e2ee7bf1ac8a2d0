package io.heddle.core.flow;

import io.heddle.core.model.Ipv4Address;
import io.heddle.core.model.Ipv6Address;
import io.heddle.core.model.MacAddress;
import java.util.ArrayList;
import java.util.List;

/// Short ways to write actions.
public final class Actions {

  /// No action: the packet ends here.
  public static final List<Action> DROP = List.of();

  private Actions() {}

  public static List<Action> list(Action... actions) {
    return List.of(actions);
  }

  /// Some actions and one more at the end.
  public static List<Action> then(List<Action> actions, Action last) {
    List<Action> all = new ArrayList<>(actions);
    all.add(last);
    return List.copyOf(all);
  }

  public static Action set(Field field, long value) {
    return new Action.SetField(field, value);
  }

  public static Action set(Header header, MacAddress mac) {
    return set(Field.of(header), mac.bits());
  }

  public static Action set(Header header, Ipv4Address address) {
    return set(Field.of(header), address.unsigned());
  }

  /// @param high the high half of the header that holds the address
  public static List<Action> set(Header high, Ipv6Address address) {
    return List.of(
        set(Field.of(high), address.high()), set(Field.of(high.lowHalf()), address.low()));
  }

  /// Copies an IPv6 address.
  ///
  /// @param fromHigh the high half of the header that holds it
  public static List<Action> moveAddress(Header fromHigh, Header toHigh) {
    return List.of(move(fromHigh, toHigh), move(fromHigh.lowHalf(), toHigh.lowHalf()));
  }

  /// Several runs of actions, one after the other.
  @SafeVarargs
  public static List<Action> concat(List<Action>... runs) {
    List<Action> all = new ArrayList<>();
    for (List<Action> run : runs) {
      all.addAll(run);
    }
    return List.copyOf(all);
  }

  public static Action move(Header from, Header to) {
    return new Action.Move(Field.of(from), Field.of(to));
  }

  public static Action move(Field from, Field to) {
    return new Action.Move(from, to);
  }
}
