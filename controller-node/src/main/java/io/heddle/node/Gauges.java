package io.heddle.node;

import io.heddle.core.store.Store;
import io.heddle.node.cluster.Mastery;
import io.heddle.node.cluster.Participation;
import io.heddle.node.fabric.Fabric;
import io.heddle.node.fabric.Punts;
import io.heddle.node.tls.NodeTls;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;

/// What `/metrics` says of intent and switches.
final class Gauges {

  private Gauges() {}

  static void register(MeterRegistry meters, Store store, Fabric fabric, Punts punts) {
    Gauge.builder("heddle.revision", store, s -> s.image().revision())
        .description("The last revision applied on this node.")
        .register(meters);
    Gauge.builder("heddle.hosts.programmed", fabric, Gauges::programmed)
        .description("Hosts whose switch is being kept in step.")
        .register(meters);
    Gauge.builder("heddle.realized.revision.least", fabric, Gauges::leastRealized)
        .description("The oldest revision among the programmed hosts.")
        .register(meters);
    Gauge.builder("heddle.units.left.out", fabric, f -> f.quarantined().size())
        .description("Units that are compiled nowhere because they can't be right.")
        .register(meters);
    Gauge.builder("heddle.units.refused", fabric, Gauges::refused)
        .description("Units that some switch refuses, summed over the hosts.")
        .register(meters);
    FunctionCounter.builder("heddle.flow.changes.encoded", fabric, Fabric::encodings)
        .description("Changes turned into bytes: once each, however many switches get them.")
        .register(meters);
    FunctionCounter.builder("heddle.audit.findings", fabric, Fabric::findings)
        .description("Flows and meters that looks at switches found otherwise than they should be.")
        .register(meters);
    FunctionCounter.builder("heddle.shadow.runs", fabric, Fabric::shadowRuns)
        .description("Times that everything was compiled once more from nothing.")
        .register(meters);
    FunctionCounter.builder("heddle.shadow.differences", fabric, Fabric::shadowDifferences)
        .description("Differences that this showed: each is a mistake of ours, and an alarm.")
        .register(meters);
    FunctionCounter.builder("heddle.punts.answered", punts, Punts::answered)
        .description("Packets that switches were given to send in answer to machines.")
        .register(meters);
    FunctionCounter.builder("heddle.punts.dropped", punts, Punts::dropped)
        .description("Packets from switches that were not answered because too many came at once.")
        .register(meters);
  }

  /// What it says of this node among the others.
  static void register(MeterRegistry meters, Store store, Participation cluster, Mastery mastery) {
    Gauge.builder("heddle.cluster.leading", store, s -> s.status().leading() ? 1 : 0)
        .description("1 where this node leads the cluster.")
        .register(meters);
    Gauge.builder("heddle.cluster.term", store, s -> s.status().term())
        .description("The term in which this node leads, or 0.")
        .register(meters);
    Gauge.builder("heddle.cluster.nodes.living", cluster, c -> c.pulse().living().size())
        .description("Members that this node has heard of within a second, itself among them.")
        .register(meters);
    Gauge.builder("heddle.cluster.silence.seconds", cluster, c -> c.silence().toMillis() / 1000.0)
        .description("Since this node last heard from a quorum.")
        .register(meters);
    Gauge.builder("heddle.cluster.epoch", mastery, Mastery::epoch)
        .description("The view that this node knows.")
        .register(meters);
    Gauge.builder("heddle.hosts.mastered", mastery, m -> m.mine().size())
        .description("Hosts whose master this node is.")
        .register(meters);
  }

  /// What it says of this node's certificate.
  static void register(MeterRegistry meters, NodeTls tls) {
    Gauge.builder("heddle.tls.expiry.timestamp.seconds", tls, t -> t.validUntil().getEpochSecond())
        .description("When the certificate in use expires, in seconds since 1970.")
        .register(meters);
    FunctionCounter.builder("heddle.tls.files.refused", tls, NodeTls::refusals)
        .description("Times that changed certificate files could not be used.")
        .register(meters);
  }

  private static double programmed(Fabric fabric) {
    return fabric.progress().values().stream().filter(Fabric.Progress::connected).count();
  }

  private static double leastRealized(Fabric fabric) {
    return fabric.progress().values().stream()
        .filter(Fabric.Progress::connected)
        .mapToLong(Fabric.Progress::realized)
        .min()
        .orElse(0);
  }

  private static double refused(Fabric fabric) {
    return fabric.progress().values().stream()
        .mapToInt(progress -> progress.refused().size())
        .sum();
  }
}
