package io.heddle.core.pipeline;

import io.heddle.core.flow.Field;
import io.heddle.core.flow.Header;

/// Every bit that the pipeline carries with a packet. Overlap, or a bit that is not there, fails
/// when this class loads.
public final class Registers {

  /// Tag of the VPC; set in `classify` and `decode`, read nearly everywhere.
  public static final Field VPC = new Field(Header.METADATA, 32, 55);

  /// Tag of the source's subnet until `forward`, of the target's subnet from there.
  public static final Field SUBNET = new Field(Header.METADATA, 0, 23);

  /// Tag of the local port that the packet entered by; 0 from a tunnel.
  public static final Field SOURCE_PORT = Field.reg(0, 0, 31);

  /// Tag of the local port that the packet is for; 0 while unknown or remote.
  public static final Field TARGET_PORT = Field.reg(1, 0, 31);

  /// The source's identity; 0 is none.
  public static final Field SOURCE_IDENTITY = Field.reg(2, 0, 15);

  /// The target's identity; 0 is none. Known wherever the target is, for it is announced with the
  /// port's address.
  public static final Field TARGET_IDENTITY = Field.reg(2, 16, 31);

  /// The ct zone of this VPC on this host.
  public static final Field CT_ZONE = Field.reg(3, 0, 15);

  /// The packet came out of a tunnel.
  public static final Field FROM_TUNNEL = Field.reg(4, 0, 0);

  /// The target is behind a tunnel.
  public static final Field REMOTE = Field.reg(4, 1, 1);

  /// A reply that the host which tracks the connection vouches for (VNI bit 23).
  public static final Field REPLY = Field.reg(4, 2, 2);

  /// A rule of one of the groups admits the packet; cleared before each lookup.
  public static final Field ALLOWED = Field.reg(4, 3, 3);

  /// The packet has been through connection tracking in its VPC's zone already.
  public static final Field TRACKED = Field.reg(4, 4, 4);

  /// The packet was routed: its TTL is one less and its MACs are the next hop's.
  public static final Field ROUTED = Field.reg(4, 5, 5);

  /// A route sent the packet over a peering; it is still in its own VPC, for its egress rules.
  public static final Field PEERED = Field.reg(4, 6, 6);

  /// The packet came over a peering: it is in the VPC of its target, of no identity there.
  public static final Field CROSSED = Field.reg(4, 7, 7);

  /// Why the packet was not routed, for whom its sender is told; 0 of what is routed.
  public static final Field UNROUTABLE = Field.reg(4, 8, 10);

  /// Tag of the VPC that a peered packet is on its way to; 0 elsewhere.
  public static final Field PEER_VPC = Field.reg(14, 0, 23);

  /// Tag of the group, network ACL or route table whose rules are being looked up; scratch, 0
  /// elsewhere.
  public static final Field GROUP = Field.reg(5, 0, 31);

  /// OpenFlow port of the local target.
  public static final Field TARGET_OFPORT = Field.reg(6, 0, 15);

  /// Identity of the end that rules speak of, while they are looked up: of who opened the
  /// connection for ingress rules, of who answers for egress rules. 0 elsewhere.
  public static final Field PEER = Field.reg(12, 0, 15);

  /// While a group's log is looked up: 1 if its rules admit the packet, and 2 if that is its
  /// ingress rules. 0 elsewhere.
  public static final Field REMARK = Field.reg(12, 16, 17);

  /// Tag of the remote group whose services are being looked up; 0 elsewhere.
  public static final Field REMOTE_GROUP = Field.reg(13, 0, 31);

  /// Scratch of one flow's actions; 0 elsewhere.
  public static final Field SCRATCH = Field.reg(7, 0, 31);

  /// IPv4 address of the next hop of a routed packet, or the first 32 bits of its IPv6 address; 0
  /// of a bridged one.
  public static final Field NEXT_HOP = Field.reg(8, 0, 31);

  /// The other 96 bits of the next hop's IPv6 address.
  public static final Field NEXT_HOP_2 = Field.reg(9, 0, 31);

  public static final Field NEXT_HOP_3 = Field.reg(10, 0, 31);
  public static final Field NEXT_HOP_4 = Field.reg(11, 0, 31);

  static {
    Field.requireDisjoint(
        VPC,
        SUBNET,
        SOURCE_PORT,
        TARGET_PORT,
        SOURCE_IDENTITY,
        TARGET_IDENTITY,
        CT_ZONE,
        FROM_TUNNEL,
        REMOTE,
        REPLY,
        ALLOWED,
        TRACKED,
        ROUTED,
        GROUP,
        TARGET_OFPORT,
        SCRATCH,
        NEXT_HOP,
        NEXT_HOP_2,
        NEXT_HOP_3,
        NEXT_HOP_4,
        PEER,
        REMARK,
        REMOTE_GROUP,
        PEERED,
        CROSSED,
        PEER_VPC,
        UNROUTABLE);
  }

  private Registers() {}
}
