package io.heddle.core.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.heddle.core.model.ClusterView;
import io.heddle.core.model.HostId;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class ClaimTest {

  private static final HostId HOST = new HostId("hv1");
  private static final ClusterView VIEW =
      new ClusterView(9, List.of("n1", "n2"), new TreeMap<>(Map.of(HOST, Set.of("n1"))));

  @Test
  void theMasterClaimsAndTheOthersStandBy() {
    assertEquals(new Claim.Master(9), Claim.of("n2", HOST, VIEW, true));
    assertEquals(new Claim.Standby(9), Claim.of("n1", HOST, VIEW, true));
    assertEquals(new Claim.Standby(9), Claim.of("n3", HOST, VIEW, true));
  }

  @Test
  void whoMayHaveMissedALaterViewClaimsNothing() {
    assertEquals(new Claim.Hold(), Claim.of("n2", HOST, VIEW, false));
    assertEquals(new Claim.Hold(), Claim.of("n1", HOST, VIEW, false));
  }
}
