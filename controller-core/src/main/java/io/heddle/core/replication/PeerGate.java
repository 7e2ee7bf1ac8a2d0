package io.heddle.core.replication;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.concurrent.CompletableFuture;
import org.apache.ratis.proto.RaftProtos.AppendEntriesReplyProto;
import org.apache.ratis.proto.RaftProtos.AppendEntriesReplyProto.AppendResult;
import org.apache.ratis.proto.RaftProtos.AppendEntriesRequestProto;
import org.apache.ratis.proto.RaftProtos.InstallSnapshotRequestProto;
import org.apache.ratis.proto.RaftProtos.RequestVoteReplyProto;
import org.apache.ratis.proto.RaftProtos.RequestVoteRequestProto;
import org.apache.ratis.protocol.AdminAsynchronousProtocol;
import org.apache.ratis.protocol.AdminProtocol;
import org.apache.ratis.protocol.RaftClientAsynchronousProtocol;
import org.apache.ratis.protocol.RaftClientProtocol;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.server.RaftServer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What may come to this node's part of the group through the network, and what may go there.
///
/// Members' messages pass, unless they are of another cluster ([Strangers]), or ask for a vote that
/// this node must not give ([Amnesia]). Everything else that Ratis offers to whoever can connect,
/// such as appending entries or removing the group, is refused: this node asks for that itself,
/// inside its process.
final class PeerGate {

  private static final Logger LOG = LoggerFactory.getLogger(PeerGate.class);

  private final Contact contact;
  private final Memory memory;
  private final SnapshotStaging staging;
  private final RaftGroupId group;
  private final Strangers strangers;

  PeerGate(
      Contact contact,
      Memory memory,
      Strangers strangers,
      SnapshotStaging staging,
      RaftGroupId group) {
    this.contact = contact;
    this.memory = memory;
    this.strangers = strangers;
    this.staging = staging;
    this.group = group;
  }

  Contact contact() {
    return contact;
  }

  InvocationHandler inbound(RaftServer server) {
    return (proxy, method, arguments) -> {
      if (isForClients(method)) {
        throw new UnsupportedOperationException(method.getName() + " is not for the network");
      }
      Object request = arguments == null || arguments.length == 0 ? null : arguments[0];
      look(request, server);
      try {
        Object reply = call(server, method, arguments);
        answer(request, reply, server);
        return reply;
      } catch (UncheckedIOException e) {
        if (request instanceof InstallSnapshotRequestProto install
            && e.getCause() instanceof SnapshotStaging.OfAnotherCluster) {
          strangers.ignore(install);
        }
        throw e;
      }
    };
  }

  private static boolean isForClients(Method method) {
    Class<?> part = method.getDeclaringClass();
    return part == RaftClientProtocol.class
        || part == RaftClientAsynchronousProtocol.class
        || part == AdminProtocol.class
        || part == AdminAsynchronousProtocol.class;
  }

  /// Called before anything is sent, but for what a leader streams to its followers.
  void send(Object @Nullable [] arguments) throws IOException {
    if (arguments != null
        && arguments.length > 0
        && arguments[0] instanceof RequestVoteRequestProto vote) {
      memory.mayVoteFor(vote);
      voted(vote);
    }
  }

  private void voted(RequestVoteRequestProto vote) throws IOException {
    if (!vote.getPreVote()) {
      memory.voted(
          vote.getCandidateTerm(), vote.getServerRequest().getRequestorId().toStringUtf8());
    }
  }

  static @Nullable Object call(Object target, Method method, Object @Nullable [] arguments)
      throws Throwable {
    try {
      return method.invoke(target, arguments);
    } catch (InvocationTargetException e) {
      throw e.getCause() == null ? e : e.getCause();
    }
  }

  private void look(@Nullable Object request, RaftServer server) throws IOException {
    switch (request) {
      case AppendEntriesRequestProto append -> {
        strangers.check(append, server.getDivision(group).getRaftConf());
        memory.leaderSpeaks(append.getLeaderTerm(), end(append));
      }
      case InstallSnapshotRequestProto install -> {
        strangers.check(install);
        memory.mayInstall();
        if (install.getSnapshotChunk().getRequestIndex() == 0) {
          staging.clear();
        }
      }
      case RequestVoteRequestProto vote -> {
        strangers.check(vote, server.getDivision(group).getRaftConf());
        memory.mayVoteFor(vote);
      }
      case null, default -> {}
    }
  }

  /// Where the leader's log ends, as far as this message tells.
  private static long end(AppendEntriesRequestProto append) {
    long end = append.hasPreviousLog() ? append.getPreviousLog().getIndex() : -1;
    end += append.getEntriesCount();
    return append.getCommitInfosList().stream()
        .mapToLong(info -> info.getCommitIndex())
        .reduce(end, Math::max);
  }

  private void answer(@Nullable Object request, @Nullable Object reply, RaftServer server)
      throws IOException {
    if (request instanceof RequestVoteRequestProto vote
        && reply instanceof RequestVoteReplyProto answer
        && answer.getServerReply().getSuccess()) {
      voted(vote);
    } else if (request instanceof AppendEntriesRequestProto
        && reply instanceof CompletableFuture<?> future) {
      var _ =
          future.thenAccept(done -> {
            if (done instanceof AppendEntriesReplyProto answer
                && answer.getResult() != AppendResult.NOT_LEADER) {
              contact.heard();
              caughtUp(server);
            }
          });
    }
  }

  private void caughtUp(RaftServer server) {
    if (!memory.holdsBack()) {
      return;
    }
    try {
      memory.caughtUp(server.getDivision(group));
    } catch (IOException e) {
      LOG.debug("event=closing cause=\"{}\"", e.getMessage());
    }
  }
}
