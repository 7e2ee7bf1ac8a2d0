package io.heddle.demo;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `heddle demo`: exits with 0 if everything was seen as expected.
@Command(
    name = "demo",
    mixinStandardHelpOptions = true,
    description = {
      "Sets up a controller, two hypervisors and their machines on this computer, tries what shall pass",
      "and what shall not, and cleans up. Needs root."
    })
public final class Main implements Callable<Integer> {
  private static final int FAILED = 1;

  @Option(names = "--keep", description = "Leave it all running until Ctrl-C, to look around.")
  private boolean keep;

  private final Screen screen = Screen.standard();

  public static void main(String[] args) {
    System.exit(new CommandLine(new Main()).execute(args));
  }

  @Override
  public Integer call() throws IOException {
    Path folder = Files.createTempDirectory("heddle-demo-");
    Path log = folder.resolve("demo.log");
    logTo(log);
    Cleanup cleanup = new Cleanup(screen, folder);
    Runtime.getRuntime().addShutdownHook(new Thread(cleanup::interrupted, "demo-cleanup"));
    boolean good = false;
    try {
      Scorecard card = tour(cleanup);
      good = card.asExpected();
      conclude(card);
      cleanup.close();
    } catch (Exception | AssertionError failure) {
      cleanup.close();
      screen.line("");
      screen.line("heddle demo: it went wrong: " + failure.getMessage());
      good = false;
    }
    if (good) {
      delete(folder);
      return 0;
    }
    screen.line("The log of the controller and the lab: " + log);
    return FAILED;
  }

  private Scorecard tour(Cleanup cleanup) throws IOException, InterruptedException {
    screen.step("Start a controller");
    Site site =
        cleanup.add(
            Site.open(
                cleanup.data(),
                failure -> screen.line("heddle demo: the controller gave up: " + failure)));
    screen.say("API on %s, waiting for hypervisors on %s".formatted(site.server(), site.manager()));
    Tour tour = new Tour(site, screen);
    tour.run();
    if (keep) {
      tour.showTheWayAround();
      new CountDownLatch(1).await();
    }
    return tour.card();
  }

  private void conclude(Scorecard card) {
    long seconds = screen.elapsed().toSeconds();
    if (card.asExpected()) {
      screen.line("All %d checks as expected, in %d s.".formatted(card.checks().size(), seconds));
      screen.line("");
      screen.line("Where to look next:");
      screen.line(
          "  ./heddle demo --keep    the same, left running: log into machines, read flows");
      screen.line("  ./heddle serve --help   a controller for hypervisors of your own");
      screen.line("  ./heddle cli --help     what an operator types");
      screen.line("  docs/architecture.md    how rows become flows");
    } else {
      screen.line(
          "%d of %d checks were not as expected:"
              .formatted(card.failures().size(), card.checks().size()));
      card.failures()
          .forEach(check ->
              screen.line(
                  "  %s: expected %s, seen %s"
                      .formatted(check.what(), check.expected(), check.seen())));
    }
  }

  /// Before the first logger is made: from then on it is too late.
  private static void logTo(Path log) {
    System.setProperty("heddle.demo.log", log.toString());
    System.setProperty("logback.configurationFile", "demo-logback.xml");
  }

  static void delete(Path folder) {
    if (!Files.exists(folder)) {
      return;
    }
    try (Stream<Path> paths = Files.walk(folder)) {
      for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(path);
      }
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }
}
