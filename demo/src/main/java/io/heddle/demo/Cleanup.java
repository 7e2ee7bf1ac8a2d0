package io.heddle.demo;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// Takes down what the demo has set up, once, whether it ends, fails or is interrupted.
final class Cleanup implements AutoCloseable {
  private final Screen screen;
  private final Path folder;
  private @Nullable Site site;
  private boolean done;

  /// @param folder the demo's, with the controller's data and the log
  Cleanup(Screen screen, Path folder) {
    this.screen = screen;
    this.folder = folder;
  }

  Path data() {
    return folder.resolve("data");
  }

  synchronized Site add(Site opened) {
    site = opened;
    return opened;
  }

  /// The process ends: by itself, when all is clean already, or because of Ctrl-C.
  void interrupted() {
    if (!finished()) {
      screen.line("");
      screen.line("Cleaning up.");
      screen.close();
      close();
      Main.delete(folder);
    }
  }

  private synchronized boolean finished() {
    return done;
  }

  @Override
  public synchronized void close() {
    if (done) {
      return;
    }
    done = true;
    if (site != null) {
      site.close();
    }
    Main.delete(data());
  }
}
