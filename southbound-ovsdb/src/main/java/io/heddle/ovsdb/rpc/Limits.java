package io.heddle.ovsdb.rpc;

/// What one peer, and all of them together, may make this node hold.
public final class Limits {
  private Limits() {}

  /// The largest message from a peer that has not yet shown a schema. The answer to `get_schema` is
  /// the largest honest one: 30 KiB in Open vSwitch 3.1.
  public static final int UNPROVEN_FRAME_BYTES = 256 * 1024;

  /// The largest message from an ovsdb-server. The first reply of a monitor carries all rows at
  /// once, about 1 KiB for each port of the host with the columns we ask for: this is a host of
  /// 16,000 ports.
  public static final int FRAME_BYTES = 16 * 1024 * 1024;

  /// How deep JSON may nest. The deepest honest message, an update with a map in a row, nests 8
  /// levels.
  static final int NESTING = 32;

  /// The longest text in a message: external_ids may hold what an operator likes, but no files.
  static final int STRING_CHARS = 1024 * 1024;

  /// The longest number: OVSDB's integers have 20 characters, its reals 24.
  static final int NUMBER_CHARS = 64;

  /// The longest name of a member of an object: tables, columns and UUIDs.
  static final int NAME_CHARS = 1024;

  /// Our requests that wait for an answer in one session: more means that the peer does not answer.
  static final int PENDING_REQUESTS = 64;

  /// Bytes that wait for a slow peer to read them. Above it we read nothing more from the peer (so
  /// that it cannot make us queue answers to its echoes) until it has read half of it.
  static final int UNREAD_BYTES = 1024 * 1024;

  /// Hosts connected to one node. A node holds at most its share of the largest cloud we build for.
  public static final int CONNECTIONS = 4096;

  /// Connections that have not yet shown a schema. A restart of the node brings all hosts back at
  /// once; each passes in a few milliseconds, so this many may be on their way.
  public static final int UNPROVEN_CONNECTIONS = 512;

  /// Rows that we keep of one host: a port and an interface for each number that OpenFlow has for
  /// ports.
  public static final int ROWS = 2 * 65_280;
}
