package io.heddle.core.flow;

import io.heddle.core.model.Ipv4Address;
import io.heddle.core.model.Ipv6Address;
import io.heddle.core.model.Ipv6Prefix;
import io.heddle.core.model.MacAddress;
import java.util.HexFormat;
import java.util.List;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/// Prints flows as `ovs-ofctl` reads and operators write them.
public final class FlowText {

  private static final IntFunction<String> NUMBERS = Integer::toString;

  private FlowText() {}

  public static String flow(Flow flow) {
    return flow(flow, NUMBERS);
  }

  /// @param tableName how tables are called: by number for the switch, by name for people
  public static String flow(Flow flow, IntFunction<String> tableName) {
    StringBuilder text = new StringBuilder(160);
    text.append("table=").append(tableName.apply(flow.table()));
    text.append(",priority=").append(flow.priority());
    appendMatch(text, flow.match(), true);
    text.append(" actions=");
    appendActions(text, flow.actions(), tableName);
    return text.toString();
  }

  public static String match(Match match) {
    StringBuilder text = new StringBuilder(80);
    appendMatch(text, match, false);
    return text.toString();
  }

  public static String actions(List<Action> actions, IntFunction<String> tableName) {
    StringBuilder text = new StringBuilder(80);
    appendActions(text, actions, tableName);
    return text.toString();
  }

  private static void appendMatch(StringBuilder text, Match match, boolean commaFirst) {
    boolean comma = commaFirst;
    List<Match.Term> terms = match.terms();
    for (int i = 0; i < terms.size(); i++) {
      if (comma) {
        text.append(',');
      }
      comma = true;
      Match.Term term = terms.get(i);
      if (term.header().isHalf()) {
        i += appendAddress(text, term, i + 1 < terms.size() ? terms.get(i + 1) : term);
      } else {
        appendTerm(text, term);
      }
    }
  }

  /// An IPv6 address, which is one term or two.
  ///
  /// @param next the term behind the first, or the first itself where it is the last
  /// @return how many terms it took besides the first
  private static int appendAddress(StringBuilder text, Match.Term first, Match.Term next) {
    boolean both = first.header().isHighHalf() && next.header() == first.header().lowHalf();
    boolean onlyLow = !first.header().isHighHalf();
    Ipv6Address address =
        new Ipv6Address(
            onlyLow ? 0 : first.value(), onlyLow ? first.value() : both ? next.value() : 0);
    Ipv6Address mask =
        new Ipv6Address(
            onlyLow ? 0 : first.mask(), onlyLow ? first.mask() : both ? next.mask() : 0);
    text.append(first.header().text()).append('=').append(address);
    int length = Long.bitCount(mask.high()) + Long.bitCount(mask.low());
    Ipv6Prefix prefix = Ipv6Prefix.of(address, length);
    if (prefix.highMask() != mask.high() || prefix.lowMask() != mask.low()) {
      text.append('/').append(mask);
    } else if (length < 128) {
      text.append('/').append(length);
    }
    return both ? 1 : 0;
  }

  private static void appendTerm(StringBuilder text, Match.Term term) {
    String keyword = keyword(term);
    if (keyword != null) {
      text.append(keyword);
      return;
    }
    text.append(term.header().text()).append('=');
    if (term.header() == Header.CT_STATE) {
      appendCtState(text, term);
    } else if (term.header() == Header.IP_FRAG) {
      text.append(fragment(term));
    } else {
      appendValue(text, term.header(), term.value());
      if (!term.isExact()) {
        appendMask(text.append('/'), term);
      }
    }
  }

  private static @Nullable String keyword(Match.Term term) {
    if (term.header() != Header.ETH_TYPE) {
      return null;
    }
    return switch ((int) term.value()) {
      case Match.ETH_TYPE_IPV4 -> "ip";
      case Match.ETH_TYPE_IPV6 -> "ipv6";
      case Match.ETH_TYPE_ARP -> "arp";
      default -> null;
    };
  }

  private static void appendCtState(StringBuilder text, Match.Term term) {
    for (CtState state : CtState.values()) {
      if ((term.mask() & state.mask()) != 0) {
        text.append((term.value() & state.mask()) != 0 ? '+' : '-').append(state.text());
      }
    }
  }

  private static String fragment(Match.Term term) {
    boolean any = (term.value() & 1) != 0;
    boolean later = (term.value() & 2) != 0;
    if ((term.mask() & 3) == 3) {
      return later ? "later" : any ? "first" : "no";
    }
    return term.mask() == 2 ? (later ? "later" : "not_later") : any ? "yes" : "no";
  }

  private static void appendMask(StringBuilder text, Match.Term term) {
    switch (term.header()) {
      case IPV4_SRC, IPV4_DST, ARP_SPA, ARP_TPA, CT_NW_SRC, CT_NW_DST, TUN_SRC, TUN_DST ->
          text.append(new Ipv4Address((int) term.mask()));
      case ETH_SRC, ETH_DST, ARP_SHA, ARP_THA, ND_SLL, ND_TLL ->
          text.append(new MacAddress(term.mask()));
      default -> text.append("0x").append(Long.toHexString(term.mask()));
    }
  }

  private static void appendValue(StringBuilder text, Header header, long value) {
    switch (header) {
      case IPV4_SRC, IPV4_DST, ARP_SPA, ARP_TPA, CT_NW_SRC, CT_NW_DST, TUN_SRC, TUN_DST ->
          text.append(new Ipv4Address((int) value));
      case ETH_SRC, ETH_DST, ARP_SHA, ARP_THA, ND_SLL, ND_TLL -> text.append(new MacAddress(value));
      case IN_PORT,
          IP_PROTO,
          IP_TTL,
          CT_NW_PROTO,
          ICMP_TYPE,
          ICMP_CODE,
          ICMPV6_TYPE,
          ICMPV6_CODE,
          ND_OPTIONS_TYPE,
          ARP_OP,
          CT_ZONE,
          CONJ_ID ->
          text.append(value);
      default -> text.append("0x").append(Long.toHexString(value));
    }
  }

  private static void appendActions(
      StringBuilder text, List<Action> actions, IntFunction<String> tableName) {
    if (actions.isEmpty()) {
      text.append("drop");
      return;
    }
    for (int i = 0; i < actions.size(); i++) {
      if (i > 0) {
        text.append(',');
      }
      appendAction(text, actions.get(i), tableName);
    }
  }

  private static void appendAction(
      StringBuilder text, Action action, IntFunction<String> tableName) {
    switch (action) {
      case Action.Output(int ofport) -> text.append("output:").append(ofport);
      case Action.OutputField(Field field) -> text.append("output:").append(field);
      case Action.InPort() -> text.append("IN_PORT");
      case Action.Controller controller -> appendController(text, controller);
      case Action.SetField(Field field, long value) when field.isWhole() -> {
        appendValue(text.append("set_field:"), field.header(), value);
        text.append("->").append(field.header().text());
      }
      case Action.SetField(Field field, long value) ->
          text.append("load:0x").append(Long.toHexString(value)).append("->").append(field);
      case Action.Move(Field from, Field to) ->
          text.append("move:").append(from).append("->").append(to);
      case Action.DecTtl() -> text.append("dec_ttl");
      case Action.Ct ct -> appendCt(text, ct, tableName);
      case Action.Resubmit(int table) ->
          text.append("resubmit(,").append(tableName.apply(table)).append(')');
      case Action.Conjunction(int id, int clause, int clauses) ->
          text.append("conjunction(%d,%d/%d)".formatted(id, clause, clauses));
      case Action.Meter(int id) -> text.append("meter:").append(id);
      case Action.GroupRef(int id) -> text.append("group:").append(id);
      case Action.GotoTable(int table) -> text.append("goto_table:").append(tableName.apply(table));
    }
  }

  private static void appendController(StringBuilder text, Action.Controller controller) {
    text.append("controller(max_len=").append(controller.maxLength());
    if (!controller.userdata().isEmpty()) {
      byte[] bytes = new byte[controller.userdata().size()];
      for (int i = 0; i < bytes.length; i++) {
        bytes[i] = controller.userdata().get(i);
      }
      text.append(",userdata=").append(HexFormat.ofDelimiter(".").formatHex(bytes));
    }
    if (controller.meter() != 0) {
      text.append(",meter_id=").append(controller.meter());
    }
    text.append(')');
  }

  private static void appendCt(StringBuilder text, Action.Ct ct, IntFunction<String> tableName) {
    text.append("ct(");
    if (ct.commit()) {
      text.append("commit,");
    }
    if (ct.table() != null) {
      text.append("table=").append(tableName.apply(ct.table())).append(',');
    }
    text.append("zone=");
    switch (ct.zone()) {
      case Action.Zone.Constant(int zone) -> text.append(zone);
      case Action.Zone.In(Field field) -> text.append(field);
    }
    if (!ct.exec().isEmpty()) {
      text.append(",exec(");
      appendActions(text, ct.exec(), tableName);
      text.append(')');
    }
    text.append(')');
  }
}
