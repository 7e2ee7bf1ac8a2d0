package io.heddle.benchmarks.replication;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/// What the log does for one small entry, without the log: a write into reserved space, and a sync.
final class BareDisk {

  /// About what one created project makes in the log.
  private static final int RECORD_BYTES = 512;

  private static final int RESERVED_BYTES = 4 << 20;

  private BareDisk() {}

  /// One after the other, in one file or in several at a time.
  static Sample measure(Path directory, int files, int writes) {
    Executor threads = task -> Thread.ofPlatform().name("bare-disk").start(task);
    List<CompletableFuture<long[]>> running = new ArrayList<>();
    long start = System.nanoTime();
    for (int i = 0; i < files; i++) {
      Path file = directory.resolve("bare-" + i);
      running.add(CompletableFuture.supplyAsync(() -> measure(file, writes), threads));
    }
    List<long[]> nanos = running.stream().map(CompletableFuture::join).toList();
    long all = System.nanoTime() - start;
    return Sample.of(nanos.stream().flatMapToLong(Arrays::stream).toArray(), all);
  }

  private static long[] measure(Path file, int writes) {
    long[] nanos = new long[writes];
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      channel.write(ByteBuffer.allocate(RESERVED_BYTES));
      channel.force(true);
      for (int i = 0; i < writes; i++) {
        long start = System.nanoTime();
        channel.write(ByteBuffer.allocate(RECORD_BYTES), (long) i * RECORD_BYTES % RESERVED_BYTES);
        channel.force(false);
        nanos[i] = System.nanoTime() - start;
      }
      Files.delete(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return nanos;
  }
}
