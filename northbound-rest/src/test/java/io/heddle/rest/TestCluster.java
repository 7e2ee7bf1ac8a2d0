package io.heddle.rest;

import io.heddle.core.model.Project;
import io.heddle.core.replication.HistoryArchive;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/// Two nodes on one log. The first leads to begin with.
final class TestCluster implements AutoCloseable {

  private static final Project.Quotas PLENTY =
      new Project.Quotas(100_000, 100_000, 100_000, 100_000, 100_000);

  final SharedLog log = new SharedLog();
  final TestGroup group = new TestGroup();
  final SharedLog.End firstEnd = log.end();
  final SharedLog.End secondEnd = log.end();
  final TestNode first;
  final TestNode second;
  final ApiClient one;
  final ApiClient two;

  TestCluster(Path directory) throws Exception {
    this(directory, RestOptions.Limits.DEFAULT, HistoryArchive.Retention.DEFAULT);
  }

  TestCluster(Path directory, RestOptions.Limits limits, HistoryArchive.Retention retention)
      throws Exception {
    RestOptions options = new RestOptions("127.0.0.1", 0, null, limits);
    first =
        new TestNode(
            new TestNode.Parts("n1", firstEnd, directory(directory, "n1"), retention),
            options,
            group);
    second =
        new TestNode(
            new TestNode.Parts("n2", secondEnd, directory(directory, "n2"), retention),
            options,
            group);
    group.transfers = node -> log.lead(node == first ? firstEnd : secondEnd);
    one = new ApiClient(first.port());
    two = new ApiClient(second.port());
    firstLeads();
    first.foundProjects(PLENTY);
    second.awaitRevision(first.image().revision()).get(TestNode.PATIENCE_SECONDS, TimeUnit.SECONDS);
  }

  private static Path directory(Path parent, String name) throws Exception {
    return Files.createDirectories(parent.resolve(name));
  }

  void firstLeads() throws Exception {
    log.lead(firstEnd);
    first.awaitLeading();
  }

  void secondLeads() throws Exception {
    log.lead(secondEnd);
    second.awaitLeading();
  }

  @Override
  public void close() {
    one.close();
    two.close();
    first.close();
    second.close();
  }
}
