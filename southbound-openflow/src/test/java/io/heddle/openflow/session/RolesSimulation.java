package io.heddle.openflow.session;

import io.heddle.openflow.codec.Bytes;
import io.heddle.openflow.codec.Message;
import io.heddle.openflow.codec.PacketIn;
import io.heddle.openflow.codec.SwitchError;
import io.heddle.openflow.codec.SwitchPort;
import io.heddle.openflow.codec.Xids;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.embedded.EmbeddedChannel;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// One run: a cluster's views and revisions as a plain list that each node has read up to
/// somewhere, our own [SwitchConnection]s, and a [RoleSwitch].
final class RolesSimulation {

  private static final int NODES = 3;
  private static final int STEPS = 1_500;
  private static final int TOLD = 200;
  private static final long DATAPATH = 7;

  /// The view that stands from a revision on.
  private record View(long revision, long epoch, String master) {}

  private final SplittableRandom random;
  private final RoleSwitch theSwitch;
  private final List<View> views = new ArrayList<>(List.of(new View(1, 1, "n0")));
  private final List<Node> nodes =
      IntStream.range(0, NODES).mapToObj(i -> new Node("n" + i)).toList();
  private final Deque<String> story = new ArrayDeque<>();
  private long revision = 1;

  RolesSimulation(long seed, RoleSwitch.Mistake mistake) {
    this.random = new SplittableRandom(seed);
    this.theSwitch = new RoleSwitch(mistake, this::tell);
  }

  private void tell(String line) {
    story.addLast(line);
    if (story.size() > TOLD) {
      story.removeFirst();
    }
  }

  String story() {
    return String.join("\n", story);
  }

  void run() {
    for (int step = 0; step < STEPS; step++) {
      step();
    }
    settle();
  }

  private void step() {
    Node node = nodes.get(random.nextInt(NODES));
    switch (random.nextInt(24)) {
      case 0 -> decide();
      case 1 -> node.lose();
      case 2 -> node.connect();
      case 3 -> node.contact(!node.inContact);
      case 4, 5, 6 -> node.read(random.nextLong(1, 4));
      case 7 -> {
        if (random.nextInt(20) == 0) {
          tell("the switch restarts");
          theSwitch.restart();
          nodes.forEach(Node::lose);
        }
      }
      case 8, 9 -> revision++;
      default -> node.exchange();
    }
  }

  /// A new view.
  private void decide() {
    revision++;
    View next = new View(revision, views.getLast().epoch() + 1, "n" + random.nextInt(NODES));
    views.add(next);
    tell(next.toString());
  }

  /// Everybody hears of everything, and nothing breaks any more.
  private void settle() {
    tell("peace");
    for (int turn = 0; turn < 60; turn++) {
      for (Node node : nodes) {
        node.connect();
        node.contact(true);
        node.read(revision);
        IntStream.range(0, 10).forEach(i -> node.exchange());
      }
    }
    Optional<String> due = Optional.of(views.getLast().master());
    if (!theSwitch.master().equals(due) || theSwitch.programmed() != revision) {
      throw new AssertionError(
          "after all, the master is %s, and should be %s; the switch is at %d, and should be at %d"
              .formatted(theSwitch.master(), due, theSwitch.programmed(), revision));
    }
  }

  /// A node: how far it has read, and its connection.
  private final class Node implements SwitchEvents, ClaimPolicy {
    private final String name;
    private final Xids xids = new Xids();
    private final Roster roster = new Roster(this);
    private @Nullable SwitchSession session;
    private @Nullable Link link;
    private boolean inContact = true;
    private long applied = 1;
    private long sent;

    Node(String name) {
      this.name = name;
    }

    @Override
    public Claim claimFor(long datapathId) {
      View view = views.stream().filter(each -> each.revision() <= applied).toList().getLast();
      if (!inContact) {
        return new Claim.Hold();
      }
      return view.master().equals(name)
          ? new Claim.Master(view.epoch())
          : new Claim.Standby(view.epoch());
    }

    void connect() {
      if (link == null) {
        Link fresh = new Link(this);
        link = fresh;
        roster.enter(fresh.connection);
        again();
      }
    }

    /// The switch's end breaks; this one hears of it later.
    void lose() {
      if (link != null) {
        link.breakAtSwitch();
      }
    }

    void contact(boolean has) {
      if (has != inContact) {
        inContact = has;
        again();
      }
    }

    void read(long revisions) {
      applied = Math.min(revision, applied + revisions);
      again();
    }

    private void again() {
      if (link != null) {
        link.connection.reclaim();
        exchangeNothing();
      }
    }

    private void exchangeNothing() {
      if (link != null) {
        link.run();
        program();
      }
    }

    /// As master, and in contact, it brings the switch to what it has applied. The connection sees
    /// to it that nothing leaves before a claim is answered.
    private void program() {
      boolean mine = claimFor(DATAPATH) instanceof Claim.Master;
      if (mine && session != null && sent < applied) {
        sent = applied;
        byte[] packet =
            ByteBuffer.allocate(16).putLong(RoleSwitch.PROGRAM).putLong(applied).array();
        boolean _ = session.packetOut(0, 1, Bytes.copyOf(packet));
        if (link != null) {
          link.run();
        }
      }
    }

    void exchange() {
      if (link != null) {
        link.exchange();
        exchangeNothing();
      }
    }

    @Override
    public void attached(long datapathId) {}

    @Override
    public void detached(long datapathId) {
      link = null;
    }

    @Override
    public void ready(SwitchSession fresh) {
      session = fresh;
      sent = 0;
    }

    @Override
    public void closed(SwitchSession ended, String why) {
      session = null;
    }

    @Override
    public void stale(long datapathId, long seenEpoch) {
      tell("%s is stale: %d has been seen".formatted(name, seenEpoch));
    }

    @Override
    public void packetIn(SwitchSession of, PacketIn packet) {}

    @Override
    public void portChanged(SwitchSession of, Message.PortChange change, SwitchPort port) {}

    @Override
    public void error(SwitchSession of, SwitchError error) {}
  }

  /// A connection: our end is real, the way between is two queues.
  private final class Link {
    private final EmbeddedChannel channel = new EmbeddedChannel();
    private final SwitchConnection connection;
    private final RoleSwitch.End end;
    private final Deque<ByteBuffer> up = new ArrayDeque<>();
    private final Deque<ByteBuf> down = new ArrayDeque<>();
    private boolean openAtSwitch = true;

    Link(Node node) {
      channel.freezeTime();
      connection =
          new SwitchConnection(
              channel, DATAPATH, new SwitchConnection.Shared(node, node, node.xids, node.roster));
      channel.pipeline().addLast(new FrameDecoder(), new MessageReader(), connection);
      end =
          new RoleSwitch.End(
              node.name, hex -> down.add(Unpooled.wrappedBuffer(HexFormat.of().parseHex(hex))));
      theSwitch.connected(end);
    }

    /// Lets our end do what it has to, and takes what it says.
    void run() {
      channel.runPendingTasks();
      for (ByteBuf out = channel.readOutbound(); out != null; out = channel.readOutbound()) {
        cut(ByteBufUtil.getBytes(out));
        out.release();
      }
      if (!channel.isOpen() && up.isEmpty()) {
        breakAtSwitch();
      }
    }

    private void cut(byte[] bytes) {
      ByteBuffer rest = ByteBuffer.wrap(bytes);
      while (rest.hasRemaining()) {
        int length = rest.getShort(rest.position() + 2);
        up.add(rest.slice(rest.position(), length));
        rest.position(rest.position() + length);
      }
    }

    /// One message moves, in one direction or the other, or our end hears that it is over.
    void exchange() {
      run();
      if (random.nextBoolean() && !up.isEmpty()) {
        ByteBuffer message = up.remove();
        if (openAtSwitch) {
          theSwitch.receive(end, message);
        }
      } else if (!down.isEmpty() && channel.isOpen()) {
        boolean _ = channel.writeInbound(down.remove());
      } else if (!openAtSwitch && channel.isOpen()) {
        ChannelFuture _ = channel.close();
      }
    }

    void breakAtSwitch() {
      openAtSwitch = false;
      theSwitch.disconnected(end);
    }
  }
}
