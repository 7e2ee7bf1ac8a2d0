package io.heddle.firewall.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.heddle.core.model.Service.PortRange;
import io.heddle.firewall.policy.PortMasks.PortMask;
import io.heddle.testkit.random.Seeded;
import java.util.List;
import org.junit.jupiter.api.Test;

class PortMasksTest {

  @Test
  void rangesBecomeTheFewestMasks() {
    assertEquals(List.of(new PortMask(80, 0xffff)), PortMasks.of(PortRange.single(80)));
    assertEquals(List.of(new PortMask(0, 0)), PortMasks.of(PortRange.ALL));
    assertEquals(
        List.of(new PortMask(1000, 0xfff8), new PortMask(1008, 0xffff)),
        PortMasks.of(new PortRange(1000, 1008)));
    assertEquals(16, PortMasks.of(new PortRange(1, 65535)).size());
    assertEquals(30, PortMasks.of(new PortRange(1, 65534)).size());
    assertEquals(List.of(new PortMask(65535, 0xffff)), PortMasks.of(PortRange.single(65535)));
  }

  @Test
  void exactlyThePortsOfTheRangeMatch() {
    Seeded random = Seeded.of(1);
    for (int round = 0; round < 50; round++) {
      int from = random.below(65536);
      int to = from + random.below(65536 - from);
      List<PortMask> masks = PortMasks.of(new PortRange(from, to));
      for (int port = 0; port <= 65535; port += 1 + random.below(7)) {
        int tried = port;
        long matching =
            masks.stream().filter(mask -> (tried & mask.mask()) == mask.value()).count();
        assertEquals(
            from <= port && port <= to ? 1 : 0, matching, () -> tried + " in " + from + "-" + to);
      }
      assertTrue(masks.size() <= 30);
    }
  }
}
