package io.heddle.core.pipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.heddle.core.flow.Field;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/// `docs/pipeline.md` has the tables and registers that the code has. `-Dgolden.update` writes them
/// anew.
final class PipelineDocTest {

  private static final Path DOC = Path.of("..", "docs", "pipeline.md");
  private static final Path REGISTERS =
      Path.of("src", "main", "java", "io", "heddle", "core", "pipeline", "Registers.java");
  private static final String BEGIN = "<!-- generated: begin -->\n";
  private static final String END = "<!-- generated: end -->\n";
  private static final Pattern REGISTER =
      Pattern.compile("((?:  ///.*\n)+)  public static final Field (\\w+) =");

  @Test
  void theDocumentListsTheTablesAndRegistersOfTheCode() throws Exception {
    String doc = Files.readString(DOC);
    int from = doc.indexOf(BEGIN) + BEGIN.length();
    int to = doc.indexOf(END);
    String generated = stages() + "\n" + registers();
    if (System.getProperty("golden.update") != null) {
      Files.writeString(DOC, doc.substring(0, from) + generated + doc.substring(to));
      return;
    }
    assertEquals(
        generated, doc.substring(from, to), "run with -Dgolden.update and review the diff");
  }

  @Test
  void tablesAreInTheOrderInWhichPacketsMeetThem() {
    int last = -1;
    for (Stage stage : Stage.values()) {
      assertTrue(stage.table() > last, stage + " comes before its predecessor");
      last = stage.table();
    }
    assertTrue(Stage.values().length < 30, "more tables than an operator can keep in mind");
  }

  private static String stages() {
    StringBuilder text =
        new StringBuilder("| table | name | what happens there |\n|---|---|---|\n");
    for (Stage stage : Stage.values()) {
      text.append("| %d | `%s` | %s |\n".formatted(stage.table(), stage, stage.purpose()));
    }
    return text.toString();
  }

  private static String registers() throws IOException, ReflectiveOperationException {
    StringBuilder text = new StringBuilder("| field | bits | what it carries |\n|---|---|---|\n");
    Matcher matcher = REGISTER.matcher(Files.readString(REGISTERS));
    List<String> seen = new ArrayList<>();
    while (matcher.find()) {
      Field field = (Field) Registers.class.getField(matcher.group(2)).get(null);
      String purpose = matcher.group(1).replace("///", " ").replaceAll("\\s+", " ").strip();
      text.append("| `%s` | `%s` | %s |\n".formatted(matcher.group(2), field, purpose));
      seen.add(matcher.group(2));
    }
    assertTrue(seen.size() > 10, "found only " + seen);
    return text.toString();
  }
}
