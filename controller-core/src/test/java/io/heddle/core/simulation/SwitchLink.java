package io.heddle.core.simulation;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// A connection between a switch and a node: messages arrive in order or not at all, and each end
/// learns in its own time that it is over. While the way is cut they wait, as in TCP.
final class SwitchLink {

  private final World world;
  private final SimulatedSwitch ofSwitch;
  private final int node;
  private final NodeProcess process;
  private final Chance chance;
  private final Pipe<SwitchMessage.ToSwitch> up;
  private final Pipe<SwitchMessage.FromSwitch> down;
  private final Deque<SwitchMessage.FromSwitch> inbox = new ArrayDeque<>();
  private @Nullable SwitchSession session;
  private SimulatedSwitch.Role role = SimulatedSwitch.Role.EQUAL;
  private boolean openAtSwitch = true;
  private boolean openAtNode = true;

  SwitchLink(World world, SimulatedSwitch ofSwitch, int node, NodeProcess process, Chance chance) {
    this.world = world;
    this.ofSwitch = ofSwitch;
    this.node = node;
    this.process = process;
    this.chance = chance;
    this.up =
        new Pipe<>(message -> {
          if (openAtSwitch) {
            ofSwitch.receive(this, message);
          }
        });
    this.down =
        new Pipe<>(message -> {
          inbox.add(message);
          process.after(0, this::readInbox);
        });
  }

  /// One direction.
  private final class Pipe<M> {
    private final Deque<M> messages = new ArrayDeque<>();
    private final Consumer<M> end;
    private boolean moving;

    Pipe(Consumer<M> end) {
      this.end = end;
    }

    void send(M message) {
      messages.add(message);
      if (!moving) {
        move(chance.micros(50, 2_000));
      }
    }

    private void move(long in) {
      moving = true;
      world.timeline().after(in, this::arrive);
    }

    private void arrive() {
      if (isCut()) {
        move(chance.millis(20, 60));
        return;
      }
      end.accept(messages.remove());
      moving = false;
      if (!messages.isEmpty()) {
        move(chance.micros(1, 500));
      }
    }
  }

  private boolean isCut() {
    return world.network().isSwitchCut(node, ofSwitch.index());
  }

  int node() {
    return node;
  }

  SimulatedSwitch ofSwitch() {
    return ofSwitch;
  }

  /// As the switch has it.
  SimulatedSwitch.Role role() {
    return role;
  }

  void become(SimulatedSwitch.Role given) {
    role = given;
  }

  /// From the switch.
  void say(SwitchMessage.FromSwitch message) {
    down.send(message);
  }

  /// From the node.
  void ask(SwitchMessage.ToSwitch message) {
    up.send(message);
  }

  /// The node takes the connection.
  ///
  /// @return false when it has ended meanwhile
  boolean accepted(SwitchSession taker) {
    session = taker;
    return openAtNode;
  }

  private void readInbox() {
    SwitchMessage.FromSwitch message = inbox.remove();
    if (openAtNode && session != null) {
      session.heard(message);
    }
  }

  void closeAtSwitch() {
    if (openAtSwitch) {
      openAtSwitch = false;
      ofSwitch.disconnected(this);
      tellNode();
    }
  }

  private void tellNode() {
    process.after(noticed(), this::closeAtNode);
  }

  /// An end that the other one has closed hears of it at once, or misses its signs of life.
  private long noticed() {
    return isCut() ? chance.millis(2_000, 9_000) : chance.micros(100, 20_000);
  }

  void closeAtNode() {
    if (openAtNode) {
      openAtNode = false;
      if (session != null) {
        session.ended();
      }
      tellSwitch();
    }
  }

  private void tellSwitch() {
    world.timeline().after(noticed(), this::closeAtSwitch);
  }

  /// The process is gone: its kernel says so, if anybody hears it.
  void processEnded() {
    openAtNode = false;
    tellSwitch();
  }

  /// The way was cut, or the node stands still: whoever asks for a sign of life gives up in time.
  void doubted() {
    world
        .timeline()
        .after(
            chance.millis(3_000, 9_000),
            () -> {
              if (isCut() || process.isFrozen()) {
                closeAtSwitch();
              }
            });
    process.after(
        chance.millis(2_000, 9_000),
        () -> {
          if (isCut()) {
            closeAtNode();
          }
        });
  }
}
