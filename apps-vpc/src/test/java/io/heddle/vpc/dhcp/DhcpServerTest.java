package io.heddle.vpc.dhcp;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.heddle.core.model.HostId;
import io.heddle.core.model.Ipv4Address;
import io.heddle.core.model.MacAddress;
import io.heddle.core.model.Port;
import io.heddle.core.model.Subnet;
import io.heddle.core.pipeline.Overlay;
import io.heddle.core.punt.Answer;
import io.heddle.core.punt.Punt;
import io.heddle.testkit.random.Seeded;
import io.heddle.vpc.Cloud;
import io.heddle.vpc.command.UpdateSubnet;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class DhcpServerTest {

  private static final Ipv4Address GATEWAY = Ipv4Address.parse("10.0.1.1");
  private static final Ipv4Address ELSEWHERE = Ipv4Address.parse("10.0.1.200");

  private final Cloud cloud = new Cloud();
  private final HostId hv1 = cloud.host("hv1", "192.0.2.1");
  private final Subnet subnet =
      cloud.subnet("web", cloud.vpc("blue", "10.0.0.0/16"), "10.0.1.0/24");
  private final Port port = cloud.port("a", subnet, "10.0.1.9", "10.0.1.10");
  private final Ipv4Address address = port.addresses().getFirst();
  private final DhcpServer server = new DhcpServer();

  {
    cloud.plug(port, hv1, 5);
    dhcp(
        new Subnet.Dhcp(
            true,
            List.of(Ipv4Address.parse("10.0.1.2"), Ipv4Address.parse("9.9.9.9")),
            "vpc.example",
            List.of(Ipv4Address.parse("10.0.1.3")),
            7200));
  }

  private void dhcp(Subnet.Dhcp dhcp) {
    cloud.commit(
        new UpdateSubnet(
            subnet.id(),
            Cloud.ACME,
            OptionalLong.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.of(dhcp)));
  }

  private ClientFrame says(DhcpMessageType type) {
    return new ClientFrame(port.mac(), type);
  }

  private List<Answer> answers(byte[] frame) {
    return server.answer(cloud.image(), new Punt(hv1, 5, frame));
  }

  private ServerFrame answer(ClientFrame frame) {
    List<Answer> answers = answers(frame.bytes());
    assertEquals(1, answers.size());
    assertEquals(5, answers.getFirst().ofport());
    return ServerFrame.read(answers.getFirst().frame());
  }

  private void assertSilent(ClientFrame frame) {
    assertEquals(List.of(), answers(frame.bytes()));
  }

  @Test
  void aDiscoverIsOfferedThePortsAddress() {
    ServerFrame offer = answer(says(DhcpMessageType.DISCOVER));
    assertEquals(DhcpMessageType.OFFER, offer.type());
    assertEquals(address, offer.yours());
    assertEquals(ClientFrame.TRANSACTION, offer.transaction());
    assertEquals(Overlay.GATEWAY_MAC, offer.source());
    assertEquals(port.mac(), offer.target());
    assertEquals(GATEWAY, offer.from());
    assertEquals(address, offer.to());
  }

  @Test
  void anOfferHasAllThatTheSubnetSays() {
    ServerFrame offer = answer(says(DhcpMessageType.DISCOVER));
    assertEquals(GATEWAY, offer.address(DhcpCode.SERVER_ID));
    assertEquals(GATEWAY, offer.address(DhcpCode.ROUTER));
    assertEquals(Ipv4Address.parse("255.255.255.0"), offer.address(DhcpCode.SUBNET_MASK));
    assertEquals(Ipv4Address.parse("10.0.1.255"), offer.address(DhcpCode.BROADCAST));
    assertEquals(7200, offer.number(DhcpCode.LEASE_SECONDS));
    assertEquals(3600, offer.number(DhcpCode.RENEWAL_SECONDS));
    assertEquals(6300, offer.number(DhcpCode.REBINDING_SECONDS));
    assertArrayEquals(new byte[] {5, (byte) 0xaa}, offer.options().get(DhcpCode.MTU), "1450");
    assertArrayEquals(
        new byte[] {10, 0, 1, 2, 9, 9, 9, 9}, offer.options().get(DhcpCode.DNS_SERVERS));
    assertArrayEquals(new byte[] {10, 0, 1, 3}, offer.options().get(DhcpCode.NTP_SERVERS));
    assertEquals(
        "vpc.example",
        new String(offer.options().get(DhcpCode.DOMAIN_NAME), StandardCharsets.US_ASCII));
  }

  @Test
  void aClientThatCannotTakeUnicastIsToldByBroadcast() {
    ClientFrame discover = says(DhcpMessageType.DISCOVER);
    discover.flags = 0x8000;
    ServerFrame offer = answer(discover);
    assertEquals(MacAddress.BROADCAST, offer.target());
    assertEquals(Ipv4Address.parse("255.255.255.255"), offer.to());
  }

  @Test
  void aRequestForTheOfferIsConfirmed() {
    ServerFrame ack =
        answer(
            says(DhcpMessageType.REQUEST)
                .address(DhcpCode.REQUESTED_ADDRESS, address)
                .address(DhcpCode.SERVER_ID, GATEWAY));
    assertEquals(DhcpMessageType.ACK, ack.type());
    assertEquals(address, ack.yours());
    assertEquals(7200, ack.number(DhcpCode.LEASE_SECONDS));
  }

  @Test
  void anotherServersOfferIsNotOurs() {
    assertSilent(
        says(DhcpMessageType.REQUEST)
            .address(DhcpCode.REQUESTED_ADDRESS, address)
            .address(DhcpCode.SERVER_ID, ELSEWHERE));
  }

  @Test
  void aRebootedClientIsToldYesOrNo() {
    assertEquals(
        DhcpMessageType.ACK,
        answer(says(DhcpMessageType.REQUEST).address(DhcpCode.REQUESTED_ADDRESS, address)).type());
    ServerFrame nak =
        answer(says(DhcpMessageType.REQUEST).address(DhcpCode.REQUESTED_ADDRESS, ELSEWHERE));
    assertEquals(DhcpMessageType.NAK, nak.type());
    assertEquals(Ipv4Address.parse("255.255.255.255"), nak.to());
    assertEquals(MacAddress.BROADCAST, nak.target());
    assertEquals(new Ipv4Address(0), nak.yours());
    assertFalse(nak.options().containsKey(DhcpCode.LEASE_SECONDS));
  }

  @Test
  void aLeaseIsExtendedWhileTheAddressIsThePorts() {
    ServerFrame ack = answer(says(DhcpMessageType.REQUEST).uses(address));
    assertEquals(DhcpMessageType.ACK, ack.type());
    assertEquals(address, ack.to());
    assertEquals(DhcpMessageType.NAK, answer(says(DhcpMessageType.REQUEST).uses(ELSEWHERE)).type());
  }

  @Test
  void aRequestForNothingIsNotAnswered() {
    assertSilent(says(DhcpMessageType.REQUEST));
  }

  @Test
  void whoHasAnAddressIsToldTheRest() {
    ServerFrame ack = answer(says(DhcpMessageType.INFORM).uses(port.addresses().getLast()));
    assertEquals(DhcpMessageType.ACK, ack.type());
    assertEquals(new Ipv4Address(0), ack.yours());
    assertEquals(port.addresses().getLast(), ack.to());
    assertFalse(ack.options().containsKey(DhcpCode.LEASE_SECONDS));
    assertNotNull(ack.options().get(DhcpCode.DNS_SERVERS));
    assertSilent(says(DhcpMessageType.INFORM).uses(ELSEWHERE));
  }

  @Test
  void whatNeedsNoAnswerGetsNone() {
    assertSilent(says(DhcpMessageType.RELEASE).uses(address));
    assertSilent(says(DhcpMessageType.DECLINE).address(DhcpCode.REQUESTED_ADDRESS, address));
    assertSilent(says(DhcpMessageType.OFFER));
    assertSilent(says(DhcpMessageType.ACK));
  }

  @Test
  void onlyThePortsOwnMacIsHeard() {
    MacAddress stranger = MacAddress.parse("52:54:00:00:00:99");
    assertSilent(new ClientFrame(stranger, DhcpMessageType.DISCOVER));
    ClientFrame forAnother = says(DhcpMessageType.DISCOVER);
    forAnother.client = stranger;
    assertSilent(forAnother);
  }

  @Test
  void onlyABoundPortOfASubnetWithDhcpIsAnswered() {
    byte[] discover = says(DhcpMessageType.DISCOVER).bytes();
    assertEquals(List.of(), server.answer(cloud.image(), new Punt(hv1, 6, discover)));
    assertEquals(List.of(), server.answer(cloud.image(), new Punt(new HostId("hv9"), 5, discover)));
    dhcp(new Subnet.Dhcp(false, List.of(), "", List.of(), 7200));
    assertEquals(List.of(), answers(discover));
  }

  @Test
  void relayedMessagesAreNotForUs() {
    ClientFrame relayed = says(DhcpMessageType.DISCOVER);
    relayed.giaddr = ELSEWHERE.bits();
    assertSilent(relayed);
  }

  @Test
  void aClientIdComesBack() {
    byte[] id = {1, 2, 3, 4, 5, 6, 7};
    ServerFrame offer = answer(says(DhcpMessageType.DISCOVER).option(DhcpCode.CLIENT_ID, id));
    assertArrayEquals(id, offer.options().get(DhcpCode.CLIENT_ID));
  }

  @Test
  void whatDoesNotFitIsLeftOutLeastImportantFirst() {
    dhcp(new Subnet.Dhcp(true, List.of(GATEWAY), "a." + "b".repeat(60), List.of(), 7200));
    byte[] id = new byte[230];
    ClientFrame small = says(DhcpMessageType.DISCOVER).option(DhcpCode.CLIENT_ID, id);
    ServerFrame offer = answer(small);
    assertNotNull(offer.options().get(DhcpCode.ROUTER));
    assertFalse(offer.options().containsKey(DhcpCode.DOMAIN_NAME));
    assertTrue(answers(small.bytes()).getFirst().frame().length <= 14 + 576);
    ClientFrame large =
        says(DhcpMessageType.DISCOVER)
            .option(DhcpCode.CLIENT_ID, id)
            .option(DhcpCode.MAX_MESSAGE_SIZE, (byte) 5, (byte) 0xdc);
    assertNotNull(answer(large).options().get(DhcpCode.DOMAIN_NAME));
  }

  @Test
  void garbageIsNoRequestAndNoReasonToThrow() {
    byte[] good = says(DhcpMessageType.DISCOVER).option(DhcpCode.CLIENT_ID, new byte[20]).bytes();
    for (int length = 0; length < good.length; length++) {
      assertEquals(List.of(), answers(Arrays.copyOf(good, length)), "cut at " + length);
    }
    Seeded.check(
        2000,
        seeded -> {
          byte[] mutated = good.clone();
          for (int left = seeded.between(1, 8); left > 0; left--) {
            mutated[seeded.below(mutated.length)] = (byte) seeded.bits(8);
          }
          answers(Arrays.copyOf(mutated, seeded.between(0, mutated.length + 20)));
        });
  }
}
