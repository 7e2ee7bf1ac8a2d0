package io.heddle.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/// One command: asks the controller, shows the answer.
abstract class Action implements Callable<Integer> {

  @Spec CommandSpec spec = CommandSpec.create();

  abstract int run(RootCommand heddle, Api api);

  @Override
  public Integer call() {
    RootCommand heddle = (RootCommand) spec.root().userObject();
    return run(heddle, heddle.api());
  }
}
