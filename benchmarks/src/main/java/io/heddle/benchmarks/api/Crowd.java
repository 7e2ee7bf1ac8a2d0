package io.heddle.benchmarks.api;

import io.heddle.benchmarks.replication.Sample;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Clients of one node. Each creates ports, reads, renames, lists and deletes them in turn, half of
/// it writing, one request after the other.
final class Crowd implements AutoCloseable {

  private static final int PORTS_KEPT = 20;
  private static final int TOO_MANY = 429;
  private static final int FIRST_NOT_OK = 300;
  private static final Pattern ID = Pattern.compile("\"id\":\"([^\"]+)\"");

  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final URI server;

  Crowd(URI server) {
    this.server = server;
  }

  /// A client of a tenant.
  ///
  /// @param pause between two requests; nothing to go on at once
  record Client(String token, String subnet, Duration pause) {}

  /// What some clients measured.
  ///
  /// @param refused how many requests got 429
  record Result(Sample all, Sample writes, long refused) {}

  /// What one client did.
  private static final class Diary {
    final List<Long> all = new ArrayList<>();
    final List<Long> writes = new ArrayList<>();
    long refused;
  }

  /// Begins; ends when the flag is set.
  Future<Result> run(List<Client> clients, AtomicBoolean over) {
    return threads.submit(() -> {
      long start = System.nanoTime();
      List<Future<Diary>> diaries = new ArrayList<>();
      for (Client client : clients) {
        diaries.add(threads.submit(() -> work(client, over)));
      }
      List<Long> all = new ArrayList<>();
      List<Long> writes = new ArrayList<>();
      long refused = 0;
      for (Future<Diary> each : diaries) {
        Diary diary = each.get();
        all.addAll(diary.all);
        writes.addAll(diary.writes);
        refused += diary.refused;
      }
      long took = System.nanoTime() - start;
      return new Result(sample(all, took), sample(writes, took), refused);
    });
  }

  private static Sample sample(List<Long> nanos, long took) {
    return nanos.isEmpty()
        ? new Sample(0, 0, 0)
        : Sample.of(nanos.stream().mapToLong(Long::longValue).toArray(), took);
  }

  private Diary work(Client client, AtomicBoolean over) throws IOException, InterruptedException {
    Diary diary = new Diary();
    Deque<String> mine = new ArrayDeque<>();
    for (int turn = 0; !over.get(); turn++) {
      String id = mine.isEmpty() ? "" : mine.peekFirst();
      switch (mine.isEmpty() ? 0 : turn % 6) {
        case 0 -> create(client, diary).ifPresent(mine::addLast);
        case 1, 3 -> ask(client, "GET", "/v1/ports/" + id, "", diary);
        case 2 ->
            ask(client, "PATCH", "/v1/ports/" + id, "{\"name\":\"n%d\"}".formatted(turn), diary);
        case 4 -> ask(client, "GET", "/v1/ports?limit=20&subnetId=" + client.subnet(), "", diary);
        default -> {
          if (mine.size() > PORTS_KEPT) {
            ask(client, "DELETE", "/v1/ports/" + mine.removeFirst(), "", diary);
          } else {
            create(client, diary).ifPresent(mine::addLast);
          }
        }
      }
      if (!client.pause().isZero()) {
        LockSupport.parkNanos(client.pause().toNanos());
      }
    }
    return diary;
  }

  private Optional<String> create(Client client, Diary diary)
      throws IOException, InterruptedException {
    String body = "{\"subnetId\":\"%s\"}".formatted(client.subnet());
    Matcher id = ID.matcher(ask(client, "POST", "/v1/ports", body, diary));
    return id.find() ? Optional.of(id.group(1)) : Optional.empty();
  }

  private String ask(Client client, String method, String path, String body, Diary diary)
      throws IOException, InterruptedException {
    long start = System.nanoTime();
    HttpResponse<String> response = send(client.token(), method, path, body);
    long took = System.nanoTime() - start;
    if (response.statusCode() == TOO_MANY) {
      diary.refused++;
      LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
      return "";
    }
    if (response.statusCode() >= FIRST_NOT_OK) {
      throw new IOException(method + " " + path + " got " + response.body());
    }
    diary.all.add(took);
    if (!method.equals("GET")) {
      diary.writes.add(took);
    }
    return response.body();
  }

  HttpResponse<String> send(String token, String method, String path, String body)
      throws IOException, InterruptedException {
    return http.send(
        HttpRequest.newBuilder(server.resolve(path))
            .header("Authorization", "Bearer " + token)
            .header("Content-Type", "application/json")
            .method(
                method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body))
            .build(),
        BodyHandlers.ofString());
  }

  /// The id of what is created, or the end of it all.
  String created(String token, String path, String body) throws IOException, InterruptedException {
    HttpResponse<String> response = send(token, "POST", path, body);
    Matcher id = ID.matcher(response.body());
    if (response.statusCode() >= FIRST_NOT_OK || !id.find()) {
      throw new IOException("POST " + path + " got " + response.body());
    }
    return id.group(1);
  }

  static Result of(Future<Result> running) throws IOException, InterruptedException {
    try {
      return running.get();
    } catch (ExecutionException e) {
      throw new IOException("a client failed", e);
    }
  }

  @Override
  public void close() {
    threads.shutdownNow();
    http.close();
  }
}
