package io.heddle.openflow.session;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// A switch that does about roles what Open vSwitch does (`handle_role_request`, `ofconn_set_role`,
/// `ofconn_set_primary_election_id`), checks who makes it change anything, and does nothing else.
final class RoleSwitch {

  /// What it may do wrong, to see that it is found.
  enum Mistake {
    NONE,
    ANY_GENERATION,
    SLAVES_ARE_OBEYED
  }

  /// Marks the packets that stand for flow-mods: what follows is a revision.
  static final long PROGRAM = 0x4865_6464_6c65_2121L;

  private static final int NOCHANGE = 0;
  private static final int EQUAL = 1;
  private static final int MASTER = 2;
  private static final int SLAVE = 3;

  /// The switch's end of a connection.
  static final class End {
    private final String node;
    private final Consumer<String> say;
    private int role = EQUAL;

    /// @param say takes an OpenFlow message in hexadecimal digits
    End(String node, Consumer<String> say) {
      this.node = node;
      this.say = say;
    }

    private void say(String hex, Object... values) {
      say.accept(hex.formatted(values));
    }

    String node() {
      return node;
    }
  }

  private final Mistake mistake;
  private final Consumer<String> story;
  private final List<End> ends = new ArrayList<>();
  private boolean generationSeen;
  private long generation;
  private long programmed;

  /// The latest epoch that was granted to a master since the switch was started, and to whom.
  private long masteredBy;

  private @Nullable String mastering;

  RoleSwitch(Mistake mistake, Consumer<String> story) {
    this.mistake = mistake;
    this.story = story;
  }

  void connected(End end) {
    ends.add(end);
  }

  void disconnected(End end) {
    ends.remove(end);
  }

  /// Forgets everything; whoever was connected is not any more.
  void restart() {
    ends.clear();
    generationSeen = false;
    programmed = 0;
    masteredBy = 0;
    mastering = null;
  }

  Optional<String> master() {
    return former().map(End::node);
  }

  long programmed() {
    return programmed;
  }

  private Optional<End> former() {
    return ends.stream().filter(end -> end.role == MASTER).findFirst();
  }

  void receive(End from, ByteBuffer message) {
    int xid = message.getInt(4);
    switch (message.get(1)) {
      case 2 -> from.say("05030008%08x", xid);
      case 18 -> from.say("05130010%08x000d000000000000", xid);
      case 20 -> from.say("05150008%08x", xid);
      case 24 -> asked(from, xid, message.getInt(8), message.getLong(16));
      default -> {
        int end = message.limit();
        if (end >= 24 && message.getLong(end - 16) == PROGRAM) {
          program(from, xid, message.getLong(end - 8));
        }
      }
    }
  }

  private void asked(End by, int xid, int role, long epoch) {
    if (role == NOCHANGE) {
      by.say("05190018%08x%08x00000000%016x", xid, by.role, generation);
      return;
    }
    if (role != EQUAL) {
      boolean stale = generationSeen && epoch - generation < 0;
      if (stale && mistake != Mistake.ANY_GENERATION) {
        by.say("0501000c%08x000b0000", xid);
        return;
      }
      generation = epoch;
      generationSeen = true;
    }
    if (role == MASTER && by.role != MASTER) {
      former()
          .ifPresent(former -> {
            former.role = SLAVE;
            former.say("051e0018%08x%08x00000000%016x", 0, SLAVE, generation);
          });
    }
    by.role = role;
    by.say("05190018%08x%08x00000000%016x", xid, role, epoch);
    if (role == MASTER) {
      story.accept("%s is master by %d".formatted(by.node, epoch));
      if (epoch > masteredBy) {
        masteredBy = epoch;
        mastering = by.node;
      }
    }
  }

  private void program(End by, int xid, long revision) {
    if (by.role == SLAVE && mistake != Mistake.SLAVES_ARE_OBEYED) {
      by.say("0501000c%08x0001000a", xid);
      return;
    }
    story.accept("%s programs %d".formatted(by.node, revision));
    if (!by.node.equals(mastering)) {
      throw new AssertionError(
          "the switch obeys %s, and its master is %s by %d"
              .formatted(by.node, mastering, masteredBy));
    }
    if (revision < programmed) {
      throw new AssertionError(
          "the switch obeys %s and goes back from %d to %d"
              .formatted(by.node, programmed, revision));
    }
    programmed = revision;
  }
}
