package io.heddle.house;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.SourcePositions;
import com.sun.source.util.TreePathScanner;
import com.sun.source.util.Trees;
import io.heddle.house.SourceTree.SourceFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;

/// Sizes and words that every source file keeps to.
class TidyTest {
  private static final int FILE_LINES = 500;
  private static final int COLUMNS = 120;
  private static final int METHOD_LINES = 60;

  /// Five are plenty; a sixth is borne where a record has as many parts.
  private static final int PARAMETERS = 6;

  /// Names that say that something is managed or helped, but not what it is.
  private static final Pattern EMPTY_NAME = Pattern.compile(".*(Manager|Utils?|Helper|Impl)");

  /// Notes to oneself; split, so that this file passes its own test.
  private static final Pattern UNFINISHED =
      Pattern.compile("\\b(TO" + "DO|FIX" + "ME|X" + "XX)\\b");

  private static final SourceTree TREE = SourceTree.read();

  @Test
  void theTreeIsThere() {
    assertFalse(TREE.files().isEmpty());
  }

  @Test
  void filesAreShort() {
    assertNone(
        TREE.files().stream()
            .filter(file -> file.lines().size() > FILE_LINES)
            .map(file -> "%s: %d lines".formatted(file.at(1), file.lines().size())));
  }

  @Test
  void linesAreShort() {
    assertNone(lines(TREE.files().stream(), line -> line.length() > COLUMNS));
  }

  @Test
  void nothingIsLeftForLater() {
    assertNone(lines(TREE.files().stream(), line -> UNFINISHED.matcher(line).find()));
  }

  @Test
  void testsWaitForConditionsAndNeverSleep() {
    assertNone(lines(TREE.tests(), line -> line.contains("Thread." + "sleep(")));
  }

  @Test
  void namesSayWhatAThingIs() {
    assertNone(
        TREE.files().stream()
            .filter(file -> EMPTY_NAME.matcher(file.typeName()).matches())
            .map(file -> file.at(1)));
  }

  @Test
  void everyPackageSaysWhatItIsForAndMarksItsNulls() {
    assertNone(
        TREE.main()
            .map(file -> file.path().resolveSibling("package-info.java"))
            .distinct()
            .filter(info -> !describes(info))
            .map(info -> TREE.root().relativize(info).toString()));
  }

  @Test
  void methodsFitAScreenAndTakeFewParameters() throws IOException {
    assertNone(methods().stream());
  }

  private static boolean describes(Path info) {
    try {
      List<String> lines = Files.exists(info) ? Files.readAllLines(info) : List.of();
      return lines.contains("@NullMarked")
          && lines.stream().filter(line -> line.startsWith("/// ")).count() >= 2;
    } catch (IOException unreadable) {
      return false;
    }
  }

  private static Stream<String> lines(Stream<SourceFile> files, Predicate<String> offends) {
    return files.flatMap(file ->
        IntStream.range(0, file.lines().size())
            .filter(index -> offends.test(file.lines().get(index)))
            .mapToObj(index -> file.at(index + 1)));
  }

  /// Methods that are too long or take too much, found by the compiler's own parser.
  private static List<String> methods() throws IOException {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    List<String> found = new ArrayList<>();
    try (StandardJavaFileManager sources = compiler.getStandardFileManager(null, null, null)) {
      JavacTask task =
          (JavacTask)
              compiler.getTask(
                  null,
                  sources,
                  null,
                  List.of("-proc:none"),
                  null,
                  sources.getJavaFileObjectsFromPaths(
                      TREE.files().stream().map(SourceFile::path).toList()));
      SourcePositions positions = Trees.instance(task).getSourcePositions();
      for (CompilationUnitTree unit : task.parse()) {
        new MethodScanner(unit, positions, found).scan(unit, null);
      }
    }
    return found;
  }

  /// Collects the methods of one file that break a limit.
  private static final class MethodScanner extends TreePathScanner<Void, Void> {
    private final CompilationUnitTree unit;
    private final SourcePositions positions;
    private final List<String> found;

    MethodScanner(CompilationUnitTree unit, SourcePositions positions, List<String> found) {
      this.unit = unit;
      this.positions = positions;
      this.found = found;
    }

    @Override
    public Void visitMethod(MethodTree method, Void nothing) {
      long first = unit.getLineMap().getLineNumber(positions.getStartPosition(unit, method));
      long last = unit.getLineMap().getLineNumber(positions.getEndPosition(unit, method));
      if (last - first + 1 > METHOD_LINES) {
        found.add("%s: %d lines".formatted(place(method, first), last - first + 1));
      }
      if (method.getParameters().size() > PARAMETERS && !constructor(method)) {
        found.add(
            "%s: %d parameters".formatted(place(method, first), method.getParameters().size()));
      }
      return super.visitMethod(method, nothing);
    }

    /// A constructor takes what the object holds; how much that is, is the class's own affair.
    private static boolean constructor(MethodTree method) {
      return method.getReturnType() == null;
    }

    private String place(MethodTree method, long line) {
      Object owner = getCurrentPath().getParentPath().getLeaf();
      String type = owner instanceof ClassTree named ? named.getSimpleName().toString() : "";
      return "%s:%d %s.%s"
          .formatted(
              TREE.root().relativize(Path.of(unit.getSourceFile().toUri())),
              line,
              type,
              method.getName());
    }
  }

  private static void assertNone(Stream<String> violations) {
    assertEquals("", String.join("\n", violations.toList()));
  }
}
