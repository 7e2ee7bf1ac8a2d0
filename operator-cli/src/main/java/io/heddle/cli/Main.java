package io.heddle.cli;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.ISetter;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Parameters;

/// `heddle`, the command line.
public final class Main {

  private Main() {}

  public static void main(String[] arguments) {
    int exit =
        run(
            List.of(arguments),
            System.getenv(),
            new PrintWriter(System.out, true, StandardCharsets.UTF_8),
            new PrintWriter(System.err, true, StandardCharsets.UTF_8));
    System.exit(exit);
  }

  /// One command, from its words to its exit code.
  static int run(
      List<String> arguments, Map<String, String> environment, PrintWriter out, PrintWriter err) {
    CommandLine heddle = commandLine(new RootCommand(environment));
    heddle.setOut(out).setErr(err);
    heddle.setExecutionExceptionHandler((failed, command, parsed) -> report(failed, err));
    return heddle.execute(arguments.toArray(String[]::new));
  }

  private static int report(Exception failed, PrintWriter err) throws Exception {
    if (failed instanceof Failure failure) {
      err.println("heddle: " + failure.getMessage());
      return failure.exitCode();
    }
    throw failed;
  }

  private static CommandLine commandLine(RootCommand root) {
    CommandLine heddle = new CommandLine(root);
    add(heddle, ResourceKind.PROJECT, "Tenants.")
        .addSubcommand(new Creations.OfProject())
        .addSubcommand(new Updates.OfProject())
        .addSubcommand(new Reads.Delete(ResourceKind.PROJECT));
    add(heddle, ResourceKind.VPC, "Virtual private clouds.")
        .addSubcommand(new Creations.OfVpc())
        .addSubcommand(new Updates.OfVpc())
        .addSubcommand(new Reads.Delete(ResourceKind.VPC));
    add(heddle, ResourceKind.SUBNET, "Parts of VPCs' addresses.")
        .addSubcommand(new Creations.OfSubnet())
        .addSubcommand(new Updates.OfSubnet())
        .addSubcommand(new Reads.Delete(ResourceKind.SUBNET));
    add(heddle, ResourceKind.PORT, "VMs' network interfaces.")
        .addSubcommand(new Creations.OfPort())
        .addSubcommand(new Updates.OfPort())
        .addSubcommand(new Reads.Delete(ResourceKind.PORT))
        .addSubcommand(new PolicyAction());
    addPolicies(heddle);
    add(heddle, ResourceKind.ROUTE_TABLE, "Where the gateways of subnets send packets.")
        .addSubcommand(new Routes.OfTable())
        .addSubcommand(new Reads.Delete(ResourceKind.ROUTE_TABLE))
        .addSubcommand(new Routes.Add())
        .addSubcommand(new Routes.Remove());
    add(heddle, ResourceKind.PEERING, "Pairs of VPCs that may route to each other.")
        .addSubcommand(new Peerings.Ask())
        .addSubcommand(new Reads.Delete(ResourceKind.PEERING))
        .addSubcommand(new Peerings.Accept())
        .addSubcommand(new Peerings.Reject());
    add(heddle, ResourceKind.HOST, "Hypervisors.")
        .addSubcommand(new Updates.OfHost())
        .addSubcommand(new Reads.Delete(ResourceKind.HOST));
    add(heddle, ResourceKind.REVISION, "What changed, and when.");
    heddle.addSubcommand(
        group("cluster", "The controller's nodes.")
            .addSubcommand(new ClusterActions.Status())
            .addSubcommand(new ClusterActions.Add())
            .addSubcommand(new ClusterActions.Remove())
            .addSubcommand(new ClusterActions.TransferLeader()));
    heddle.addSubcommand(new AuditAction());
    heddle.addSubcommand(new ApplyAction());
    heddle.addSubcommand(new EventsAction());
    heddle.addSubcommand(new Pki());
    heddle.addSubcommand(new Completion());
    return heddle;
  }

  private static void addPolicies(CommandLine heddle) {
    add(heddle, ResourceKind.SECURITY_GROUP, "What is allowed.")
        .addSubcommand(new Creations.OfSecurityGroup())
        .addSubcommand(new Updates.OfSecurityGroup())
        .addSubcommand(new Reads.Delete(ResourceKind.SECURITY_GROUP))
        .addSubcommand(new Rules.Add())
        .addSubcommand(new Rules.Remove())
        .addSubcommand(new HitsAction())
        .addSubcommand(new PolicyLogAction());
    add(heddle, ResourceKind.PREFIX_LIST, "Lists of CIDRs for rules to share.")
        .addSubcommand(new Creations.OfPrefixList())
        .addSubcommand(new Updates.OfPrefixList())
        .addSubcommand(new Reads.Delete(ResourceKind.PREFIX_LIST));
    add(heddle, ResourceKind.NETWORK_ACL, "What passes the gateways of subnets.")
        .addSubcommand(new Creations.OfNetworkAcl())
        .addSubcommand(new Reads.Delete(ResourceKind.NETWORK_ACL))
        .addSubcommand(new AclEntries.Add())
        .addSubcommand(new AclEntries.Remove());
  }

  /// The command of a kind, with the verbs that all kinds have.
  private static CommandLine add(CommandLine heddle, ResourceKind kind, String description) {
    CommandLine command = group(kind.word(), description);
    command.addSubcommand(list(kind)).addSubcommand(new Reads.Show(kind));
    heddle.addSubcommand(command);
    return command;
  }

  /// A command that only has others below it.
  private static CommandLine group(String word, String description) {
    CommandSpec spec = CommandSpec.create().name(word);
    spec.usageMessage().description(description).synopsisSubcommandLabel("COMMAND");
    return new CommandLine(spec);
  }

  private static CommandLine list(ResourceKind kind) {
    Reads.ListAll list = new Reads.ListAll(kind);
    CommandLine command = new CommandLine(list);
    CommandSpec spec = command.getCommandSpec();
    for (ResourceKind relation : kind.relations().keySet()) {
      option(spec, relation.word(), "Only of this " + relation.word(), list.relations, relation);
    }
    if (kind != ResourceKind.REVISION) {
      option(spec, "name", "Only of this name", list.plain, "name");
    }
    if (kind.belongsToProject()) {
      option(spec, "project", "Only of this project", list.plain, "project");
    }
    if (kind == ResourceKind.HOST || kind == ResourceKind.SUBNET) {
      option(spec, "zone", "Only of this zone", list.plain, "zone");
    }
    return command;
  }

  private static <K> void option(
      CommandSpec spec, String word, String description, Map<K, String> values, K key) {
    ISetter setter =
        new ISetter() {
          @Override
          @SuppressWarnings("unchecked") // picocli hands over what it parsed, which is T
          public <T> T set(T value) {
            if (value != null) {
              values.put(key, value.toString());
            }
            return value;
          }
        };
    spec.addOption(
        OptionSpec.builder("--" + word)
            .type(String.class)
            .paramLabel(word.toUpperCase(Locale.ROOT))
            .description(description + ".")
            .setter(setter)
            .build());
  }

  /// `completion bash`
  @Command(
      name = "completion",
      description = "Print a completion script: source <(heddle completion bash)")
  static final class Completion implements Runnable {
    @CommandLine.Spec CommandSpec spec = CommandSpec.create();

    @Parameters(paramLabel = "SHELL", description = "bash (zsh reads it too).")
    String shell = "bash";

    @Override
    public void run() {
      if (!shell.equals("bash") && !shell.equals("zsh")) {
        throw Failure.usage(
            "no completion for '%s'; there is bash, which zsh reads too".formatted(shell));
      }
      CommandLine root = spec.root().commandLine();
      root.getOut().print(AutoComplete.bash("heddle", root));
      root.getOut().flush();
    }
  }
}
