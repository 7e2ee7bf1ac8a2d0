package io.heddle.core.trace;

import io.heddle.core.flow.CtState;
import io.heddle.core.flow.Header;
import io.heddle.core.flow.Match;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The connections that one host's datapath knows, in the way of Open vSwitch's userspace
/// conntrack. Mutable, for one thread.
///
/// A connection is there from its commit until its zone is flushed: nothing ends or times out.
public final class Conntrack implements ConnectionTracking {

  private final Map<Key, Entry> entries = new HashMap<>();
  private final Map<Part, Integer> parts = new HashMap<>();

  private record Key(int zone, ConnectionTuple tuple) {}

  /// A part of a datagram in one zone.
  private record Part(int zone, Packet datagram, boolean first) {}

  /// A connection as it now is.
  ///
  /// @param original the direction of the packet that opened it
  public record Connection(int zone, ConnectionTuple original, long mark) {}

  private static final class Entry {
    private final Key original;
    private long mark;
    private boolean replied;

    Entry(Key original) {
      this.original = original;
    }

    /// Whether a packet of the original direction finds the connection new still: so it is until
    /// something comes back, but for TCP, where only a repeated SYN is new.
    boolean isStillNew(Packet packet) {
      boolean opens =
          original.tuple().protocol() != Match.TCP || (packet.tcpFlags() & Packet.TCP_SYN) != 0;
      return opens && !replied;
    }
  }

  /// Parts are put together each time that they pass. The first is sent first and waits for nobody
  /// here: it has the second behind it, which goes as far and no further.
  @Override
  public boolean holds(Pass pass) {
    Packet datagram = pass.packet().datagram();
    if (datagram == null) {
      return false;
    }
    boolean first = pass.packet().isFirstFragment();
    int passes = parts.merge(new Part(pass.zone(), datagram, first), 1, Integer::sum);
    return !first && passes > parts.getOrDefault(new Part(pass.zone(), datagram, true), 0);
  }

  /// A part of a datagram passes as the whole of it.
  @Override
  public Packet pass(Pass pass) {
    Packet packet =
        ConnectionTuple.clearedFrom(pass.packet())
            .with(Header.CT_ZONE, pass.zone())
            .with(Header.CT_MARK, 0);
    Packet whole = packet.datagram() == null ? packet : packet.datagram();
    Packet quoted = whole.quoted();
    if (quoted != null) {
      return related(pass, packet, quoted);
    }
    ConnectionTuple tuple = ConnectionTuple.of(whole);
    if (tuple == null || isNonsense(whole)) {
      return stated(packet, CtState.INVALID);
    }
    Entry entry = entries.get(new Key(pass.zone(), tuple));
    if (entry != null) {
      return known(pass, packet, entry, tuple);
    }
    if (!mayOpen(whole)) {
      return stated(packet, CtState.INVALID);
    }
    Packet opening = tuple.writtenTo(stated(packet, CtState.NEW));
    return pass.commit() ? marked(pass, opening, remember(pass.zone(), tuple)) : opening;
  }

  private Entry remember(int zone, ConnectionTuple tuple) {
    Entry entry = new Entry(new Key(zone, tuple));
    entries.put(entry.original, entry);
    entries.put(new Key(zone, tuple.reversed()), entry);
    return entry;
  }

  private static Packet known(Pass pass, Packet packet, Entry entry, ConnectionTuple tuple) {
    boolean reply = !entry.original.tuple().equals(tuple);
    Packet stated;
    if (reply) {
      entry.replied = true;
      stated = stated(packet, CtState.ESTABLISHED, CtState.REPLY);
    } else {
      stated = stated(packet, entry.isStillNew(packet) ? CtState.NEW : CtState.ESTABLISHED);
    }
    return marked(pass, entry.original.tuple().writtenTo(stated), entry);
  }

  private Packet related(Pass pass, Packet packet, Packet quoted) {
    ConnectionTuple about = ConnectionTuple.of(quoted);
    Entry entry = about == null ? null : entries.get(new Key(pass.zone(), about.reversed()));
    if (about == null || entry == null) {
      return stated(packet, CtState.INVALID);
    }
    boolean reply = entry.original.tuple().equals(about);
    Packet stated =
        reply ? stated(packet, CtState.RELATED, CtState.REPLY) : stated(packet, CtState.RELATED);
    return marked(pass, entry.original.tuple().writtenTo(stated), entry);
  }

  private static Packet marked(Pass pass, Packet packet, Entry entry) {
    if (pass.commit()) {
      entry.mark = (entry.mark & ~pass.markMask()) | pass.mark();
    }
    return packet.with(Header.CT_MARK, entry.mark);
  }

  private static Packet stated(Packet packet, CtState... states) {
    long bits = CtState.TRACKED.mask();
    for (CtState state : states) {
      bits |= state.mask();
    }
    return packet.with(Header.CT_STATE, bits);
  }

  private static boolean mayOpen(Packet packet) {
    return switch ((int) packet.get(Header.IP_PROTO)) {
      case Match.TCP -> mayOpen(packet.tcpFlags());
      case Match.ICMP -> ConnectionTuple.isQuery((int) packet.get(Header.ICMP_TYPE));
      case Match.ICMPV6 -> packet.get(Header.ICMPV6_TYPE) == Packet.ICMPV6_ECHO;
      default -> true;
    };
  }

  /// A SYN opens a connection, and so does a packet from the middle of one that began before we
  /// looked; a SYN+ACK never does.
  private static boolean mayOpen(int flags) {
    return (flags & Packet.TCP_SYN) == 0 || (flags & Packet.TCP_ACK) == 0;
  }

  /// Flags that no TCP sends together are invalid, whatever is known of the connection.
  private static boolean isNonsense(Packet packet) {
    int flags = packet.tcpFlags();
    if (packet.get(Header.IP_PROTO) != Match.TCP) {
      return false;
    }
    boolean ends = (flags & (Packet.TCP_RST | Packet.TCP_FIN)) != 0;
    boolean goesOn = (flags & (Packet.TCP_FIN | Packet.TCP_PSH | Packet.TCP_URG)) != 0;
    boolean opens = (flags & Packet.TCP_SYN) != 0;
    boolean acknowledges = (flags & Packet.TCP_ACK) != 0;
    boolean resets = (flags & Packet.TCP_RST) != 0;
    return (opens && ends) || (!opens && !acknowledges && !resets) || (!acknowledges && goesOn);
  }

  /// All connections of a zone.
  public List<Connection> connections(int zone) {
    Set<Entry> distinct = new LinkedHashSet<>();
    entries.forEach((key, entry) -> {
      if (key.zone() == zone) {
        distinct.add(entry);
      }
    });
    List<Connection> connections = new ArrayList<>();
    for (Entry entry : distinct) {
      connections.add(new Connection(zone, entry.original.tuple(), entry.mark));
    }
    return connections;
  }

  /// The connection that a packet belongs to in a zone, in either direction.
  public @Nullable Connection find(int zone, Packet packet) {
    ConnectionTuple tuple = ConnectionTuple.of(packet);
    Entry entry = tuple == null ? null : entries.get(new Key(zone, tuple));
    return entry == null ? null : new Connection(zone, entry.original.tuple(), entry.mark);
  }

  /// Forgets every connection of a zone.
  public void flush(int zone) {
    entries.keySet().removeIf(key -> key.zone() == zone);
  }
}
