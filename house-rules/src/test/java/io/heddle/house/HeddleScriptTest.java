package io.heddle.house;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.heddle.testkit.lab.Command;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `./heddle` as a newcomer meets it, in a project of its own that has nothing but what the test
/// puts there.
class HeddleScriptTest {
  @TempDir Path project;

  @BeforeEach
  void copyTheScript() throws IOException {
    Files.copy(SourceTree.read().root().resolve("heddle"), project.resolve("heddle"));
  }

  @Test
  void helpNamesEveryTaskInOneLine() {
    Command.Result help = heddle("help");
    assertEquals(0, help.exit());
    for (String task : List.of("demo", "check", "test", "serve", "cli", "install-cli", "deps")) {
      assertTrue(
          help.out().lines().anyMatch(line -> line.matches(" +" + task + " +\\S.*")), help::out);
    }
    assertEquals(help.out(), heddle("--help").out());
  }

  @Test
  void anUnknownTaskIsAnErrorThatListsWhatThereIs() {
    Command.Result unknown = heddle("weave");
    assertEquals(2, unknown.exit());
    assertTrue(unknown.err().startsWith("heddle: no task 'weave'"), unknown::err);
    assertTrue(unknown.err().contains("  demo "), unknown::err);
    assertEquals(2, heddle("install_cli").exit());
  }

  @Test
  void aTaskWhoseModuleIsMissingSaysSo() {
    Command.Result cli = heddle("cli", "vpc", "list");
    assertEquals(1, cli.exit());
    assertEquals("heddle: this version has no module operator-cli\n", cli.err());
  }

  @Test
  void totalsCountEveryOutcomeAndRefuseAnUnexplainedSkip() throws IOException {
    reports(
        "apps-vpc",
        """
        <testcase name="one" classname="io.heddle.vpc.RoutesTest" time="0.1"/>
        <testcase name="two" classname="io.heddle.vpc.RoutesTest" time="0.1">
          <system-out><![CDATA[noise]]></system-out>
        </testcase>
        <testcase name="kvm" classname="io.heddle.vpc.KvmTest" time="0">
          <skipped message="no kvm"/>
        </testcase>
        """);
    assertEquals("2 passed, 0 failed, 1 skipped", lastLine(heddle("totals")));
    assertEquals(1, heddle("totals").exit());
    Files.writeString(project.resolve("README.md"), "| KvmTest | needs /dev/kvm |\n");
    assertEquals(0, heddle("totals").exit());
  }

  @Test
  void totalsSumModulesAndNameWhatFailed() throws IOException {
    reports("a", "<testcase name=\"one\" classname=\"io.heddle.ATest\" time=\"0.1\"/>\n");
    reports(
        "b",
        """
        <testcase name="two" classname="io.heddle.BTest" time="0.1">
          <failure message="no" type="x"><![CDATA[trace]]></failure>
        </testcase>
        <testcase name="three" classname="io.heddle.BTest" time="0.1">
          <error message="no" type="x"/>
        </testcase>
        """);
    Command.Result totals = heddle("totals");
    assertEquals(1, totals.exit());
    assertEquals("1 passed, 2 failed, 0 skipped", lastLine(totals));
    assertTrue(totals.out().contains("failed:  b io.heddle.BTest#two"), totals::out);
    assertTrue(totals.out().contains("failed:  b io.heddle.BTest#three"), totals::out);
  }

  @Test
  void noTestAtAllIsNoSuccess() {
    assertEquals(1, heddle("totals").exit());
    assertEquals("0 passed, 0 failed, 0 skipped", lastLine(heddle("totals")));
  }

  private void reports(String module, String cases) throws IOException {
    Path folder = Files.createDirectories(project.resolve(module + "/target/surefire-reports"));
    Files.writeString(
        folder.resolve("TEST-x.xml"),
        "<?xml version=\"1.0\"?>\n<testsuite name=\"x\" tests=\"1\">\n" + cases + "</testsuite>\n");
  }

  private Command.Result heddle(String... arguments) {
    return Command.of(arguments)
        .prefixed(List.of("bash", project.resolve("heddle").toString()))
        .with(Map.of("LC_ALL", "C"))
        .attempt();
  }

  private static String lastLine(Command.Result result) {
    return result.out().lines().reduce("", (before, line) -> line);
  }
}
