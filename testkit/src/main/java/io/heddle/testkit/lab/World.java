package io.heddle.testkit.lab;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// A claimed name with its run folder: opened before anything bears the name, gone after everything
/// has.
final class World implements AutoCloseable {
  private static final Set<World> OPEN = ConcurrentHashMap.newKeySet();

  static {
    Runtime.getRuntime()
        .addShutdownHook(new Thread(() -> OPEN.forEach(World::close), "lab-cleanup"));
  }

  private final LabName name;

  private World(LabName name) {
    this.name = name;
  }

  /// Sweeps what dead runs left and claims a name.
  static World open() {
    return RunRoot.locked(() -> {
      Leftovers.sweep();
      World world = new World(LabName.next());
      OPEN.add(world);
      RunRoot.create(world.name);
      return world;
    });
  }

  LabName name() {
    return name;
  }

  @Override
  public synchronized void close() {
    if (OPEN.contains(this)) {
      Leftovers.remove(name);
      OPEN.remove(this);
    }
  }
}
