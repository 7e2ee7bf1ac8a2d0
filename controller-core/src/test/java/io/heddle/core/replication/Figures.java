package io.heddle.core.replication;

import io.heddle.core.store.Outcome;
import io.heddle.core.store.Rig;
import io.heddle.core.store.Store;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;

/// Prints what a write costs on this machine's disk, beside the disk's bare fsync. Run it by hand;
/// its argument is a directory on the disk to measure.
final class Figures {

  private static final int WARM_UP = 300;
  private static final int SINGLE = 1_000;
  private static final int MANY = 20_000;
  private static final int IN_FLIGHT = 512;

  private Figures() {}

  public static void main(String[] arguments) throws Exception {
    Path directory = Files.createTempDirectory(Path.of(arguments[0]), "heddle-figures");
    fsync(directory, "before");
    RatisSettings settings = RatisSettings.alone("figures", "n1", directory.resolve("log"));
    try (Store store =
        new Store(
            new RatisLog(settings),
            HistoryArchive.open(directory.resolve("history"), HistoryArchive.Retention.DEFAULT),
            Rig.environment("n1", 1, new AtomicReference<>()))) {
      store.start();
      Rig.await(store.awaitLeading());
      single(store, "warm", WARM_UP);
      print("single write", single(store, "single", SINGLE));
      burst(store, "warm-burst", MANY / 4);
      long start = System.nanoTime();
      long revisions = -store.image().revision();
      burst(store, "burst", MANY);
      double seconds = (System.nanoTime() - start) / 1e9;
      revisions += store.image().revision();
      System.out.printf(
          "%d in flight: %.0f writes/s in %d batches%n", IN_FLIGHT, MANY / seconds, revisions);
      fsync(directory, "after");
      System.gc();
      Files.lines(Path.of("/proc/self/status"))
          .filter(line -> line.startsWith("VmRSS"))
          .forEach(System.out::println);
    }
    System.exit(0);
  }

  private static long[] single(Store store, String prefix, int count) {
    long[] nanos = new long[count];
    for (int i = 0; i < count; i++) {
      long start = System.nanoTime();
      if (!(Rig.await(store.submit(Rig.creation(prefix + "-" + i)))
          instanceof Outcome.Committed<?>)) {
        throw new IllegalStateException("not committed");
      }
      nanos[i] = System.nanoTime() - start;
    }
    return nanos;
  }

  private static void burst(Store store, String prefix, int count) throws InterruptedException {
    Semaphore room = new Semaphore(IN_FLIGHT);
    for (int i = 0; i < count; i++) {
      room.acquire();
      var _ =
          store
              .submit(Rig.creation(prefix + "-" + i))
              .whenComplete((done, failed) -> room.release());
    }
    room.acquire(IN_FLIGHT);
  }

  /// What the log does for one small entry, without the log: a write of 512 bytes into reserved
  /// space, and a sync.
  private static void fsync(Path directory, String when) throws IOException {
    long[] nanos = new long[SINGLE];
    try (FileChannel channel =
        FileChannel.open(
            directory.resolve("fsync-" + when),
            StandardOpenOption.CREATE,
            StandardOpenOption.WRITE)) {
      channel.write(ByteBuffer.allocate(1 << 20));
      channel.force(true);
      for (int i = 0; i < SINGLE; i++) {
        long start = System.nanoTime();
        channel.write(ByteBuffer.allocate(512), i * 512L);
        channel.force(false);
        nanos[i] = System.nanoTime() - start;
      }
    }
    print("bare fsync " + when, nanos);
  }

  private static void print(String what, long[] nanos) {
    Arrays.sort(nanos);
    System.out.printf(
        "%s: p50 %.2f ms, p99 %.2f ms%n",
        what, nanos[nanos.length / 2] / 1e6, nanos[nanos.length * 99 / 100] / 1e6);
  }
}
