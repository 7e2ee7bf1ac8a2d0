package io.heddle.node.cluster;

import com.github.benmanes.caffeine.cache.AsyncCache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.heddle.core.cluster.Peers;
import io.heddle.core.model.SecurityGroupId;
import io.heddle.core.store.StrictJson;
import io.heddle.rest.spi.PolicyWatch;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/// What security groups have met with, gathered from all nodes: each says it of the hosts that it
/// is the master of.
public final class SharedPolicyWatch implements PolicyWatch {

  private static final String HITS = "policy-hits";
  private static final String LOG = "policy-log";
  private static final Duration WITHIN = Duration.ofSeconds(8);

  /// Who asks again within this time gets the same answer: clients that poll cost the switches
  /// nothing more.
  private static final Duration FRESH = Duration.ofSeconds(3);

  private static final int GROUPS_KEPT = 1_000;

  /// What this node knows by itself.
  public interface Local {
    CompletableFuture<Hits> hits(SecurityGroupId group);

    Tail log(SecurityGroupId group, int limit);
  }

  private record Wanted(SecurityGroupId group, int limit) {}

  private final Peers peers;
  private final Local local;
  private final AsyncCache<SecurityGroupId, Hits> hits =
      Caffeine.newBuilder().expireAfterWrite(FRESH).maximumSize(GROUPS_KEPT).buildAsync();

  SharedPolicyWatch(Peers peers, Local local) {
    this.peers = peers;
    this.local = local;
    peers.answerLater(
        HITS,
        (from, request) -> local.hits(wanted(request).group()).thenApply(SharedPolicyWatch::json));
    peers.answer(
        LOG,
        (from, request) -> {
          Wanted wanted = wanted(request);
          return json(local.log(wanted.group(), wanted.limit()));
        });
  }

  @Override
  public CompletionStage<Hits> hits(SecurityGroupId group) {
    return hits.get(group, (id, executor) -> gather(id)).copy();
  }

  private CompletableFuture<Hits> gather(SecurityGroupId group) {
    List<CompletableFuture<Hits>> parts =
        ask(
            HITS,
            new Wanted(group, 0),
            Hits.class,
            node -> new Hits(Map.of(), new TreeSet<>(), new TreeSet<>(), List.of(node)));
    parts.add(local.hits(group));
    return all(parts).thenApply(Hits::sum);
  }

  @Override
  public CompletionStage<Tail> log(SecurityGroupId group, int limit) {
    List<CompletableFuture<Tail>> parts =
        ask(LOG, new Wanted(group, limit), Tail.class, node -> new Tail(List.of(), List.of(node)));
    parts.add(CompletableFuture.completedFuture(local.log(group, limit)));
    return all(parts).thenApply(tails -> Tail.sum(tails, limit));
  }

  /// Asks all other nodes.
  ///
  /// @param silent what stands for a node that does not answer
  private <T> List<CompletableFuture<T>> ask(
      String call, Wanted wanted, Class<T> type, Function<String, T> silent) {
    byte[] request = json(wanted);
    List<CompletableFuture<T>> parts = new ArrayList<>();
    for (String node : peers.present()) {
      parts.add(
          peers
              .call(node, call, request, WITHIN)
              .thenApply(bytes -> read(bytes, type))
              .exceptionally(failed -> silent.apply(node)));
    }
    return parts;
  }

  private static <T> CompletableFuture<List<T>> all(List<CompletableFuture<T>> parts) {
    return CompletableFuture.allOf(parts.toArray(CompletableFuture[]::new))
        .thenApply(done -> parts.stream().map(CompletableFuture::join).toList());
  }

  private static Wanted wanted(byte[] request) {
    return read(request, Wanted.class);
  }

  private static <T> T read(byte[] bytes, Class<T> type) {
    try {
      return StrictJson.MAPPER.readValue(bytes, type);
    } catch (IOException e) {
      throw new CompletionException(e);
    }
  }

  private static byte[] json(Object value) {
    try {
      return StrictJson.MAPPER.writeValueAsBytes(value);
    } catch (IOException e) {
      throw new IllegalStateException("an answer that does not serialise", e);
    }
  }
}
