package io.heddle.node.cluster;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.LifecycleMethodExecutionExceptionHandler;
import org.junit.jupiter.api.extension.TestExecutionExceptionHandler;

/// Prints what nodes logged last when a test fails: their files go with the test's folder.
final class NodeLogs
    implements TestExecutionExceptionHandler,
        LifecycleMethodExecutionExceptionHandler,
        AfterAllCallback {
  private static final int LINES = 300;
  private static final List<Path> LOGS = new CopyOnWriteArrayList<>();

  static void watch(Path log) {
    LOGS.add(log);
  }

  @Override
  public void handleTestExecutionException(ExtensionContext context, Throwable failure)
      throws Throwable {
    print();
    throw failure;
  }

  @Override
  public void handleBeforeAllMethodExecutionException(ExtensionContext context, Throwable failure)
      throws Throwable {
    print();
    throw failure;
  }

  @Override
  public void afterAll(ExtensionContext context) {
    LOGS.clear();
  }

  private static void print() {
    for (Path log : LOGS) {
      try {
        List<String> lines = Files.exists(log) ? Files.readAllLines(log) : List.of();
        int from = Math.max(0, lines.size() - LINES);
        System.out.printf("---- %s, from line %d%n", log.getFileName(), from + 1);
        lines.subList(from, lines.size()).forEach(System.out::println);
      } catch (IOException unreadable) {
        System.out.printf("---- %s: %s%n", log, unreadable);
      }
    }
  }
}
