package io.heddle.demo;

import io.heddle.testkit.api.Api;
import java.io.Console;
import java.io.PrintStream;
import java.time.Duration;
import java.util.List;

/// What the newcomer sees: numbered steps with the time since the start. Colours only on a
/// terminal.
final class Screen {
  private static final String INDENT = "    ";

  private final PrintStream out;
  private final boolean coloured;
  private final long begin = System.nanoTime();
  private int steps;
  private volatile boolean closed;

  private Screen(PrintStream out, boolean coloured) {
    this.out = out;
    this.coloured = coloured;
  }

  /// Standard output; `NO_COLOR` (no-color.org) is heard.
  // "SystemConsoleNull": since JDK 25 there is no console again where there is no terminal.
  @SuppressWarnings("SystemConsoleNull")
  static Screen standard() {
    Console console = System.console();
    boolean terminal = console != null && console.isTerminal();
    return new Screen(System.out, terminal && System.getenv("NO_COLOR") == null);
  }

  static Screen plain(PrintStream out) {
    return new Screen(out, false);
  }

  void step(String title) {
    steps++;
    String clock = "%5.1f s".formatted(elapsed().toMillis() / 1000.0);
    line("");
    line(dim(clock) + "  " + bold("%d. %s".formatted(steps, title)));
  }

  void say(String text) {
    line(INDENT + text);
  }

  /// A command as one could type it.
  void command(String words) {
    line(INDENT + "$ " + words);
  }

  /// A request and what came of it.
  void exchange(String method, String path, String body, Api.Answer answer) {
    line(INDENT + (method + " " + path + " " + body).strip());
    line(
        dim(
            "%s  -> %d in %d ms, revision %d"
                .formatted(INDENT, answer.status(), answer.took().toMillis(), answer.revision())));
  }

  void check(Check check) {
    line(INDENT + verdict(check) + "  " + check.what() + ": " + check.seen());
  }

  void table(List<Check> checks) {
    int wide = checks.stream().mapToInt(check -> check.what().length()).max().orElse(0);
    String row = INDENT + "%-" + wide + "s  %-8s  %s";
    line("");
    line(bold(INDENT + "    " + row.formatted("check", "expected", "seen").strip()));
    for (Check check : checks) {
      line(
          INDENT
              + verdict(check)
              + "  "
              + row.formatted(check.what(), check.expected(), check.seen()).strip());
    }
    line("");
  }

  /// Nothing more is shown: somebody pressed Ctrl-C, and what fails from now on fails for that.
  void close() {
    closed = true;
  }

  Duration elapsed() {
    return Duration.ofNanos(System.nanoTime() - begin);
  }

  void line(String text) {
    if (!closed) {
      out.println(text);
      out.flush();
    }
  }

  private String verdict(Check check) {
    return check.asExpected() ? paint("32", "ok") : paint("1;31", "NO");
  }

  private String bold(String text) {
    return paint("1", text);
  }

  private String dim(String text) {
    return paint("2", text);
  }

  private String paint(String code, String text) {
    return coloured ? "\u001b[" + code + "m" + text + "\u001b[0m" : text;
  }
}
