package io.heddle.vpc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.heddle.core.inventory.ReportBindings;
import io.heddle.core.model.AddressPair;
import io.heddle.core.model.Binding;
import io.heddle.core.model.ClaimedAddress;
import io.heddle.core.model.HostId;
import io.heddle.core.model.IpPrefix;
import io.heddle.core.model.Ipv4Address;
import io.heddle.core.model.MacAddress;
import io.heddle.core.model.Port;
import io.heddle.core.model.PortId;
import io.heddle.core.model.Subnet;
import io.heddle.core.model.Vpc;
import io.heddle.core.pipeline.Overlay;
import io.heddle.core.punt.Punt;
import io.heddle.core.punt.PuntHandler;
import io.heddle.core.store.Command;
import io.heddle.core.trace.Packet;
import io.heddle.vpc.command.CreatePort;
import io.heddle.vpc.command.DeletePort;
import io.heddle.vpc.command.HostChoice;
import io.heddle.vpc.command.PortSettings;
import io.heddle.vpc.command.UpdatePort;
import io.heddle.vpc.nic.AddressClaims;
import io.heddle.vpc.nic.Arrivals;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/// Virtual addresses that move between ports, and ports that move between hosts.
class MovingTest {

  private static final Ipv4Address VIRTUAL = Ipv4Address.parse("10.0.1.100");
  private static final AddressPair PAIR = new AddressPair(IpPrefix.parse("10.0.1.100/32"), null);

  private final Cloud cloud = new Cloud();
  private final HostId hv1 = cloud.host("hv1", "192.0.2.1");
  private final HostId hv2 = cloud.host("hv2", "192.0.2.2");
  private final HostId hv3 = cloud.host("hv3", "192.0.2.3");
  private final Vpc vpc = cloud.vpc("blue", "10.0.0.0/16");
  private final Subnet web = cloud.subnet("web", vpc, "10.0.1.0/24");
  private final Subnet db = cloud.subnet("db", vpc, "10.0.2.0/24");
  private final Port first = router("first");
  private final Port second = router("second");
  private final Port client = cloud.port("client", web);
  private final Port far = cloud.port("far", db);

  MovingTest() {
    cloud.plug(first, hv1, 1);
    cloud.plug(second, hv2, 1);
    cloud.plug(client, hv3, 1);
    cloud.plug(far, hv3, 2);
  }

  private Port router(String name) {
    PortSettings settings = new PortSettings(true, List.of(PAIR), true, "", new HostChoice.Any());
    return cloud.commit(
        new CreatePort(
            new PortId(cloud.nextId()),
            web.id(),
            Cloud.ACME,
            name,
            Map.of(),
            Optional.empty(),
            List.of(),
            Optional.empty(),
            settings));
  }

  private UpdatePort update(Port port, UpdatePort.Changes changes) {
    return new UpdatePort(port.id(), Cloud.ACME, OptionalLong.empty(), changes);
  }

  private static UpdatePort.Changes pairs(AddressPair... pairs) {
    return new UpdatePort.Changes(
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.of(List.of(pairs)),
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  private static UpdatePort.Changes migratingTo(HostChoice host) {
    return new UpdatePort.Changes(
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.of(host));
  }

  /// What a handler learns of a frame, and what comes of it.
  private boolean learn(PuntHandler handler, HostId host, int ofport, byte[] frame) {
    assertEquals(List.of(), handler.answer(cloud.image(), new Punt(host, ofport, frame)));
    Optional<Command<Boolean>> command =
        handler.learn(cloud.image(), new Punt(host, ofport, frame));
    return command.isPresent() && cloud.commit(command.get());
  }

  private static byte[] gratuitousArp(MacAddress mac, Ipv4Address address) {
    ByteBuffer frame = ByteBuffer.allocate(42);
    frame.putShort((short) -1).putInt(-1);
    frame.putShort((short) (mac.bits() >>> 32)).putInt((int) mac.bits()).putShort((short) 0x0806);
    frame.putShort((short) 1).putShort((short) 0x0800).putShort((short) 0x0604).putShort((short) 1);
    frame.putShort((short) (mac.bits() >>> 32)).putInt((int) mac.bits()).putInt(address.bits());
    return frame.putShort((short) 0).putInt(0).putInt(address.bits()).array();
  }

  private boolean announces(Port port, HostId host) {
    return learn(new AddressClaims(), host, 1, gratuitousArp(port.mac(), VIRTUAL));
  }

  private Optional<PortId> holder() {
    return cloud.image().find(new ClaimedAddress.Id(vpc.id(), VIRTUAL)).map(ClaimedAddress::port);
  }

  private String walk(Port from, Packet packet) {
    return Walk.from(cloud, from, packet).toString();
  }

  private String asks(Port from) {
    return walk(
        from, Packet.arpRequest(from.mac(), new Packet.Path(from.addresses().getFirst(), VIRTUAL)));
  }

  private String routed(Port from, Ipv4Address target) {
    Packet.Link link = new Packet.Link(from.mac(), Overlay.GATEWAY_MAC);
    return walk(from, Packet.ping(link, new Packet.Path(from.addresses().getFirst(), target), 1));
  }

  @Test
  void aVirtualAddressIsWhereItWasAnnouncedLast() {
    assertTrue(asks(client).contains("drop"), "nobody has it yet");
    assertTrue(announces(first, hv1));
    assertEquals(Optional.of(first.id()), holder());
    assertTrue(asks(client).endsWith("services: output 1"), asks(client));
    assertTrue(routed(far, VIRTUAL).contains("to 192.0.2.1"), routed(far, VIRTUAL));
    assertTrue(announces(second, hv2));
    assertEquals(Optional.of(second.id()), holder());
    assertTrue(routed(far, VIRTUAL).contains("to 192.0.2.2"), routed(far, VIRTUAL));
    assertFalse(announces(second, hv2), "said before");
  }

  @Test
  void announcementsComeToTheControllerAndNoFurther() {
    Packet announcement = Packet.arpRequest(first.mac(), new Packet.Path(VIRTUAL, VIRTUAL));
    Packet anothers =
        Packet.arpRequest(client.mac(), new Packet.Path(client.addresses().getFirst(), VIRTUAL));
    assertTrue(walk(first, announcement).endsWith("controller 04"), walk(first, announcement));
    assertFalse(walk(client, anothers).contains("controller"));
  }

  @Test
  void whoIsToTakeItMayProbeForIt() {
    assertTrue(announces(first, hv1));
    Packet probe =
        Packet.arpRequest(second.mac(), new Packet.Path(Ipv4Address.parse("0.0.0.0"), VIRTUAL));
    assertTrue(walk(second, probe).contains("drop"), walk(second, probe));
    assertTrue(asks(second).endsWith("services: output 1"), "and ask for it, to use it");
    assertTrue(asks(first).contains("drop"), "who has it is not told of itself");
  }

  @Test
  void whoMayNotHaveItDoesNotGetIt() {
    assertFalse(announces(client, hv3), "no pair");
    assertFalse(
        learn(new AddressClaims(), hv1, 1, gratuitousArp(second.mac(), VIRTUAL)), "another's MAC");
    Port _ =
        cloud.commit(update(first, pairs(new AddressPair(IpPrefix.parse("10.0.1.96/28"), null))));
    assertFalse(announces(first, hv1), "a prefix is no virtual address");
    assertEquals(Optional.empty(), holder());
  }

  @Test
  void whatEndsThePairEndsTheClaim() {
    assertTrue(announces(first, hv1));
    Port _ = cloud.commit(update(first, pairs()));
    assertEquals(Optional.empty(), holder());
    assertTrue(announces(second, hv2));
    Port _ = cloud.commit(new DeletePort(second.id(), Cloud.ACME, OptionalLong.empty()));
    assertEquals(Optional.empty(), holder());
  }

  @Test
  void aPortThatIsPluggedInNowhereKeepsTheAddressForThem() {
    Port keeper = cloud.port("keeper", web, "10.0.1.100");
    assertTrue(announces(first, hv1));
    assertTrue(routed(far, VIRTUAL).contains("to 192.0.2.1"), routed(far, VIRTUAL));
    cloud.plug(keeper, hv3, 3);
    assertEquals(Optional.empty(), holder(), "it is plugged in, and has its address");
    assertFalse(announces(second, hv2));
  }

  @Test
  void aMovingPortWorksOnItsOldHostUntilItIsHeardOnTheNewOne() {
    Ipv4Address address = second.addresses().getFirst();
    Map<PortId, Integer> there = Map.of(second.id(), 7);
    assertEquals(1, cloud.commit(new ReportBindings(hv1, plugged(there))).size(), "not asked for");
    Port _ = cloud.commit(update(second, migratingTo(new HostChoice.Only(hv1))));
    assertEquals(Map.of(), cloud.commit(new ReportBindings(hv1, plugged(there))));
    assertEquals(2, bindings(second));
    assertTrue(routed(far, address).contains("to 192.0.2.2"), "still on the old host");
    assertTrue(routed(first, address).contains("to 192.0.2.2"), "for the new host's too");
    assertEquals(Map.of(), cloud.commit(new ReportBindings(hv2, Map.of(second.id(), 1))));
    assertFalse(learn(new Arrivals(), hv2, 1, new byte[64]), "the old host says nothing new");
    assertTrue(learn(new Arrivals(), hv1, 7, new byte[64]));
    assertEquals(1, bindings(second));
    assertNull(cloud.image().require(second.id()).migratingTo());
    assertTrue(routed(far, address).contains("to 192.0.2.1"), routed(far, address));
    assertTrue(routed(first, address).endsWith("output 7"), routed(first, address));
    assertEquals(1, cloud.commit(new ReportBindings(hv2, Map.of(second.id(), 1))).size());
    Port after = cloud.image().require(second.id());
    assertEquals(second.mac(), after.mac());
    assertEquals(second.addresses(), after.addresses());
    assertEquals(second.groups(), after.groups());
  }

  /// What hv1 reports: its own port, and these.
  private Map<PortId, Integer> plugged(Map<PortId, Integer> more) {
    Map<PortId, Integer> all = new HashMap<>(more);
    all.put(first.id(), 1);
    return all;
  }

  private int bindings(Port port) {
    return cloud.image().findBy(Binding.KIND, Binding.BY_PORT, port.id()).size();
  }

  @Test
  void aMoveEndsWithTheOldBindingAndCanBeCalledOff() {
    Port _ = cloud.commit(update(second, migratingTo(new HostChoice.Only(hv1))));
    var _ = cloud.commit(new ReportBindings(hv1, plugged(Map.of(second.id(), 7))));
    Port _ = cloud.commit(update(second, migratingTo(new HostChoice.Any())));
    assertEquals(1, bindings(second), "called off: bound where it was");
    Port _ = cloud.commit(update(second, migratingTo(new HostChoice.Only(hv1))));
    var _ = cloud.commit(new ReportBindings(hv1, plugged(Map.of(second.id(), 7))));
    cloud.unplug(second, hv2);
    assertEquals(1, bindings(second));
    assertNull(cloud.image().require(second.id()).migratingTo());
    assertTrue(routed(far, second.addresses().getFirst()).contains("to 192.0.2.1"));
  }

  @Test
  void aMoveNeedsSomethingToMove() {
    Port nowhere = cloud.port("nowhere", web);
    HostChoice there = new HostChoice.Only(hv1);
    assertTrue(
        cloud.refusal(update(nowhere, migratingTo(there))).detail().contains("plugged in nowhere"));
    assertTrue(
        cloud.refusal(update(first, migratingTo(there))).detail().contains("on host hv1 already"));
    HostChoice unknown = new HostChoice.Only(new HostId("hv9"));
    assertTrue(cloud.refusal(update(first, migratingTo(unknown))).detail().contains("hv9"));
  }
}
