package io.heddle.core.flow;

import java.util.List;

/// What connection tracking says of a packet (`ovs-fields(7)`, `ct_state`).
public enum CtState {
  NEW("new", 0),
  ESTABLISHED("est", 1),
  RELATED("rel", 2),
  REPLY("rpl", 3),
  INVALID("inv", 4),
  TRACKED("trk", 5);

  private final String text;
  private final int bit;

  CtState(String text, int bit) {
    this.text = text;
    this.bit = bit;
  }

  public String text() {
    return text;
  }

  public long mask() {
    return 1L << bit;
  }

  static long bits(List<CtState> states) {
    long bits = 0;
    for (CtState state : states) {
      bits |= state.mask();
    }
    return bits;
  }
}
