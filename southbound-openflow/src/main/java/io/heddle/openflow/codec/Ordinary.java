package io.heddle.openflow.codec;

import io.heddle.core.flow.Meter;
import io.heddle.core.model.MacAddress;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.projectfloodlight.openflow.exceptions.OFParseError;
import org.projectfloodlight.openflow.protocol.OFBundleCtrlMsg;
import org.projectfloodlight.openflow.protocol.OFBundleCtrlType;
import org.projectfloodlight.openflow.protocol.OFBundleFlags;
import org.projectfloodlight.openflow.protocol.OFControllerRole;
import org.projectfloodlight.openflow.protocol.OFFactories;
import org.projectfloodlight.openflow.protocol.OFFactory;
import org.projectfloodlight.openflow.protocol.OFFeaturesReply;
import org.projectfloodlight.openflow.protocol.OFMessage;
import org.projectfloodlight.openflow.protocol.OFMeterConfig;
import org.projectfloodlight.openflow.protocol.OFMeterConfigStatsReply;
import org.projectfloodlight.openflow.protocol.OFMeterFlags;
import org.projectfloodlight.openflow.protocol.OFMeterModCommand;
import org.projectfloodlight.openflow.protocol.OFPortConfig;
import org.projectfloodlight.openflow.protocol.OFPortDesc;
import org.projectfloodlight.openflow.protocol.OFPortDescStatsReply;
import org.projectfloodlight.openflow.protocol.OFPortState;
import org.projectfloodlight.openflow.protocol.OFPortStatus;
import org.projectfloodlight.openflow.protocol.OFRoleReply;
import org.projectfloodlight.openflow.protocol.OFStatsReplyFlags;
import org.projectfloodlight.openflow.protocol.OFVersion;
import org.projectfloodlight.openflow.protocol.meterband.OFMeterBandDrop;
import org.projectfloodlight.openflow.types.BundleId;
import org.projectfloodlight.openflow.types.U32;
import org.projectfloodlight.openflow.types.U64;

/// The messages that OpenFlowJ writes and reads well. Nobody else sees its types.
public final class Ordinary {

  private static final OFFactory FACTORY = OFFactories.getFactory(OFVersion.OF_14);

  /// `OFPR_*` bits that a master asks for: table miss, a flow's action, invalid TTL, action set,
  /// group, packet-out.
  private static final long PACKET_IN_REASONS = 0x3f;

  /// Ports added, deleted and modified.
  private static final long PORT_REASONS = 7;

  /// Somebody else claimed the switch; its configuration changed.
  private static final long ROLE_REASONS = 3;

  private Ordinary() {}

  /// Offers exactly OpenFlow 1.4.
  public static void writeHello(ByteBuf out, int xid) {
    FACTORY
        .buildHello()
        .setXid(unsigned(xid))
        .setElements(List.of(FACTORY.helloElemVersionbitmap(List.of(U32.of(1L << Wire.VERSION)))))
        .build()
        .writeTo(out);
  }

  /// Says why the handshake ends; the text is for the switch's log.
  public static void writeHelloFailed(ByteBuf out, int xid, String text) {
    int start = FlowModEncoder.writeHeader(out, Wire.ERROR, xid);
    out.writeShort(SwitchError.HELLO_FAILED).writeShort(0);
    out.writeCharSequence(text, StandardCharsets.US_ASCII);
    FlowModEncoder.finish(out, start);
  }

  public static void writeFeaturesRequest(ByteBuf out, int xid) {
    FACTORY.buildFeaturesRequest().setXid(unsigned(xid)).build().writeTo(out);
  }

  /// Asks for a role, as of an epoch. The switch refuses an epoch older than it has seen, for
  /// whichever role; a new master makes a slave of the old one.
  public static void writeRoleRequest(ByteBuf out, int xid, SwitchRole role, long epoch) {
    OFControllerRole wanted =
        switch (role) {
          case EQUAL -> OFControllerRole.ROLE_EQUAL;
          case MASTER -> OFControllerRole.ROLE_MASTER;
          case SLAVE -> OFControllerRole.ROLE_SLAVE;
        };
    writeRole(out, xid, wanted, epoch);
  }

  /// Asks which role this connection has, and which generation the switch has seen.
  public static void writeRoleQuery(ByteBuf out, int xid) {
    writeRole(out, xid, OFControllerRole.ROLE_NOCHANGE, 0);
  }

  private static void writeRole(ByteBuf out, int xid, OFControllerRole role, long generation) {
    FACTORY
        .buildRoleRequest()
        .setXid(unsigned(xid))
        .setRole(role)
        .setGenerationId(U64.of(generation))
        .build()
        .writeTo(out);
  }

  public static void writeEchoRequest(ByteBuf out, int xid) {
    FACTORY.buildEchoRequest().setXid(unsigned(xid)).build().writeTo(out);
  }

  public static void writeEchoReply(ByteBuf out, int xid, Bytes payload) {
    FACTORY.buildEchoReply().setXid(unsigned(xid)).setData(payload.array()).build().writeTo(out);
  }

  public static void writeBarrier(ByteBuf out, int xid) {
    FACTORY.buildBarrierRequest().setXid(unsigned(xid)).build().writeTo(out);
  }

  public static void writePortDescRequest(ByteBuf out, int xid) {
    FACTORY.buildPortDescStatsRequest().setXid(unsigned(xid)).build().writeTo(out);
  }

  /// Fragments pass as they are, and flows see the ports of a first one: by default they do not,
  /// and who sends in fragments would slip by what a port is denied (`nx-match`, a mode of Open
  /// vSwitch's own that OpenFlowJ does not know). Packets that go to the controller go whole.
  public static void writeSetConfig(ByteBuf out, int xid) {
    int start = FlowModEncoder.writeHeader(out, Wire.SET_CONFIG, xid);
    out.writeShort(Wire.FRAGMENTS_WITH_PORTS).writeShort(Wire.WHOLE_PACKET);
    FlowModEncoder.finish(out, start);
  }

  /// What a master hears of by itself: packets, ports, and that it is master no more.
  public static void writeAsyncConfig(ByteBuf out, int xid) {
    FACTORY
        .buildAsyncSet()
        .setXid(unsigned(xid))
        .setProperties(
            List.of(
                FACTORY.asyncConfigPropPacketInMaster(PACKET_IN_REASONS),
                FACTORY.asyncConfigPropPortStatusMaster(PORT_REASONS),
                FACTORY.asyncConfigPropFlowRemovedMaster(0),
                FACTORY.asyncConfigPropRoleStatusMaster(ROLE_REASONS)))
        .build()
        .writeTo(out);
  }

  public static void writeBundleOpen(ByteBuf out, int xid) {
    writeBundleControl(out, xid, OFBundleCtrlType.OPEN_REQUEST);
  }

  public static void writeBundleCommit(ByteBuf out, int xid) {
    writeBundleControl(out, xid, OFBundleCtrlType.COMMIT_REQUEST);
  }

  public static void writeBundleDiscard(ByteBuf out, int xid) {
    writeBundleControl(out, xid, OFBundleCtrlType.DISCARD_REQUEST);
  }

  private static void writeBundleControl(ByteBuf out, int xid, OFBundleCtrlType type) {
    FACTORY
        .buildBundleCtrlMsg()
        .setXid(unsigned(xid))
        .setBundleId(BundleId.of(FlowModEncoder.BUNDLE_ID))
        .setBundleCtrlType(type)
        .setFlags(EnumSet.of(OFBundleFlags.ATOMIC, OFBundleFlags.ORDERED))
        .build()
        .writeTo(out);
  }

  public static void writeMeterAdd(ByteBuf out, int xid, Meter meter) {
    writeMeter(out, xid, meter, OFMeterModCommand.ADD);
  }

  /// Changes a meter that is there, without a moment in which flows have none.
  public static void writeMeterModify(ByteBuf out, int xid, Meter meter) {
    writeMeter(out, xid, meter, OFMeterModCommand.MODIFY);
  }

  private static void writeMeter(ByteBuf out, int xid, Meter meter, OFMeterModCommand command) {
    boolean bursts = meter.burst() > 0;
    FACTORY
        .buildMeterMod()
        .setXid(unsigned(xid))
        .setCommand(command)
        .setMeterId(unsigned(meter.id()))
        .setFlags(
            bursts
                ? EnumSet.of(OFMeterFlags.PKTPS, OFMeterFlags.BURST)
                : EnumSet.of(OFMeterFlags.PKTPS))
        .setBands(
            List.of(
                FACTORY
                    .meterBands()
                    .buildDrop()
                    .setRate(meter.packetsPerSecond())
                    .setBurstSize(meter.burst())
                    .build()))
        .build()
        .writeTo(out);
  }

  public static void writeMeterDelete(ByteBuf out, int xid, int meter) {
    FACTORY
        .buildMeterMod()
        .setXid(unsigned(xid))
        .setCommand(OFMeterModCommand.DELETE)
        .setMeterId(unsigned(meter))
        .setFlags(Set.of())
        .setBands(List.of())
        .build()
        .writeTo(out);
  }

  /// Asks for all meters.
  public static void writeMeterConfigRequest(ByteBuf out, int xid) {
    FACTORY
        .buildMeterConfigStatsRequest()
        .setXid(unsigned(xid))
        .setMeterId(0xffffffffL)
        .build()
        .writeTo(out);
  }

  private static long unsigned(int number) {
    return Integer.toUnsignedLong(number);
  }

  /// Reads one whole message of a type that OpenFlowJ can read.
  static Message read(int xid, ByteBuf frame) throws UnreadableException {
    OFMessage message;
    try {
      message = OFFactories.getGenericReader().readFrom(frame);
    } catch (OFParseError | RuntimeException e) {
      // OpenFlowJ reports nonsense in whatever way it stumbles over it.
      throw new UnreadableException(String.valueOf(e.getMessage()));
    }
    return switch (message) {
      case OFFeaturesReply features ->
          new Message.Features(xid, features.getDatapathId().getLong());
      case OFRoleReply role ->
          new Message.Role(xid, role(role.getRole()), role.getGenerationId().getValue());
      case OFPortStatus status -> portStatus(xid, status);
      case OFPortDescStatsReply ports ->
          new Message.Ports(
              xid,
              ports.getFlags().contains(OFStatsReplyFlags.REPLY_MORE),
              ports.getEntries().stream().map(Ordinary::port).toList());
      case OFMeterConfigStatsReply meters -> meters(xid, meters);
      case OFBundleCtrlMsg control ->
          new Message.BundleControl(xid, step(control.getBundleCtrlType()));
      case null, default -> throw new UnreadableException("a reply of another kind");
    };
  }

  private static SwitchRole role(OFControllerRole role) throws UnreadableException {
    return switch (role) {
      case ROLE_EQUAL -> SwitchRole.EQUAL;
      case ROLE_MASTER -> SwitchRole.MASTER;
      case ROLE_SLAVE -> SwitchRole.SLAVE;
      case ROLE_NOCHANGE -> throw new UnreadableException("a role reply without a role");
    };
  }

  private static Message portStatus(int xid, OFPortStatus status) {
    Message.PortChange change =
        switch (status.getReason()) {
          case ADD -> Message.PortChange.ADDED;
          case DELETE -> Message.PortChange.REMOVED;
          case MODIFY -> Message.PortChange.MODIFIED;
        };
    return new Message.PortChanged(xid, change, port(status.getDesc()));
  }

  private static SwitchPort port(OFPortDesc port) {
    boolean up =
        !port.getState().contains(OFPortState.LINK_DOWN)
            && !port.getConfig().contains(OFPortConfig.PORT_DOWN);
    return new SwitchPort(
        port.getPortNo().getPortNumber(),
        port.getName(),
        new MacAddress(port.getHwAddr().getLong()),
        up);
  }

  private static Message meters(int xid, OFMeterConfigStatsReply reply) {
    List<Meter> meters = new ArrayList<>();
    for (OFMeterConfig meter : reply.getEntries()) {
      int id = (int) meter.getMeterId();
      if (meter.getEntries().size() == 1
          && meter.getEntries().getFirst() instanceof OFMeterBandDrop band
          && meter.getFlags().contains(OFMeterFlags.PKTPS)) {
        // Without the flag the switch tells the burst that it chose itself.
        boolean bursts = meter.getFlags().contains(OFMeterFlags.BURST);
        meters.add(new Meter(id, (int) band.getRate(), bursts ? (int) band.getBurstSize() : 0));
      } else {
        // None of ours: a rate that we never ask for, so that an audit replaces it.
        meters.add(new Meter(id, 0, 0));
      }
    }
    return new Message.Meters(xid, reply.getFlags().contains(OFStatsReplyFlags.REPLY_MORE), meters);
  }

  private static Message.BundleStep step(OFBundleCtrlType type) {
    return switch (type) {
      case OPEN_REPLY -> Message.BundleStep.OPENED;
      case CLOSE_REPLY -> Message.BundleStep.CLOSED;
      case COMMIT_REPLY -> Message.BundleStep.COMMITTED;
      case DISCARD_REPLY -> Message.BundleStep.DISCARDED;
      case OPEN_REQUEST, CLOSE_REQUEST, COMMIT_REQUEST, DISCARD_REQUEST ->
          Message.BundleStep.REQUEST;
    };
  }
}
