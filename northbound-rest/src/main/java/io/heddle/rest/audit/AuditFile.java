package io.heddle.rest.audit;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.heddle.rest.auth.Caller;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The audit log of a node: JSON, a line for each write, in `audit.log` of its data directory,
/// which the owner alone may read. A full file becomes `audit.log.1`, and so on; the oldest goes.
///
/// Entries wait in a queue for a thread that writes. What does not fit, because the disk stands
/// still or is full, is counted, and the count is the next line that is written.
public final class AuditFile implements AuditTrail, AutoCloseable {

  public static final String FILE = "audit.log";

  private static final Logger LOG = LoggerFactory.getLogger(AuditFile.class);
  private static final ObjectMapper JSON = new ObjectMapper();

  /// Some 60,000 writes.
  private static final long MAX_BYTES = 16L << 20;

  private static final int KEPT = 8;
  private static final int MAX_WAITING = 8_192;

  private final Path file;
  private final long maxBytes;
  private final BlockingQueue<Entry> waiting = new ArrayBlockingQueue<>(MAX_WAITING);
  private final AtomicLong lost = new AtomicLong();
  private final Thread writer =
      Thread.ofPlatform().name("heddle-audit").daemon().unstarted(this::run);
  private @Nullable OutputStream out;
  private long written;
  private volatile boolean closing;

  private AuditFile(Path directory, long maxBytes) {
    this.file = directory.resolve(FILE);
    this.maxBytes = maxBytes;
  }

  /// @throws IOException when the file can't be written
  public static AuditFile in(Path directory) throws IOException {
    return in(directory, MAX_BYTES);
  }

  static AuditFile in(Path directory, long maxBytes) throws IOException {
    AuditFile audit = new AuditFile(directory, maxBytes);
    audit.open();
    audit.writer.start();
    return audit;
  }

  @Override
  public void note(Entry entry) {
    if (!waiting.offer(entry)) {
      lost.incrementAndGet();
    }
  }

  /// Entries that could not be written.
  public long lost() {
    return lost.get();
  }

  private void run() {
    List<Entry> batch = new ArrayList<>();
    while (!closing || !waiting.isEmpty()) {
      try {
        batch.add(waiting.take());
      } catch (InterruptedException stop) {
        // Whatever waits is still written.
      }
      waiting.drainTo(batch);
      write(batch);
      batch.clear();
    }
  }

  private void write(List<Entry> batch) {
    int done = 0;
    try {
      long missing = lost.getAndSet(0);
      if (missing > 0) {
        line(JSON.createObjectNode().put("lost", missing));
      }
      for (Entry entry : batch) {
        line(json(entry));
        done++;
      }
      if (out != null) {
        out.flush();
      }
    } catch (IOException e) {
      lost.addAndGet(batch.size() - done);
      LOG.error("event=audit-log-unwritable file={} cause=\"{}\"", file, e.getMessage());
      closeFile();
    }
  }

  private void line(ObjectNode json) throws IOException {
    byte[] line = (JSON.writeValueAsString(json) + "\n").getBytes(StandardCharsets.UTF_8);
    if (out != null && written + line.length > maxBytes) {
      closeFile();
      rotate();
    }
    OutputStream to = out == null ? open() : out;
    to.write(line);
    written += line.length;
  }

  private static ObjectNode json(Entry entry) throws JsonProcessingException {
    ObjectNode json = JSON.createObjectNode();
    json.put("at", entry.at().toString());
    json.put("request", entry.request());
    Caller caller = entry.caller();
    if (caller != null) {
      json.put("subject", caller.subject());
      json.put("role", caller.role().name().toLowerCase(Locale.ROOT));
      caller.confinedTo().ifPresent(project -> json.put("project", project.value()));
    }
    json.put("from", entry.from());
    json.put("operation", entry.operation());
    json.put("method", entry.method());
    json.put("path", entry.path());
    json.put("status", entry.status());
    if (entry.revision() > 0) {
      json.put("revision", entry.revision());
    }
    return json;
  }

  private OutputStream open() throws IOException {
    if (!Files.exists(file)) {
      Files.createFile(
          file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    }
    written = Files.size(file);
    OutputStream opened =
        new BufferedOutputStream(
            Files.newOutputStream(file, StandardOpenOption.APPEND, StandardOpenOption.WRITE));
    out = opened;
    return opened;
  }

  private void rotate() throws IOException {
    for (int i = KEPT - 1; i >= 1; i--) {
      if (Files.exists(numbered(i))) {
        Files.move(numbered(i), numbered(i + 1), StandardCopyOption.REPLACE_EXISTING);
      }
    }
    Files.move(file, numbered(1), StandardCopyOption.REPLACE_EXISTING);
  }

  private Path numbered(int number) {
    return file.resolveSibling(FILE + "." + number);
  }

  private void closeFile() {
    try (OutputStream _ = out) {
      out = null;
    } catch (IOException e) {
      LOG.error("event=audit-log-not-closed file={} cause=\"{}\"", file, e.getMessage());
    }
  }

  /// Writes what waits, and ends.
  @Override
  public void close() {
    closing = true;
    writer.interrupt();
    try {
      writer.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    closeFile();
  }
}
