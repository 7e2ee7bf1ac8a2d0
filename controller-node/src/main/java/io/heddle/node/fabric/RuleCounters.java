package io.heddle.node.fabric;

import io.heddle.core.compile.Cookies;
import io.heddle.core.compile.FlowSet;
import io.heddle.core.flow.Flow;
import io.heddle.core.model.HostId;
import io.heddle.core.model.SecurityGroup;
import io.heddle.core.model.SecurityGroupId;
import io.heddle.core.store.Image;
import io.heddle.firewall.rule.CountedFlows;
import io.heddle.openflow.codec.FlowStat;
import io.heddle.openflow.session.SwitchSession;
import io.heddle.rest.spi.PolicyWatch.Count;
import io.heddle.rest.spi.PolicyWatch.Hits;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/// Reads how often the rules of a security group were met off the switches of this node's hosts.
/// Nothing is read, and nothing kept, while nobody asks; who asks costs a switch one or two
/// requests for the flows of that group. Any thread may call.
public final class RuleCounters {

  private static final Duration WITHIN = Duration.ofSeconds(5);

  private final Fabric fabric;
  private final Supplier<Image> image;

  public RuleCounters(Fabric fabric, Supplier<Image> image) {
    this.fabric = fabric;
    this.image = image;
  }

  /// What the switches that this node programs have counted for a group.
  public CompletableFuture<Hits> of(SecurityGroupId id) {
    Image now = image.get();
    Optional<SecurityGroup> group = now.find(id);
    if (group.isEmpty()) {
      return CompletableFuture.completedFuture(Hits.NONE);
    }
    CountedFlows counted = CountedFlows.of(group.get(), now);
    return fabric
        .holders(FlowSet.group(id))
        .thenCompose(holders -> {
          List<CompletableFuture<Hits>> each = new ArrayList<>();
          holders.forEach((host, session) -> each.add(ofHost(host, session, counted)));
          return CompletableFuture.allOf(each.toArray(CompletableFuture[]::new))
              .thenApply(done -> Hits.sum(each.stream().map(CompletableFuture::join).toList()));
        });
  }

  private static CompletableFuture<Hits> ofHost(
      HostId host, Optional<SwitchSession> session, CountedFlows counted) {
    Hits silent = new Hits(Map.of(), new TreeSet<>(), new TreeSet<>(List.of(host)), List.of());
    if (session.isEmpty()) {
      return CompletableFuture.completedFuture(silent);
    }
    List<CompletableFuture<List<FlowStat>>> dumps = new ArrayList<>();
    for (CountedFlows.Question question : counted.questions()) {
      dumps.add(
          session
              .get()
              .dump(
                  new FlowStat.Request(
                      question.stage().table(),
                      Cookies.MARK,
                      Cookies.MARK_MASK,
                      question.match())));
    }
    return CompletableFuture.allOf(dumps.toArray(CompletableFuture[]::new))
        .thenApply(done -> {
          Map<UUID, Count> rules = new HashMap<>();
          dumps.forEach(dump -> count(dump.join(), counted, rules));
          return new Hits(rules, new TreeSet<>(List.of(host)), new TreeSet<>(), List.of());
        })
        .orTimeout(WITHIN.toMillis(), TimeUnit.MILLISECONDS)
        .exceptionally(failed -> silent);
  }

  private static void count(List<FlowStat> stats, CountedFlows counted, Map<UUID, Count> rules) {
    for (FlowStat stat : stats) {
      Count count = new Count(stat.packets(), stat.bytes());
      for (UUID rule : stat.flow().map(Flow::key).map(counted::rulesOf).orElse(List.of())) {
        rules.merge(rule, count, Count::plus);
      }
    }
  }
}
