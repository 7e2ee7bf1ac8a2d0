package io.heddle.cli;

import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/// The nodes that may be asked. Any will do, so the next is tried where one can't be reached, is
/// not ready, or has lost the others; the one that answers is kept.
final class Servers {

  private static final Duration CONNECT_WITHIN = Duration.ofSeconds(5);
  private static final int NOT_READY = 503;
  private static final String STALE = "Heddle-Stale";

  private final List<URI> all;
  private final Consumer<String> warnings;
  private final HttpClient http;
  private int current;

  /// @param all at least one
  /// @param warnings hears of answers that are to be taken with care
  /// @param authorities who vouches for servers; without them, who does on this machine
  Servers(List<URI> all, Consumer<String> warnings, Optional<SSLContext> authorities) {
    this.all = List.copyOf(all);
    this.warnings = warnings;
    HttpClient.Builder client =
        HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(CONNECT_WITHIN);
    authorities.ifPresent(client::sslContext);
    http = client.build();
  }

  /// A request that is made for whichever server is asked.
  interface Asking {
    HttpRequest.Builder at(URI server);
  }

  /// @param repeatable whether it may be sent again although it may have been carried out
  HttpResponse<String> ask(Asking asking, boolean repeatable) {
    return ask(asking, BodyHandlers.ofString(), repeatable);
  }

  HttpResponse<Stream<String>> follow(Asking asking) {
    return ask(asking, BodyHandlers.ofLines(), true);
  }

  void moveOn() {
    current = (current + 1) % all.size();
  }

  private <T> HttpResponse<T> ask(Asking asking, BodyHandler<T> body, boolean repeatable) {
    @Nullable HttpResponse<T> best = null;
    IOException silence = new IOException("nobody was asked");
    for (int i = 0; i < all.size(); i++) {
      URI server = all.get(current);
      try {
        HttpResponse<T> response = http.send(asking.at(server).build(), body);
        if (isGood(response)) {
          return response;
        }
        best = better(best, response);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new Failure(ExitCode.UNREACHABLE, "interrupted");
      } catch (UnresolvedAddressException e) {
        silence = new IOException("no such host", e);
      } catch (IOException e) {
        if (!repeatable && !isBeforeTheRequest(e)) {
          throw lost(server, e);
        }
        silence = e;
      }
      moveOn();
    }
    if (best == null) {
      throw unreachable(silence);
    }
    best.headers()
        .firstValue(STALE)
        .ifPresent(seconds ->
            warnings.accept(
                ("no node was found that reaches a majority of the cluster;"
                        + " this one has not for %s s, so what it says may be old")
                    .formatted(seconds)));
    return best;
  }

  private static boolean isGood(HttpResponse<?> response) {
    return response.statusCode() != NOT_READY && response.headers().firstValue(STALE).isEmpty();
  }

  /// An old answer is better than none.
  private static <T> HttpResponse<T> better(
      @Nullable HttpResponse<T> best, HttpResponse<T> response) {
    return best == null || best.statusCode() == NOT_READY ? response : best;
  }

  private static boolean isBeforeTheRequest(IOException e) {
    return e instanceof ConnectException
        || e instanceof HttpConnectTimeoutException
        || e instanceof SSLException;
  }

  private static Failure lost(URI server, IOException e) {
    return new Failure(
        ExitCode.UNREACHABLE,
        "%s fell silent (%s), and what was asked may have been done or not; look before you repeat it"
            .formatted(server, why(e)));
  }

  private Failure unreachable(IOException e) {
    String asked = all.stream().map(URI::toString).collect(Collectors.joining(", "));
    return new Failure(
        ExitCode.UNREACHABLE,
        """
        can't reach a controller at %s (%s)
          start one here: ./heddle serve
          or name others: --server URL (repeatable), HEDDLE_SERVER=URL or HEDDLE_SERVERS=URL,URL\
        """
            .formatted(asked, why(e)));
  }

  private static String why(IOException e) {
    return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
  }
}
