package io.heddle.rest.http;

import java.util.UUID;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// What one request is called, from its answer to the log.
///
/// Clients may bring a name and may use it again, for all the requests of one errand say; in the
/// log the name must be this request's alone, for by it a node finds out what became of the
/// request. So there it has a tail.
///
/// @param shown what the client reads in answers, problems and events
/// @param inLog what the log holds
public record RequestId(String shown, String inLog) {

  public static final String HEADER = "X-Request-Id";

  private static final Pattern SANE = Pattern.compile("[A-Za-z0-9._:/+=@-]{1,64}");
  private static final char TAIL = '~';
  private static final int TAIL_LENGTH = 8;

  /// The client's name for the request where it makes sense, a new one otherwise.
  ///
  /// @param fresh ids that nothing else has
  public static RequestId of(@Nullable String brought, Supplier<UUID> fresh) {
    String own = fresh.get().toString();
    return brought != null && SANE.matcher(brought).matches()
        ? new RequestId(brought, brought + TAIL + own.substring(0, TAIL_LENGTH))
        : new RequestId(own, own);
  }

  /// What the client called a request that is in the log.
  public static String shown(String inLog) {
    int tail = inLog.indexOf(TAIL);
    return tail < 0 ? inLog : inLog.substring(0, tail);
  }
}
