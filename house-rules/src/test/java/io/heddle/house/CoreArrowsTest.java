package io.heddle.house;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// Which package of the core may use which: rows in, flows out, and no way back.
class CoreArrowsTest {
  private static final String CORE = "io.heddle.core.";

  /// Every package of the core and the packages of the core that it may use.
  private static final Map<String, Set<String>> ARROWS =
      Map.ofEntries(
          Map.entry("model", Set.of()),
          Map.entry("store", Set.of("model")),
          Map.entry("intent", Set.of("model", "store")),
          Map.entry("inventory", Set.of("model", "store", "intent")),
          Map.entry("flow", Set.of("model")),
          Map.entry("pipeline", Set.of("flow", "model")),
          Map.entry("punt", Set.of("model", "store")),
          Map.entry("compile", Set.of("store", "flow", "pipeline", "model", "punt")),
          Map.entry("reconcile", Set.of("compile", "flow", "pipeline", "model")),
          Map.entry("trace", Set.of("flow", "pipeline", "model")),
          Map.entry("tls", Set.of("model")),
          Map.entry("replication", Set.of("store", "model", "tls")),
          Map.entry("cluster", Set.of("store", "model", "tls")));

  /// Libraries that only one package may know, and the package.
  private static final Map<String, String> KEPT_TO =
      Map.of(
          "org.apache.ratis..", CORE + "replication..",
          "com.hazelcast..", CORE + "cluster..");

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("io.heddle.core");

  @Test
  void everyPackageHasItsArrows() {
    Set<String> unknown = new TreeSet<>();
    CLASSES.stream().map(CoreArrowsTest::part).forEach(unknown::add);
    unknown.removeAll(ARROWS.keySet());
    assertEquals(Set.of(), unknown, "say in ARROWS what these packages may use");
  }

  @Test
  void packagesUseOnlyWhatTheirArrowsAllow() {
    ARROWS.forEach((part, allowed) -> {
      String[] others =
          ARROWS.keySet().stream()
              .filter(other -> !other.equals(part) && !allowed.contains(other))
              .map(other -> CORE + other + "..")
              .toArray(String[]::new);
      noClasses()
          .that()
          .resideInAPackage(CORE + part + "..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(others)
          .because(part + " may use " + allowed)
          .allowEmptyShould(true)
          .check(CLASSES);
    });
  }

  @Test
  void noCycles() {
    slices().matching("io.heddle.core.(**)").should().beFreeOfCycles().check(CLASSES);
  }

  @Test
  void theCoreKnowsNoSocketsAndNoOtherModule() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("io.netty..", "io.vertx..", "org.projectfloodlight..")
        .check(CLASSES);
    classes()
        .should()
        .onlyDependOnClassesThat()
        .resideOutsideOfPackages(
            Stream.of("openflow", "ovsdb", "vpc", "firewall", "rest", "cli", "node", "testkit")
                .map(name -> "io.heddle." + name + "..")
                .toArray(String[]::new))
        .check(CLASSES);
  }

  @Test
  void librariesStayInTheirPackages() {
    KEPT_TO.forEach((library, home) ->
        noClasses()
            .that()
            .resideOutsideOfPackage(home)
            .should()
            .dependOnClassesThat()
            .resideInAPackage(library)
            .allowEmptyShould(true)
            .check(CLASSES));
  }

  private static String part(JavaClass type) {
    return type.getPackageName().substring(CORE.length()).replaceFirst("\\..*", "");
  }
}
