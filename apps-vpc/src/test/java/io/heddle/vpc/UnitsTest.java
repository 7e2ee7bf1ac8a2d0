package io.heddle.vpc;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.heddle.core.compile.FlowSet;
import io.heddle.core.compile.SetDelta;
import io.heddle.core.model.HostId;
import io.heddle.core.model.Port;
import io.heddle.core.model.Subnet;
import io.heddle.core.model.Vpc;
import io.heddle.vpc.command.DeletePort;
import io.heddle.vpc.command.UpdatePort;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/// What a change costs: which units run, and how many flows change in which sets.
class UnitsTest {

  private final Cloud cloud = new Cloud();
  private final HostId hv1 = cloud.host("hv1", "192.0.2.1");
  private final HostId hv2 = cloud.host("hv2", "192.0.2.2");
  private final Vpc vpc = cloud.vpc("blue", "10.0.0.0/16");
  private final Subnet subnet = cloud.subnet("web", vpc, "10.0.1.0/24");
  private final Port first = cloud.port("first", subnet);
  private final Port remote = cloud.port("remote", subnet);

  {
    cloud.plug(first, hv1, 1);
    cloud.plug(remote, hv2, 1);
  }

  /// The rules that ran, and for how many subjects.
  private String ran() {
    return cloud.last().ran().stream()
        .collect(Collectors.groupingBy(unit -> unit.rule(), TreeMap::new, Collectors.counting()))
        .toString();
  }

  /// `set +added -removed`, by set.
  private List<String> changed() {
    return cloud.last().sets().stream().map(UnitsTest::print).sorted().toList();
  }

  private static String print(SetDelta delta) {
    return "%s +%d -%d"
        .formatted(
            delta.set().scope().name().toLowerCase(Locale.ROOT),
            delta.added().size(),
            delta.removed().size());
  }

  @Test
  void creatingAPortRunsItsOwnUnitsOnly() {
    cloud.port("second", subnet);
    assertEquals(
        "{ArpAnswer=1, BridgedNeighbor=1, NeighborAdvertisement=1, RemoteForward=1, RoutedNeighbor=1}",
        ran());
    assertEquals(List.of("vpc +3 -0"), changed());
  }

  @Test
  void bindingItAddsItsHostsFlowsAndTheWayToThem() {
    Port second = cloud.port("second", subnet);
    cloud.plug(second, hv1, 2);
    assertEquals(
        "{ErrorPunts=1, LocalForward=1, OwnAddressSilence=1, PortClassification=1, RemoteForward=1, ServicePunts=1}",
        ran());
    assertEquals(List.of("host +7 -0", "vpc +1 -0"), changed());
  }

  @Test
  void aRemoteHostLearnsANewPortByFourFlows() {
    int before = cloud.flows(hv2).size();
    cloud.plug(cloud.port("second", subnet), hv1, 2);
    assertEquals(before + 4, cloud.flows(hv2).size());
  }

  @Test
  void unbindingTakesTheSameAway() {
    cloud.unplug(first, hv1);
    assertEquals(List.of("host +0 -8", "vpc +0 -1"), changed());
    assertEquals(List.of(FlowSet.GLOBAL), List.copyOf(cloud.compiler().setsOf(hv1)));
  }

  @Test
  void renamingAPortChangesNoFlow() {
    cloud.commit(
        new UpdatePort(first.id(), Cloud.ACME, OptionalLong.empty(), changes("other", true)));
    assertEquals(List.of(), changed());
  }

  @Test
  void aPortThatIsDownTakesNothingInAndIsNotReached() {
    cloud.commit(
        new UpdatePort(first.id(), Cloud.ACME, OptionalLong.empty(), changes("first", false)));
    assertEquals(List.of("host +0 -6", "vpc +0 -1"), changed());
  }

  private static UpdatePort.Changes changes(String name, boolean adminUp) {
    return new UpdatePort.Changes(
        Optional.of(name),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.of(adminUp),
        Optional.empty(),
        Optional.empty());
  }

  @Test
  void deletingABoundPortLeavesNothingOfIt() {
    int before = cloud.flows(hv2).size();
    Port second = cloud.port("second", subnet);
    cloud.plug(second, hv1, 2);
    cloud.commit(new DeletePort(second.id(), Cloud.ACME, OptionalLong.empty()));
    assertEquals(List.of("host +0 -7", "vpc +0 -4"), changed());
    assertEquals(before, cloud.flows(hv2).size());
  }

  @Test
  void anotherHostHoldsOnlyWhatItsPortsNeed() {
    Vpc red = cloud.vpc("red", "10.0.0.0/16");
    Port alone = cloud.port("alone", cloud.subnet("red", red, "10.0.1.0/24"));
    cloud.plug(alone, hv2, 2);
    assertEquals(
        List.of(FlowSet.GLOBAL, FlowSet.vpc(vpc.id()), FlowSet.host(hv1)),
        List.copyOf(cloud.compiler().setsOf(hv1)));
    assertEquals(4, cloud.compiler().setsOf(hv2).size());
  }
}
