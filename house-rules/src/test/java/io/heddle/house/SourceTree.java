package io.heddle.house;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/// All Java sources of the project, main and test, of every module.
record SourceTree(Path root, List<SourceFile> files) {

  static SourceTree read() {
    Path root = root(Path.of("").toAbsolutePath());
    return new SourceTree(root, modules(root).stream().flatMap(SourceTree::sources).toList());
  }

  Stream<SourceFile> main() {
    return files.stream().filter(file -> file.path().toString().contains("/src/main/java/"));
  }

  Stream<SourceFile> tests() {
    return files.stream()
        .filter(file -> !file.path().toString().contains("/src/main/java/") || file.in("testkit"));
  }

  private static Path root(Path from) {
    for (Path at = from; at != null; at = at.getParent()) {
      if (Files.exists(at.resolve("heddle")) && Files.exists(at.resolve("pom.xml"))) {
        return at;
      }
    }
    throw new IllegalStateException("no ./heddle above " + from);
  }

  private static List<Path> modules(Path root) {
    try (Stream<Path> folders = Files.list(root)) {
      return folders.filter(folder -> Files.exists(folder.resolve("pom.xml"))).sorted().toList();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  private static Stream<SourceFile> sources(Path module) {
    Path folder = module.resolve("src");
    if (!Files.exists(folder)) {
      return Stream.empty();
    }
    try (Stream<Path> paths = Files.walk(folder)) {
      return paths
          .filter(path -> path.toString().endsWith(".java"))
          .sorted()
          .map(path -> SourceFile.read(module, path))
          .toList()
          .stream();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /// One file, its module's name and its lines.
  record SourceFile(Path path, String module, List<String> lines) {
    private static SourceFile read(Path module, Path path) {
      try {
        return new SourceFile(path, module.getFileName().toString(), Files.readAllLines(path));
      } catch (IOException failure) {
        throw new UncheckedIOException(failure);
      }
    }

    boolean in(String moduleName) {
      return module.equals(moduleName);
    }

    String typeName() {
      return path.getFileName().toString().replace(".java", "");
    }

    String packageName() {
      return lines.stream()
          .filter(line -> line.startsWith("package "))
          .map(line -> line.substring("package ".length(), line.length() - 1))
          .findFirst()
          .orElse("");
    }

    Stream<String> imports() {
      return lines.stream()
          .filter(line -> line.startsWith("import "))
          .map(line -> line.replaceFirst("^import (static )?", "").replace(";", ""));
    }

    /// The place of a line in a report, counted from 1.
    String at(int line) {
      return "%s/…/%s:%d".formatted(module, path.getFileName(), line);
    }
  }
}
