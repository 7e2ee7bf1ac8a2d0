package io.heddle.testkit.lab;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;

/// A network namespace of a lab: where a hypervisor, a virtual machine or a controller lives.
///
/// @param name as `ip netns list` shows it
/// @param directory the folder for the files of who lives here
public record Netns(String name, Path directory) {

  static Netns create(String name, Path directory) {
    Command.of("ip", "netns", "add", name).run();
    Netns created = new Netns(name, directory);
    created.ip("link", "set", "lo", "up");
    return created;
  }

  /// The words to put before a command to run it in here.
  public List<String> prefix() {
    return List.of("ip", "netns", "exec", name);
  }

  public Path path() {
    return Path.of("/run/netns", name);
  }

  /// Runs a program in here and returns what it printed; throws [CommandFailed] unless it exits
  /// with 0.
  public String exec(String... arguments) {
    return command(arguments).run();
  }

  /// A program to run in here, for those who want its exit code or other limits.
  public Command command(String... arguments) {
    return Command.of(arguments).prefixed(prefix());
  }

  /// Starts a program that stays, with its output in a file of that name.
  public Background start(String logName, String... arguments) {
    List<String> all = Command.of(arguments).prefixed(prefix()).arguments();
    return Background.start(all, directory.resolve(logName));
  }

  /// Runs Java code whose sockets shall live in here. The sockets may be used from any thread
  /// afterwards.
  public <T> T call(Callable<T> task) throws Exception {
    return NetworkSwitch.call(path(), task);
  }

  String ip(String... arguments) {
    return Command.of(arguments).prefixed(List.of("ip", "-n", name)).run();
  }

  void delete() {
    Command.of("ip", "netns", "del", name).run();
  }
}
