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
  private static final int FIELDS = 128;
  private static final int MATCH_TYPE = 1;

  /// `nw_frag` has two bits; the switch leaves the mask out when both are matched.
  private static final long FRAGMENT_BITS = 3;

  private static final @Nullable Header[] OPENFLOW_FIELDS = new @Nullable Header[FIELDS];
  private static final @Nullable Header[] NXM_1_FIELDS = new @Nullable Header[FIELDS];

  /// What Open vSwitch calls a field in the Nicira actions that it reports, whatever we called it
  /// when we sent it (nicira-ext.h: `NXM_OF_ETH_DST` and those after it).
  private static final @Nullable Header[] NXM_0_FIELDS = new @Nullable Header[FIELDS];

  static {
    for (Header header : Header.values()) {
      (header.oxmClass() == OPENFLOW ? OPENFLOW_FIELDS : NXM_1_FIELDS)[header.oxmField()] = header;
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
  }

  private Oxm() {}

  /// The 32 bits that name a header, without a mask.
  static int id(Header header) {
    return header.oxmClass() << 16 | header.oxmField() << 9 | header.bytes();
  }

  /// The header with this name, if it is one of ours with the length that it should have.
  static Header header(int id) throws UnreadableException {
    int oxmClass = id >>> 16;
    int field = id >>> 9 & 0x7f;
    Header header =
        switch (oxmClass) {
          case OPENFLOW -> OPENFLOW_FIELDS[field];
          case NXM_0 -> NXM_0_FIELDS[field];
          case NXM_1 -> NXM_1_FIELDS[field];
          default -> null;
        };
    int factor = isMasked(id) ? 2 : 1;
    if (header == null || (id & 0xff) != header.bytes() * factor) {
      throw new UnreadableException("field 0x%08x".formatted(id));
    }
    return header;
  }

  static boolean isMasked(int id) {
    return (id & 0x100) != 0;
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
      writeTerm(out, terms.get(i));
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
      long value = readValue(in, header.bytes());
      long mask = isMasked(id) ? readValue(in, header.bytes()) : header.ones();
      if (header == Header.IP_FRAG) {
        mask &= FRAGMENT_BITS;
      }
      if ((value & ~mask) != 0) {
        throw new UnreadableException(
            "%s has value bits outside its mask".formatted(header.text()));
      }
      if (mask != 0 && terms.put(header, new Match.Term(header, value, mask)) != null) {
        throw new UnreadableException("%s twice".formatted(header.text()));
      }
    }
    return new Match(new ArrayList<>(terms.values()));
  }
}
