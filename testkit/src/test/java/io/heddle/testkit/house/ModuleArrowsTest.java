package io.heddle.testkit.house;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.heddle.testkit.house.SourceTree.SourceFile;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/// Which module may use which, read from every import of the whole tree; tests may use more.
class ModuleArrowsTest {
  private static final Set<String> SOUTHBOUND_AND_CORE = Set.of("core", "openflow", "ovsdb");
  private static final Set<String> EVERYTHING =
      Set.of("core", "openflow", "ovsdb", "vpc", "firewall", "rest", "cli", "node", "testkit");

  /// A module's folder, its own package below `io.heddle`, and the packages that it may use.
  private static final Map<String, Arrows> ARROWS =
      Map.of(
          "controller-core", new Arrows("core", Set.of()),
          "southbound-openflow", new Arrows("openflow", Set.of("core")),
          "southbound-ovsdb", new Arrows("ovsdb", Set.of("core")),
          "apps-vpc", new Arrows("vpc", Set.of("core")),
          "apps-firewall", new Arrows("firewall", Set.of("core")),
          "northbound-rest", new Arrows("rest", Set.of("core", "vpc", "firewall")),
          "operator-cli", new Arrows("cli", Set.of()),
          "controller-node", new Arrows("node", EVERYTHING),
          "testkit", new Arrows("testkit", SOUTHBOUND_AND_CORE),
          "demo", new Arrows("demo", EVERYTHING));

  private static final SourceTree TREE = SourceTree.read();

  @Test
  void everyModuleHasItsArrows() {
    Set<String> unknown = new TreeSet<>();
    TREE.main().map(SourceFile::module).forEach(unknown::add);
    unknown.removeAll(ARROWS.keySet());
    assertEquals(Set.of(), unknown, "say in ARROWS what these modules may use");
  }

  @Test
  void modulesUseOnlyWhatTheirArrowsAllow() {
    Set<String> found = new TreeSet<>();
    TREE.main()
        .filter(file -> ARROWS.containsKey(file.module()))
        .forEach(file ->
            file.imports()
                .filter(imported -> imported.startsWith("io.heddle."))
                .filter(imported -> !ARROWS.get(file.module()).allow(imported))
                .map(imported -> "%s imports %s".formatted(file.at(1), imported))
                .forEach(found::add));
    assertEquals(Set.of(), found);
  }

  @Test
  void packagesBearTheirModulesName() {
    Set<String> found = new TreeSet<>();
    TREE.main()
        .filter(file -> ARROWS.containsKey(file.module()))
        .filter(file -> !ARROWS.get(file.module()).own(file.packageName()))
        .map(file -> file.at(1) + " is in " + file.packageName())
        .forEach(found::add);
    assertEquals(Set.of(), found);
  }

  /// @param own the module's package
  /// @param others those it may import
  private record Arrows(String own, Set<String> others) {
    boolean own(String name) {
      return (name + ".").startsWith("io.heddle." + own + ".");
    }

    boolean allow(String imported) {
      return own(imported)
          || others.stream().anyMatch(other -> imported.startsWith("io.heddle." + other + "."));
    }
  }
}
