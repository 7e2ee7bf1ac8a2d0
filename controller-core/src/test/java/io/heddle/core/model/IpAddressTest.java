package io.heddle.core.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class IpAddressTest {

  @ParameterizedTest
  @CsvSource({
    "::, ::",
    "::1, ::1",
    "1::, 1::",
    "fd00::5, fd00::5",
    "2001:db8:0:0:1:0:0:1, 2001:db8::1:0:0:1",
    "2001:0DB8:0:1:1:1:1:1, 2001:db8:0:1:1:1:1:1",
    "2001:db8:0:0:0:0:2:1, 2001:db8::2:1",
    "1:2:3:4:5:6:7:8, 1:2:3:4:5:6:7:8",
    "0:0:1::, 0:0:1::",
    "ff02::1:ff00:1, ff02::1:ff00:1",
    "10.0.0.5, 10.0.0.5",
  })
  void isWrittenInOneWay(String text, String canonical) {
    assertEquals(canonical, IpAddress.parse(text).toString());
    assertEquals(IpAddress.parse(text), IpAddress.parse(canonical));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ":",
        ":::",
        "1:2:3:4:5:6:7",
        "1:2:3:4:5:6:7:8:9",
        "1::2::3",
        "12345::",
        "g::",
        "::1/64",
        "1:2:3:4:5:6:7::8",
        "fd00::%eth0",
        " ::1",
        "10.0.0",
        "10.0.0.256"
      })
  void nothingElseIsAnAddress(String text) {
    assertThrows(IllegalArgumentException.class, () -> IpAddress.parse(text));
  }

  @ParameterizedTest
  @CsvSource({
    "::/0, fd00::1, true",
    "fd00::/16, fd00:5::1, true",
    "fd00::/16, fd01::1, false",
    "fd00:0:0:1::/64, fd00:0:0:1::ffff, true",
    "fd00:0:0:1::/64, fd00:0:0:2::1, false",
    "fd00::4/127, fd00::5, true",
    "fd00::4/127, fd00::6, false",
    "fd00::4/128, fd00::4, true",
    "0.0.0.0/0, fd00::4, false",
    "::/0, 10.0.0.1, false",
  })
  void prefixesHoldTheirAddresses(String prefix, String address, boolean inside) {
    assertEquals(inside, IpPrefix.parse(prefix).contains(IpAddress.parse(address)));
  }

  @Test
  void badPrefixesSayWhatWouldDo() {
    assertTrue(refusal("fd00::/129").contains("IPv6 has 0 to 128"));
    assertTrue(refusal("10.0.0.0/33").contains("IPv4 has 0 to 32"));
    assertTrue(refusal("fd00::1/64").contains("did you mean fd00::/64?"));
    assertTrue(refusal("fd00::").contains("2001:db8::/64"));
  }

  private static String refusal(String text) {
    return String.valueOf(
        assertThrows(IllegalArgumentException.class, () -> IpPrefix.parse(text)).getMessage());
  }

  @Test
  void ordersAsUnsignedNumbers() {
    assertTrue(Ipv6Address.parse("fd00::1").compareTo(Ipv6Address.parse("::1")) > 0);
    assertTrue(Ipv6Address.parse("::ffff:0:0:0").compareTo(Ipv6Address.parse("::1")) > 0);
    assertEquals(Ipv6Address.parse("fd00::100"), Ipv6Address.parse("fd00::ff").plus(1));
  }

  @Test
  void linkLocalAddressesComeFromMacs() {
    Ipv6Address address = Ipv6Address.linkLocal(MacAddress.parse("0e:00:00:00:00:01"));
    assertEquals("fe80::c00:ff:fe00:1", address.toString());
    assertTrue(address.isLinkLocal());
    assertFalse(Ipv6Address.parse("fec0::1").isLinkLocal());
  }

  @Test
  void bothFamiliesAreTextInJson() throws JsonProcessingException {
    ObjectMapper json = new ObjectMapper();
    for (String text : new String[] {"\"fd00::/64\"", "\"10.0.0.0/8\""}) {
      assertEquals(text, json.writeValueAsString(json.readValue(text, IpPrefix.class)));
    }
    assertEquals(IpAddress.parse("fd00::1"), json.readValue("\"fd00::1\"", IpAddress.class));
  }
}
