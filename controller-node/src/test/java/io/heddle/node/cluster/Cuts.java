package io.heddle.node.cluster;

import io.heddle.testkit.lab.Lab;
import io.heddle.testkit.lab.Netns;
import java.util.ArrayList;
import java.util.List;

/// Links of the control network that are cut, until this is closed.
final class Cuts implements AutoCloseable {
  private final Lab lab;
  private final List<Link> links = new ArrayList<>();

  private record Link(Netns from, Netns to) {}

  Cuts(Lab lab) {
    this.lab = lab;
  }

  /// Loses what one sends to the other, and only that.
  Cuts oneWay(Netns from, Netns to) {
    lab.cut(from, to);
    links.add(new Link(from, to));
    return this;
  }

  Cuts between(Netns one, Netns other) {
    return oneWay(one, other).oneWay(other, one);
  }

  void heal() {
    links.forEach(link -> lab.heal(link.from(), link.to()));
    links.clear();
  }

  @Override
  public void close() {
    heal();
  }
}
