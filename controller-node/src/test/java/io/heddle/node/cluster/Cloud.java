package io.heddle.node.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.heddle.testkit.api.Api;
import io.heddle.testkit.api.Nic;
import io.heddle.testkit.api.Tenant;
import io.heddle.testkit.lab.Await;
import io.heddle.testkit.lab.BackgroundPing;
import io.heddle.testkit.lab.LabHost;
import io.heddle.testkit.lab.LabVm;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A cluster at work: two hypervisors, a machine on each that pings the other, and clients at all
/// nodes.
final class Cloud implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Cloud.class);
  private static final Duration REALIZED = Duration.ofSeconds(20);
  private static final int GROUPS = 10;

  /// What the load must have got done before something is broken, and after it is whole again.
  private static final int WARM = 50;

  private static final Pattern TCP_PORT = Pattern.compile("ct_nw_proto=6,.*ct_tp_dst=(\\d+)");

  private final ClusterSite site;
  private final LabHost hv1;
  private final LabHost hv2;
  private final LabVm near;
  private final Nic farNic;
  private final UUID pingable;
  private final List<UUID> visible;
  private final History history = new History();
  private final Inspection inspection = new Inspection(history);
  private final Load load;

  private Cloud(ClusterSite site) {
    this.site = site;
    hv1 = site.host("hv1");
    hv2 = site.host("hv2");
    site.lab().warmUnderlay();
    Tenant tenant = site.tenant();
    UUID vpc = tenant.vpc("blue", "10.0.0.0/16");
    UUID machines = tenant.subnet(vpc, "machines", "10.0.0.0/24");
    Resources resources = new Resources(history, vpc, tenant.subnet(vpc, "load", "10.0.16.0/20"));
    visible = List.of(resources.addGroup(tenant.api()), resources.addGroup(tenant.api()));
    for (int i = visible.size(); i < GROUPS; i++) {
      UUID _ = resources.addGroup(tenant.api());
    }
    pingable =
        tenant.group(
            vpc,
            "pingable",
            "{\"direction\":\"egress\"}",
            "{\"direction\":\"ingress\",\"protocol\":\"icmp\"}");
    Nic nearNic = tenant.port(machines, "near", pingable, visible.get(0), visible.get(1));
    farNic = tenant.port(machines, "far", pingable, visible.get(0), visible.get(1));
    near = site.machine("near", nearNic, hv1);
    LabVm _ = site.machine("far", farNic, hv2);
    load = new Load(site.founders(), history, resources);
  }

  /// Builds it; returns when the cluster is whole.
  static Cloud build(Path folder, int nodes) {
    ClusterSite site = ClusterSite.open(folder, nodes);
    boolean built = false;
    try {
      Cloud cloud = new Cloud(site);
      site.awaitWhole();
      built = true;
      return cloud;
    } finally {
      if (!built) {
        site.close();
      }
    }
  }

  ClusterSite site() {
    return site;
  }

  List<LabHost> hosts() {
    return List.of(hv1, hv2);
  }

  LabHost firstHost() {
    return hv1;
  }

  Load load() {
    return load;
  }

  History history() {
    return history;
  }

  /// A ping from machine to machine, across the hosts.
  BackgroundPing ping() {
    return near.pingAlong(farNic.address()).awaitFirstReply();
  }

  /// A rule more, which both switches have when this returns.
  void changeAFlow() {
    UUID _ =
        site.tenant()
            .allow(pingable, "{\"direction\":\"ingress\",\"protocol\":\"udp\",\"portFrom\":53}");
  }

  /// What is done to it.
  interface Deed {
    void run() throws Exception;
  }

  /// Does something while clients write and a ping runs, and heals. In the end nothing that was
  /// acknowledged is missing, no packet is, and the switches have what the last write says.
  void during(String what, Deed deed) throws Exception {
    site.awaitWhole();
    long begin = History.now();
    try (BackgroundPing along = ping()) {
      load.start();
      load.awaitAcknowledged(WARM);
      deed.run();
      load.awaitAcknowledged(WARM);
      load.stop();
      site.awaitWhole();
      BackgroundPing.Report pings = along.stop();
      LOG.info(
          "{}: {}; {} of {} pings lost", what, history.figures(begin), pings.lost(), pings.sent());
      assertEquals(List.of(), inspection.anomalies(site.running()));
      assertSwitchesAreRight();
      assertEquals(List.of(), pings.gaps());
    } finally {
      load.stop();
    }
  }

  /// Every flow is as it should be, says the audit; and what can be seen of the load in the
  /// switches is what its last writes say.
  private void assertSwitchesAreRight() {
    Set<String> wanted = new TreeSet<>();
    Api api = site.tenant().api();
    for (UUID group : visible) {
      wanted.add(api.get("/v1/security-groups/" + group).orFail().text("/labels/v"));
    }
    for (LabHost host : hosts()) {
      Await.until(
          REALIZED,
          "%s to show %s".formatted(host.name(), wanted),
          () -> {
            Set<String> shown = shown(host);
            if (!shown.equals(wanted)) {
              throw new IllegalStateException("it shows " + shown);
            }
            return true;
          });
    }
    Api.Answer audit = api.post("/v1/audit", "{}").orFail();
    audit
        .body()
        .at("/items")
        .forEach(item -> assertEquals("inStep", item.at("/result").asText(), item::toString));
    assertEquals(hosts().size(), audit.body().at("/items").size(), audit.body()::toString);
  }

  private static Set<String> shown(LabHost host) {
    Set<String> shown = new TreeSet<>();
    for (String flow : host.dumpFlows()) {
      TCP_PORT
          .matcher(flow)
          .results()
          .map((MatchResult match) -> match.group(1))
          .forEach(shown::add);
    }
    return shown;
  }

  @Override
  public void close() {
    try {
      load.close();
    } finally {
      site.close();
    }
  }
}
