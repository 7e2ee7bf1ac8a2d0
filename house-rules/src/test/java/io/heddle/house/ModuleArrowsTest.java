package io.heddle.house;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.heddle.house.SourceTree.SourceFile;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// Which module may use which. Tests may use more: only what is shipped is looked at.
class ModuleArrowsTest {
  private static final String[] EVERYTHING = {
    "core", "openflow", "ovsdb", "vpc", "firewall", "rest", "cli", "node", "testkit"
  };

  /// A module's folder, its own package below `io.heddle`, and the packages that it may use.
  private static final Map<String, Arrows> ARROWS =
      Map.ofEntries(
          Map.entry("controller-core", Arrows.of("core")),
          Map.entry("southbound-openflow", Arrows.of("openflow", "core")),
          Map.entry("southbound-ovsdb", Arrows.of("ovsdb", "core")),
          Map.entry("apps-vpc", Arrows.of("vpc", "core")),
          Map.entry("apps-firewall", Arrows.of("firewall", "core")),
          Map.entry("northbound-rest", Arrows.of("rest", "core", "vpc", "firewall")),
          Map.entry("operator-cli", Arrows.of("cli")),
          Map.entry("controller-node", Arrows.of("node", EVERYTHING)),
          Map.entry("testkit", Arrows.of("testkit", "core", "openflow", "ovsdb")),
          Map.entry("demo", Arrows.of("demo", EVERYTHING)),
          Map.entry("benchmarks", Arrows.of("benchmarks", EVERYTHING)));

  private static final SourceTree TREE = SourceTree.read();

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("io.heddle");

  @Test
  void everyModuleHasItsArrowsAndIsLookedAt() {
    Set<String> unknown = new TreeSet<>();
    Set<String> missing = new TreeSet<>();
    TREE.main()
        .forEach(file -> {
          if (!ARROWS.containsKey(file.module())) {
            unknown.add(file.module());
          } else if (!CLASSES.contain(file.packageName() + "." + file.typeName())) {
            missing.add(file.module());
          }
        });
    assertEquals(Set.of(), unknown, "say in ARROWS what these modules may use");
    assertEquals(Set.of(), missing, "make these modules dependencies in house-rules/pom.xml");
  }

  @Test
  void modulesUseOnlyWhatTheirArrowsAllow() {
    ARROWS.forEach((module, arrows) ->
        noClasses()
            .that()
            .resideInAPackage(arrows.own())
            .should()
            .dependOnClassesThat(
                resideInAPackage("io.heddle..").and(not(resideInAnyPackage(arrows.allowed()))))
            .because("that is what docs/architecture.md says of " + module)
            .allowEmptyShould(true)
            .check(CLASSES));
  }

  @Test
  void packagesBearTheirModulesName() {
    Set<String> found = new TreeSet<>();
    TREE.main()
        .filter(file -> ARROWS.containsKey(file.module()))
        .filter(file -> !ARROWS.get(file.module()).owns(file))
        .map(file -> file.at(1) + " is in " + file.packageName())
        .forEach(found::add);
    assertEquals(Set.of(), found);
  }

  /// @param own the module's packages, in ArchUnit's notation
  /// @param allowed these and those that it may use
  private record Arrows(String own, String[] allowed) {
    static Arrows of(String own, String... others) {
      return new Arrows(
          packages(own),
          Stream.concat(Stream.of(own), Stream.of(others))
              .map(Arrows::packages)
              .toArray(String[]::new));
    }

    private static String packages(String name) {
      return "io.heddle." + name + "..";
    }

    boolean owns(SourceFile file) {
      return (file.packageName() + "..").startsWith(own.substring(0, own.length() - 1));
    }
  }
}
