package io.heddle.core.simulation;

import io.heddle.core.model.HostId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// A switch, as Open vSwitch 3 is one: what it does about roles is in `ofproto/connmgr.c` and
/// `ofproto.c`, and nothing else of it is here but the revision that it was brought to.
final class SimulatedSwitch {

  enum Role {
    EQUAL,
    MASTER,
    SLAVE
  }

  private final World world;
  private final int index;
  private final HostId host;
  private final List<SwitchLink> links = new ArrayList<>();
  private boolean up = true;
  private long plugged;

  // What a restart forgets.
  private boolean generationSeen;
  private long generation;
  private long programmed;

  SimulatedSwitch(World world, int index) {
    this.world = world;
    this.index = index;
    this.host = new HostId("hv" + (index + 1));
  }

  int index() {
    return index;
  }

  HostId host() {
    return host;
  }

  boolean isUp() {
    return up;
  }

  long programmed() {
    return programmed;
  }

  /// Saw this generation in an earlier life of the cluster.
  void remember(long earlier) {
    generationSeen = true;
    generation = earlier;
  }

  List<SwitchLink> links() {
    return links;
  }

  Optional<SwitchLink> linkTo(int node) {
    return links.stream().filter(link -> link.node() == node).findFirst();
  }

  void connected(SwitchLink link) {
    links.add(link);
    link.say(new SwitchMessage.Plugged(plugged));
  }

  long plugged() {
    return plugged;
  }

  /// An interface is plugged in.
  void plug() {
    plugged++;
    world.journal().note("%s is plugged for the %dth time", host, plugged);
    world.journal().note("%s is plugged for the %dth time", host, plugged);
    links.forEach(link -> link.say(new SwitchMessage.Plugged(plugged)));
  }

  void disconnected(SwitchLink link) {
    links.remove(link);
  }

  void restart(long downFor) {
    up = false;
    generationSeen = false;
    programmed = 0;
    world.truth().switchRestarted(this);
    List.copyOf(links).forEach(SwitchLink::closeAtSwitch);
    world.timeline().after(downFor, () -> up = true);
  }

  /// The one connection that is master, if there is one.
  Optional<SwitchLink> master() {
    return links.stream().filter(link -> link.role() == Role.MASTER).findFirst();
  }

  void receive(SwitchLink link, SwitchMessage.ToSwitch message) {
    switch (message) {
      case SwitchMessage.AskRole ask -> asked(link, ask);
      case SwitchMessage.Program program -> program(link, program.revision());
    }
  }

  /// `handle_role_request`: the id is held against the latest one as a signed difference, so that
  /// it may wrap around.
  private void asked(SwitchLink link, SwitchMessage.AskRole ask) {
    if (ask.role() != Role.EQUAL) {
      boolean stale = generationSeen && ask.generation() - generation < 0;
      if (stale && !world.has(Mutation.SWITCH_FORGETS_GENERATIONS)) {
        world.journal().saw(Sight.CLAIM_STALE);
        link.say(new SwitchMessage.RoleStale(generation));
        return;
      }
      generation = ask.generation();
      generationSeen = true;
    }
    if (ask.role() == Role.MASTER && link.role() != Role.MASTER) {
      if (!world.has(Mutation.SWITCH_KEEPS_THE_OLD_MASTER)) {
        master()
            .ifPresent(former -> {
              world.journal().saw(Sight.MASTER_DEMOTED);
              former.become(Role.SLAVE);
              former.say(new SwitchMessage.Demoted());
            });
      }
    }
    link.become(ask.role());
    link.say(new SwitchMessage.RoleGiven(ask.role(), ask.generation()));
    if (ask.role() == Role.MASTER) {
      world.truth().mastered(this, link.node(), ask.generation());
    }
  }

  private void program(SwitchLink link, long revision) {
    if (link.role() == Role.SLAVE && !world.has(Mutation.SWITCH_OBEYS_SLAVES)) {
      world.journal().saw(Sight.SLAVE_REFUSED);
      link.say(new SwitchMessage.IsSlave());
      return;
    }
    world.truth().obeyed(this, link, revision, programmed);
    programmed = revision;
    link.say(new SwitchMessage.Programmed(revision));
  }
}
