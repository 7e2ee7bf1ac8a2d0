package io.heddle.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.heddle.testkit.api.Api;
import io.heddle.testkit.api.Nic;
import io.heddle.testkit.lab.Await;
import io.heddle.testkit.lab.BackgroundPing;
import io.heddle.testkit.lab.FlowEvents;
import io.heddle.testkit.lab.LabHost;
import io.heddle.testkit.lab.LabVm;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A controller that is killed and comes back: nothing acknowledged is lost, no packet is, and a
/// switch that is right is left alone.
@Tag("slow")
class RestartTest {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final int BURST = 500;
  private static final int KILL_AFTER = 200;
  private static final int CLIENTS = 8;

  @TempDir Path folder;

  @Test
  void killedAmidABurstItKeepsWhatItAcknowledgedAndTouchesNoSwitchThatIsRight() throws Exception {
    try (Site site = Site.open(folder.resolve("data"))) {
      LabHost hv1 = site.host("hv1");
      LabHost hv2 = site.host("hv2");
      site.lab().warmUnderlay();
      UUID vpc = site.tenant().vpc("blue", "10.0.0.0/16");
      UUID subnet = site.tenant().subnet(vpc, "front", "10.0.0.0/20");
      Nic near = site.tenant().port(subnet, "near");
      Nic far = site.tenant().port(subnet, "far");
      LabVm vm = site.machine("near", near, hv1);
      LabVm _ = site.machine("far", far, hv2);
      try (BackgroundPing along = vm.pingAlong(far.address()).awaitFirstReply()) {
        Queue<String> acknowledged = killAmidABurst(site, subnet);
        site.startController();
        assertAllThere(site, acknowledged);
        settle(site, hv1, hv2);

        try (FlowEvents first = FlowEvents.of(hv1);
            FlowEvents second = FlowEvents.of(hv2)) {
          site.killController();
          site.startController();
          settle(site, hv1, hv2);
          along.awaitReplies(600); // six seconds: the first audit after a connect is over
          assertEquals(List.of(), first.seen());
          assertEquals(List.of(), second.seen());
          UUID _ = site.tenant().subnet(vpc, "back", "10.0.16.0/20");
          Await.until(PATIENCE, "the witness to speak", () -> !first.seen().isEmpty());
        }
        assertEquals(List.of(), along.stop().gaps());
      }
    }
  }

  /// Some clients create ports as fast as they can; when a part of them is acknowledged, the
  /// controller dies.
  private static Queue<String> killAmidABurst(Site site, UUID subnet) throws InterruptedException {
    Queue<String> acknowledged = new ConcurrentLinkedQueue<>();
    AtomicInteger next = new AtomicInteger();
    Api api = site.tenant().api();
    List<Thread> clients = new ArrayList<>();
    for (int client = 0; client < CLIENTS; client++) {
      clients.add(Thread.startVirtualThread(() -> create(api, subnet, next, acknowledged)));
    }
    Await.until(PATIENCE, "acknowledgements", () -> acknowledged.size() >= KILL_AFTER);
    site.killController();
    for (Thread client : clients) {
      client.join();
    }
    assertTrue(acknowledged.size() < BURST, "killed too late to be amid");
    return acknowledged;
  }

  private static void create(Api api, UUID subnet, AtomicInteger next, Queue<String> acknowledged) {
    try {
      for (int i = next.getAndIncrement(); i < BURST; i = next.getAndIncrement()) {
        String body = "{\"name\":\"burst-%d\",\"subnetId\":\"%s\"}".formatted(i, subnet);
        Api.Answer answer = api.post("/v1/ports", body);
        if (answer.accepted()) {
          acknowledged.add(answer.text("/id"));
        }
      }
    } catch (UncheckedIOException killed) {
      // As intended; what was under way is nobody's promise.
    }
  }

  private static void assertAllThere(Site site, Queue<String> ids) {
    Api api = site.tenant().api();
    List<String> lost = ids.stream().filter(id -> !api.get("/v1/ports/" + id).accepted()).toList();
    assertEquals(List.of(), lost);
  }

  /// Returns when both hosts have all that was ever asked for.
  private static void settle(Site site, LabHost... hosts) {
    for (LabHost host : hosts) {
      Api.Answer _ = site.tenant().awaitConnected(host.systemId());
    }
    Api.Answer _ =
        site.tenant()
            .api()
            .post("/v1/vpcs?wait=realized&timeoutSeconds=60", "{\"cidrs\":[\"10.9.0.0/16\"]}")
            .orFail();
  }
}
