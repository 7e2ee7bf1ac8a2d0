package io.heddle.testkit.trace;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.heddle.core.flow.CtState;
import io.heddle.testkit.lab.DummySwitch;
import io.heddle.testkit.random.Seeded;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Random tables, random packets: the interpreter and Open vSwitch's `ofproto/trace` look the
/// packet up in the same tables, find the same flows and send it out of the same ports.
class OvsAgreementTest {

  private static final int TABLE_SETS = 50;
  private static final int PACKETS = 12;
  private static final List<List<CtState>> STATES =
      List.of(
          List.of(CtState.NEW),
          List.of(CtState.ESTABLISHED),
          List.of(CtState.ESTABLISHED, CtState.REPLY),
          List.of(CtState.INVALID));

  private int loaded;
  private int compared;

  @Test
  @Timeout(120)
  void tracesAgreeWithOpenVSwitch() {
    try (DummySwitch ovs = DummySwitch.withBridge()) {
      RandomFlows.OFPORTS.forEach(ofport -> ovs.addPort("p" + ofport, ofport));
      try (SwitchAgreement agreement = new SwitchAgreement(ovs)) {
        Seeded.check(TABLE_SETS, seeded -> compare(seeded, agreement));
      }
    }
    assertTrue(compared > loaded * PACKETS / 2, () -> "only %d compared".formatted(compared));
  }

  private void compare(Seeded seeded, SwitchAgreement agreement) {
    loaded++;
    agreement.load(RandomFlows.flows(seeded));
    for (int i = 0; i < PACKETS; i++) {
      if (agreement.check(RandomFlows.packet(seeded), seeded.pick(STATES))) {
        compared++;
      }
    }
  }
}
