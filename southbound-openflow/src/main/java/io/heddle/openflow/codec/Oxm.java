package io.heddle.openflow.codec;

import io.heddle.core.flow.Header;
import io.heddle.core.flow.Match;
import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Packet fields as OpenFlow's extensible matches carry them (OpenFlow 1.4 §7.2.3): class 16 bits,
/// field 7, mask flag 1, length 8.
final class Oxm {

  private static final int OPENFLOW = 0x8000;
  private static final int NXM_0 = 0;
  private static final int NXM_1 = 1;
  private static final int ERICSSON = 0x1000;
  private static final int FIELDS = 128;
  private static final int MATCH_TYPE = 1;

  /// `nw_frag` has two bits; the switch leaves the mask out when both are matched.
  private static final long FRAGMENT_BITS = 3;

  private static final @Nullable Header[] OPENFLOW_FIELDS = new @Nullable Header[FIELDS];
  private static final @Nullable Header[] NXM_1_FIELDS = new @Nullable Header[FIELDS];
  private static final @Nullable Header[] ERICSSON_FIELDS = new @Nullable Header[FIELDS];

  /// What Open vSwitch calls a field in the Nicira actions that it reports, whatever we called it
  /// when we sent it (nicira-ext.h: `NXM_OF_ETH_DST` and those after it).
  private static final @Nullable Header[] NXM_0_FIELDS = new @Nullable Header[FIELDS];

  static {
    for (Header header : Header.values()) {
      if (!header.isHalf() || header.isHighHalf()) {
        ofClass(header.oxmClass())[header.oxmField()] = header;
      }
    }
    NXM_0_FIELDS[1] = Header.ETH_DST;
    NXM_0_FIELDS[2] = Header.ETH_SRC;
    NXM_0_FIELDS[3] = Header.ETH_TYPE;
    NXM_0_FIELDS[6] = Header.IP_PROTO;
    NXM_0_FIELDS[7] = Header.IPV4_SRC;
    NXM_0_FIELDS[8] = Header.IPV4_DST;
    NXM_0_FIELDS[9] = Header.TCP_SRC;
    NXM_0_FIELDS[10] = Header.TCP_DST;
    NXM_0_FIELDS[11] = Header.UDP_SRC;
    NXM_0_FIELDS[12] = Header.UDP_DST;
    NXM_0_FIELDS[13] = Header.ICMP_TYPE;
    NXM_0_FIELDS[14] = Header.ICMP_CODE;
    NXM_0_FIELDS[15] = Header.ARP_OP;
    NXM_0_FIELDS[16] = Header.ARP_SPA;
    NXM_0_FIELDS[17] = Header.ARP_TPA;
    NXM_1_FIELDS[17] = Header.ARP_SHA;
    NXM_1_FIELDS[18] = Header.ARP_THA;
    NXM_1_FIELDS[19] = Header.IPV6_SRC_HIGH;
    NXM_1_FIELDS[20] = Header.IPV6_DST_HIGH;
    NXM_1_FIELDS[21] = Header.ICMPV6_TYPE;
    NXM_1_FIELDS[22] = Header.ICMPV6_CODE;
    NXM_1_FIELDS[23] = Header.ND_TARGET_HIGH;
    NXM_1_FIELDS[24] = Header.ND_SLL;
    NXM_1_FIELDS[25] = Header.ND_TLL;
  }

  private Oxm() {}

  private static @Nullable Header[] ofClass(int oxmClass) {
    return switch (oxmClass) {
      case OPENFLOW -> OPENFLOW_FIELDS;
      case NXM_0 -> NXM_0_FIELDS;
      case NXM_1 -> NXM_1_FIELDS;
      case ERICSSON -> ERICSSON_FIELDS;
      default -> new @Nullable Header[FIELDS];
    };
  }

  /// The 32 bits that name a header, without a mask.
  static int id(Header header) {
    return header.oxmClass() << 16 | header.oxmField() << 9 | header.wireBytes();
  }

  /// The header with this name, if it is one of ours with the length that it should have; of an
  /// address its high half.
  static Header header(int id) throws UnreadableException {
    Header header = ofClass(id >>> 16)[id >>> 9 & 0x7f];
    int factor = isMasked(id) ? 2 : 1;
    if (header == null || (id & 0xff) != header.wireBytes() * factor) {
      throw new UnreadableException("field 0x%08x".formatted(id));
    }
    return header;
  }

  static boolean isMasked(int id) {
    return (id & 0x100) != 0;
  }

  /// Writes both halves of an address, of which one may be absent.
  ///
  /// @param next the term behind the first, or the first itself where it is the last
  /// @return how many terms it took besides the first
  private static int writeAddress(ByteBuf out, Match.Term first, Match.Term next) {
    boolean startsHigh = first.header().isHighHalf();
    boolean both = startsHigh && next.header() == first.header().lowHalf();
    if (both && first.isExact() && next.isExact()) {
      out.writeInt(id(first.header())).writeLong(first.value()).writeLong(next.value());
      return 1;
    }
    out.writeInt(id(first.header()) + first.header().wireBytes() | 0x100);
    if (!startsHigh) {
      out.writeLong(0).writeLong(first.value()).writeLong(0).writeLong(first.mask());
      return 0;
    }
    out.writeLong(first.value()).writeLong(both ? next.value() : 0);
    out.writeLong(first.mask()).writeLong(both ? next.mask() : 0);
    return both ? 1 : 0;
  }

  static void writeTerm(ByteBuf out, Match.Term term) {
    Header header = term.header();
    if (term.isExact()) {
      writeExact(out, header, term.value());
      return;
    }
    out.writeInt(id(header) + header.bytes() | 0x100);
    writeValue(out, header.bytes(), term.value());
    writeValue(out, header.bytes(), term.mask());
  }

  static void writeExact(ByteBuf out, Header header, long value) {
    out.writeInt(id(header));
    writeValue(out, header.bytes(), value);
  }

  private static void writeValue(ByteBuf out, int bytes, long value) {
    switch (bytes) {
      case 1 -> out.writeByte((int) value);
      case 2 -> out.writeShort((int) value);
      case 4 -> out.writeInt((int) value);
      case 6 -> {
        out.writeShort((int) (value >>> 32));
        out.writeInt((int) value);
      }
      case 8 -> out.writeLong(value);
      default -> throw new IllegalStateException(bytes + " bytes");
    }
  }

  static long readValue(ByteBuf in, int bytes) {
    return switch (bytes) {
      case 1 -> in.readUnsignedByte();
      case 2 -> in.readUnsignedShort();
      case 4 -> in.readUnsignedInt();
      case 6 -> (long) in.readUnsignedShort() << 32 | in.readUnsignedInt();
      case 8 -> in.readLong();
      default -> throw new IllegalStateException(bytes + " bytes");
    };
  }

  /// Writes a match: type, length, fields, padding.
  static void writeMatch(ByteBuf out, Match match) {
    int start = out.writerIndex();
    out.writeShort(MATCH_TYPE);
    out.writeShort(0);
    List<Match.Term> terms = match.terms();
    for (int i = 0; i < terms.size(); i++) {
      Match.Term term = terms.get(i);
      if (term.header().isHalf()) {
        i += writeAddress(out, term, i + 1 < terms.size() ? terms.get(i + 1) : term);
      } else {
        writeTerm(out, term);
      }
    }
    int length = out.writerIndex() - start;
    out.setShort(start + 2, length);
    out.writeZero(Wire.padding(length));
  }

  /// Reads a match and the padding behind it.
  static Match readMatch(ByteBuf in) throws UnreadableException {
    int type = in.readUnsignedShort();
    int length = in.readUnsignedShort();
    if (type != MATCH_TYPE || length < 4) {
      throw new UnreadableException("match of type %d, %d bytes".formatted(type, length));
    }
    Match match = readTerms(in.readSlice(length - 4));
    in.skipBytes(Wire.padding(length));
    return match;
  }

  private static Match readTerms(ByteBuf in) throws UnreadableException {
    Map<Header, Match.Term> terms = new EnumMap<>(Header.class);
    while (in.isReadable()) {
      int id = in.readInt();
      Header header = header(id);
      if (header.isHalf()) {
        readAddress(in, header, isMasked(id), terms);
        continue;
      }
      long value = readValue(in, header.bytes());
      long mask = isMasked(id) ? readValue(in, header.bytes()) : header.ones();
      put(terms, header, value, header == Header.IP_FRAG ? mask & FRAGMENT_BITS : mask);
    }
    return new Match(new ArrayList<>(terms.values()));
  }

  private static void readAddress(
      ByteBuf in, Header high, boolean masked, Map<Header, Match.Term> terms)
      throws UnreadableException {
    long highValue = in.readLong();
    long lowValue = in.readLong();
    put(terms, high, highValue, masked ? in.readLong() : high.ones());
    put(terms, high.lowHalf(), lowValue, masked ? in.readLong() : high.ones());
  }

  private static void put(Map<Header, Match.Term> terms, Header header, long value, long mask)
      throws UnreadableException {
    if ((value & ~mask) != 0) {
      throw new UnreadableException("%s has value bits outside its mask".formatted(header.text()));
    }
    if (mask != 0 && terms.put(header, new Match.Term(header, value, mask)) != null) {
      throw new UnreadableException("%s twice".formatted(header.text()));
    }
  }
}
