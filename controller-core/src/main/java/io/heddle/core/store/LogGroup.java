package io.heddle.core.store;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/// The nodes that keep a [Log] together, as one of them sees it, and how their number changes.
///
/// What changes the group is asked of the node that leads. Its futures fail with [Log.NotLeader] on
/// any other, with [Refused] when the group certainly stays as it is, and with anything else when
/// only [#members] and [#leader] tell, later.
public interface LogGroup {

  /// A member, and where the others reach it.
  ///
  /// @param port 0 for a node that never has others
  record Peer(String name, String host, int port) {
    public Peer {
      if (name.isBlank() || host.isBlank() || port < 0 || port > 0xffff) {
        throw new IllegalArgumentException(
            "'%s' at '%s:%d' is no member of a group; it has a name, a host and a port up to 65535"
                .formatted(name, host, port));
      }
    }

    /// `HOST:PORT`
    public String address() {
      return host + ":" + port;
    }

    @Override
    public String toString() {
      return name + " at " + address();
    }
  }

  /// Who leads, as far as this node has heard.
  Optional<String> leader();

  /// The log's count of elections, as far as this node has heard.
  long term();

  /// How long ago this node last was in step with a majority: where it leads, since it asked what a
  /// majority then answered; where it follows, since the leader's last word. A node that never was
  /// says a day or more.
  Duration sinceContact();

  /// The members, this node included while it is one.
  List<Peer> members();

  /// Lets a node take part that was started to join. Completes when it has caught up and counts.
  CompletableFuture<Void> add(Peer peer);

  /// Lets a node take part no longer. That node stops by itself when it hears of it.
  CompletableFuture<Void> remove(String name);

  /// Completes when that member leads. Writes pause meanwhile, for about a round trip.
  CompletableFuture<Void> transferLeadership(String name);

  /// Is told, soon after, that the leader or the members may have changed. Called from a thread of
  /// the log's; must not block.
  Store.Subscription onChange(Runnable listener);

  /// The group stays as it is; the message says why, and what to do.
  final class Refused extends Exception {
    public Refused(String message) {
      super(message);
    }
  }
}
