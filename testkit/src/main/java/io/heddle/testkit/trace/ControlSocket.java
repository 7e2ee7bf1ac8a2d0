package io.heddle.testkit.trace;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/// What `ovs-appctl` speaks (`ovs-vswitchd(8)`, JSON-RPC over a Unix socket), without a process for
/// every word.
final class ControlSocket implements AutoCloseable {

  private static final ObjectMapper JSON = new ObjectMapper();

  private final SocketChannel channel;
  private final OutputStream requests;
  private final InputStream replies;
  private int id;

  ControlSocket(Path socket) {
    try {
      channel = SocketChannel.open(UnixDomainSocketAddress.of(socket));
      requests = Channels.newOutputStream(channel);
      replies = new BufferedInputStream(Channels.newInputStream(channel));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  String call(String method, List<String> arguments) {
    try {
      requests.write(
          JSON.writeValueAsBytes(Map.of("method", method, "params", arguments, "id", id++)));
      JsonNode reply = JSON.readTree(object());
      if (!reply.path("error").isNull()) {
        throw new IllegalStateException(method + " " + arguments + ": " + reply.path("error"));
      }
      return reply.path("result").asText();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// The bytes of one JSON object; nothing marks its end but its last brace.
  private byte[] object() throws IOException {
    ByteArrayOutputStream object = new ByteArrayOutputStream();
    int depth = 0;
    boolean quoted = false;
    do {
      int next = replies.read();
      if (next < 0) {
        throw new IOException("the switch hung up");
      }
      object.write(next);
      if (quoted && next == '\\') {
        object.write(replies.read());
      } else if (next == '"') {
        quoted = !quoted;
      } else if (!quoted) {
        depth += next == '{' ? 1 : next == '}' ? -1 : 0;
      }
    } while (depth > 0);
    return object.toByteArray();
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
