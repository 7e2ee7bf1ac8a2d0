package io.heddle.node.fabric;

import io.heddle.core.compile.Capture;
import io.heddle.core.compile.Feature;
import java.time.Duration;
import java.util.Collection;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Compiles everything once more from nothing, now and then, to see whether what was compiled step
/// by step is the same. It always is, or a rule hides from the compiler what it depends on.
///
/// It has one thread, waits while the fabric has work, and takes no more than a twentieth of one
/// processor: the longer a compile takes, the rarer it is.
final class Shadow implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Shadow.class);

  private static final int SHARE = 20;
  private static final Duration BUSY_RETRY = Duration.ofSeconds(5);

  private final Collection<Feature> features;
  private final Duration every;
  private final Supplier<CompletableFuture<Optional<Capture>>> captures;
  private final Consumer<Result> found;
  private final LongAdder runs = new LongAdder();
  private final LongAdder differences = new LongAdder();
  private final ScheduledExecutorService executor =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().name("heddle-shadow").daemon(true).factory());

  /// What one compile showed.
  record Result(long revision, Capture.Differences differences) {}

  /// @param captures asks for what is compiled now; the answer is nothing while there is no time
  ///   for it
  /// @param found hears of differences, on the shadow's thread
  Shadow(
      Collection<Feature> features,
      Duration every,
      Supplier<CompletableFuture<Optional<Capture>>> captures,
      Consumer<Result> found) {
    this.features = features;
    this.every = every;
    this.captures = captures;
    this.found = found;
    schedule(every);
  }

  private void schedule(Duration delay) {
    try {
      var _ = executor.schedule(this::runInTurn, delay.toMillis(), TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException e) {
      LOG.debug("no further shadow compile: this node is stopping");
    }
  }

  private void runInTurn() {
    Duration pause = every;
    try {
      Optional<Capture> capture = captures.get().get();
      long start = System.nanoTime();
      capture.ifPresent(this::check);
      Duration took = Duration.ofNanos(System.nanoTime() - start);
      pause = capture.isEmpty() ? shorter(BUSY_RETRY) : longer(took.multipliedBy(SHARE));
    } catch (InterruptedException stop) {
      Thread.currentThread().interrupt();
      return;
    } catch (ExecutionException | RuntimeException e) {
      LOG.error("shadow compile failed", e);
    }
    schedule(pause);
  }

  private Duration shorter(Duration pause) {
    return pause.compareTo(every) < 0 ? pause : every;
  }

  private Duration longer(Duration pause) {
    return pause.compareTo(every) > 0 ? pause : every;
  }

  private Result check(Capture capture) {
    Result result = new Result(capture.image().revision(), capture.fromScratch(features));
    runs.increment();
    if (result.differences().count() > 0) {
      differences.add(result.differences().count());
      LOG.error(
          "shadow differs revision={} differences={} such-as={}",
          result.revision(),
          result.differences().count(),
          result.differences().some());
      found.accept(result);
    }
    return result;
  }

  /// Checks once, now, busy or not.
  CompletableFuture<Result> checkNow(CompletableFuture<Capture> capture) {
    return capture.thenApplyAsync(this::check, executor);
  }

  /// How many times it was checked.
  long runs() {
    return runs.sum();
  }

  /// Differences found in all runs.
  long differences() {
    return differences.sum();
  }

  @Override
  public void close() {
    executor.shutdownNow();
  }
}
