package io.heddle.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Finds the token to show: what the operator names, else where a controller on this machine keeps
/// its admin's: `HEDDLE_DATA`, or `heddle-data` here, at home, or `/var/lib/heddle`.
final class Tokens {

  private static final String FILE = "admin-token";

  private Tokens() {}

  static String find(@Nullable Path named, Map<String, String> environment) {
    if (named != null) {
      return read(named);
    }
    String given = environment.getOrDefault("HEDDLE_TOKEN", "").strip();
    if (!given.isEmpty()) {
      return given;
    }
    List<Path> places = places(environment);
    for (Path place : places) {
      if (Files.isReadable(place)) {
        return read(place);
      }
    }
    throw Failure.usage(
        "no token: name its file with --token-file, or set HEDDLE_TOKEN (looked for %s)"
            .formatted(places));
  }

  private static List<Path> places(Map<String, String> environment) {
    List<Path> places = new ArrayList<>();
    String data = environment.get("HEDDLE_DATA");
    places.add(Path.of(data == null ? "heddle-data" : data, FILE));
    String home = environment.get("HOME");
    if (home != null) {
      places.add(Path.of(home, "heddle-data", FILE));
    }
    places.add(Path.of("/var/lib/heddle", FILE));
    return places;
  }

  private static String read(Path file) {
    try {
      return Files.readString(file).strip();
    } catch (IOException e) {
      throw Failure.usage("can't read the token in %s: %s".formatted(file, e.getMessage()));
    }
  }
}
