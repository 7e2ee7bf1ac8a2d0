package io.heddle.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// What asks for peerings and answers: `peering create`, `accept` and `reject`.
final class Peerings {

  private Peerings() {}

  @Command(
      name = "create",
      description = "Ask for a peering; the other VPC's project is to accept it.")
  static final class Ask extends Create {
    @Option(names = "--vpc", required = true, paramLabel = "VPC", description = "Name or id.")
    String vpc = "";

    @Option(
        names = "--with",
        required = true,
        paramLabel = "VPC",
        description = "The other one: a name of one's own, or an id.")
    String other = "";

    Ask() {
      super(ResourceKind.PEERING);
    }

    @Override
    void describe(ObjectNode body, Api api) {
      body.put("requesterVpcId", idOf(ResourceKind.VPC, vpc, api))
          .put("accepterVpcId", idOf(ResourceKind.VPC, other, api));
    }
  }

  /// What both answers take.
  abstract static class Answer extends Verb.Write {
    @Parameters(paramLabel = "PEERING", description = "Its name or its id.")
    String peering = "";

    @Option(names = "--project", paramLabel = "ID", description = "Of whom it is asked.")
    @Nullable String project;

    private final String verb;
    private final String done;

    Answer(String verb, String done) {
      super(ResourceKind.PEERING);
      this.verb = verb;
      this.done = done;
    }

    @Override
    int run(RootCommand heddle, Api api) {
      String id = api.idOf(kind, peering, scope(project));
      JsonNode answered = api.call(kind.path(id) + ":" + verb, query());
      heddle.done("%s peering %s".formatted(done, peering), answered);
      return ExitCode.OK;
    }
  }

  @Command(name = "accept", description = "Agree to a peering that was asked for.")
  static final class Accept extends Answer {
    Accept() {
      super("accept", "accepted");
    }
  }

  @Command(name = "reject", description = "Refuse a peering that was asked for.")
  static final class Reject extends Answer {
    Reject() {
      super("reject", "rejected");
    }
  }
}
