package io.heddle.core.replication;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.apache.ratis.proto.RaftProtos.AppendEntriesRequestProto;
import org.apache.ratis.proto.RaftProtos.CommitInfoProto;
import org.apache.ratis.proto.RaftProtos.LogEntryProto;
import org.apache.ratis.proto.RaftProtos.RaftPeerRole;
import org.apache.ratis.proto.RaftProtos.RaftRpcRequestProto;
import org.apache.ratis.proto.RaftProtos.RequestVoteRequestProto;
import org.apache.ratis.proto.RaftProtos.StateMachineLogEntryProto;
import org.apache.ratis.protocol.ClientId;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.server.RaftConfiguration;
import org.apache.ratis.thirdparty.com.google.protobuf.ByteString;
import org.junit.jupiter.api.Test;

/// Two clusters of one name: whose leader is listened to.
class StrangersTest {

  private static final UUID OURS = new UUID(11, 12);
  private static final UUID THEIRS = new UUID(21, 22);
  private static final RaftPeer MEMBER = peer("n1", "10.0.0.1:7000");
  private static final RaftPeer UNKNOWN = peer("n4", "10.0.0.4:7000");
  private static final RaftPeer NAMESAKE = peer("n1", "10.9.9.1:7000");

  private long now;
  private final Strangers strangers = new Strangers(() -> now);

  private static RaftPeer peer(String name, String address) {
    return RaftPeer.newBuilder().setId(name).setAddress(address).build();
  }

  /// What this node knows: n1 is a member.
  private static final class Members implements RaftConfiguration {
    @Override
    public RaftPeer getPeer(RaftPeerId id, RaftPeerRole... roles) {
      return id.equals(MEMBER.getId()) ? MEMBER : null;
    }

    @Override
    public Collection<RaftPeer> getAllPeers(RaftPeerRole role) {
      return List.of(MEMBER);
    }

    @Override
    public Collection<RaftPeer> getCurrentPeers(RaftPeerRole roles) {
      return List.of(MEMBER);
    }

    @Override
    public Collection<RaftPeer> getPreviousPeers(RaftPeerRole roles) {
      return List.of();
    }

    @Override
    public long getLogEntryIndex() {
      return 0;
    }
  }

  private static AppendEntriesRequestProto append(RaftPeer from, long... stamps) {
    ByteString name = from.getId().toByteString();
    return AppendEntriesRequestProto.newBuilder()
        .setServerRequest(RaftRpcRequestProto.newBuilder().setRequestorId(name))
        .addCommitInfos(CommitInfoProto.newBuilder().setServer(from.getRaftPeerProto()))
        .addAllEntries(LongStream.of(stamps).mapToObj(StrangersTest::entry).toList())
        .build();
  }

  private static LogEntryProto entry(long stamp) {
    return LogEntryProto.newBuilder()
        .setStateMachineLogEntry(
            StateMachineLogEntryProto.newBuilder()
                .setClientId(ClientId.valueOf(new UUID(stamp, 5)).toByteString()))
        .build();
  }

  private void accepted(RaftPeer from, long... stamps) {
    assertDoesNotThrow(() -> strangers.check(append(from, stamps), new Members()));
  }

  private void refused(RaftPeer from, long... stamps) {
    assertThrows(IOException.class, () -> strangers.check(append(from, stamps), new Members()));
  }

  private boolean votes(RaftPeer candidate) {
    RequestVoteRequestProto vote =
        RequestVoteRequestProto.newBuilder()
            .setServerRequest(
                RaftRpcRequestProto.newBuilder().setRequestorId(candidate.getId().toByteString()))
            .build();
    try {
      strangers.check(vote, new Members());
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  @Test
  void whoDoesNotKnowItsClusterListensToAll() {
    accepted(UNKNOWN);
    accepted(UNKNOWN, Strangers.stamp(THEIRS));
  }

  @Test
  void aMemberIsBelievedUntilItSendsAnotherClustersEntries() {
    strangers.belongsTo(OURS);
    accepted(MEMBER);
    accepted(MEMBER, 0, Strangers.stamp(OURS));
    assertEquals(true, votes(MEMBER));
    refused(MEMBER, Strangers.stamp(OURS), Strangers.stamp(THEIRS));
    refused(MEMBER);
    assertEquals(false, votes(MEMBER));
    now += TimeUnit.SECONDS.toNanos(11);
    accepted(MEMBER);
    assertEquals(true, votes(MEMBER));
  }

  @Test
  void aLeaderThatIsNotKnownHasToShowOurStampFirst() {
    strangers.belongsTo(OURS);
    refused(UNKNOWN);
    refused(UNKNOWN, 0);
    accepted(UNKNOWN, 0, Strangers.stamp(OURS));
    accepted(UNKNOWN);
  }

  @Test
  void aNamesakeElsewhereIsNotTakenForTheMember() {
    strangers.belongsTo(OURS);
    refused(NAMESAKE);
    refused(NAMESAKE, Strangers.stamp(THEIRS));
    accepted(MEMBER);
    assertEquals(true, votes(MEMBER));
  }
}
