package io.heddle.rest.auth;

import com.nimbusds.jose.jwk.JWKSet;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// An issuer's public keys, as they were last read. What can't be read leaves the former keys in
/// use. One reading is under way at a time, and after one there is a pause, so that nobody makes us
/// ask the issuer without end by showing tokens with keys of his own invention.
final class KeySet implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(KeySet.class);

  /// Issuers publish a key well before they sign with it.
  private static final Duration EVERY = Duration.ofMinutes(5);

  private static final Duration FETCH_WITHIN = Duration.ofSeconds(5);
  private static final int MAX_BYTES = 1 << 20;

  private final JwtOptions.Keys source;
  private final InstantSource clock;
  private final Duration pause;
  private final HttpClient http =
      HttpClient.newBuilder()
          .connectTimeout(FETCH_WITHIN)
          .followRedirects(HttpClient.Redirect.NEVER)
          .build();
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().name("heddle-jwks").daemon(true).factory());
  private volatile JWKSet keys = new JWKSet();
  private @Nullable CompletableFuture<Void> reading;
  private Instant notBefore = Instant.MIN;

  /// @param pause between readings that tokens cause
  KeySet(JwtOptions.Keys source, InstantSource clock, Duration pause) {
    this.source = source;
    this.clock = clock;
    this.pause = pause;
    var _ =
        thread.scheduleWithFixedDelay(
            this::read, EVERY.toSeconds(), EVERY.toSeconds(), TimeUnit.SECONDS);
  }

  JWKSet keys() {
    return keys;
  }

  /// Reads the keys again, unless that was done just now.
  ///
  /// @return completes when they have been read, at once when they are not read
  synchronized CompletableFuture<Void> refresh() {
    if (reading != null && !reading.isDone()) {
      return reading;
    }
    Instant now = clock.instant();
    if (now.isBefore(notBefore)) {
      return CompletableFuture.completedFuture(null);
    }
    notBefore = now.plus(pause);
    CompletableFuture<Void> fresh = CompletableFuture.runAsync(this::read, thread);
    reading = fresh;
    return fresh;
  }

  private void read() {
    try {
      JWKSet now = JWKSet.parse(text()).toPublicJWKSet();
      if (!now.equals(keys)) {
        keys = now;
        LOG.info("event=token-keys-read from={} keys={}", source, now.size());
      }
    } catch (IOException | ParseException e) {
      LOG.warn(
          "event=token-keys-unreadable from={} cause=\"{}\" keys={} stay in use",
          source,
          e.getMessage(),
          keys.size());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private String text() throws IOException, InterruptedException {
    return switch (source) {
      case JwtOptions.Keys.InFile(var file) -> {
        try (InputStream in = Files.newInputStream(file)) {
          yield text(in);
        }
      }
      case JwtOptions.Keys.At(var url) -> {
        HttpResponse<InputStream> answer =
            http.send(
                HttpRequest.newBuilder(url).timeout(FETCH_WITHIN).build(),
                BodyHandlers.ofInputStream());
        try (InputStream in = answer.body()) {
          if (answer.statusCode() != 200) {
            throw new IOException("it answered " + answer.statusCode());
          }
          yield text(in);
        }
      }
    };
  }

  private static String text(InputStream in) throws IOException {
    byte[] bytes = in.readNBytes(MAX_BYTES + 1);
    if (bytes.length > MAX_BYTES) {
      throw new IOException("it is larger than %d bytes".formatted(MAX_BYTES));
    }
    return new String(bytes, StandardCharsets.UTF_8);
  }

  @Override
  public void close() {
    thread.shutdownNow();
    http.shutdownNow();
  }
}
