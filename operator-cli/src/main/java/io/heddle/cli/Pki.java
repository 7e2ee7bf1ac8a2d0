package io.heddle.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.heddle.cli.pki.Authority;
import io.heddle.cli.pki.Issued;
import io.heddle.cli.pki.PkiException;
import io.heddle.cli.pki.Subject;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `pki`: certificates for nodes and hosts, made here and now, without a controller.
@Command(
    name = "pki",
    description = "Certificates for nodes and hosts; needs no controller.",
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {Pki.Init.class, Pki.OfNode.class, Pki.OfHost.class, Pki.Show.class})
final class Pki {

  private static final int MAX_DAYS = 3650;

  private static final List<ResourceKind.Column> COLUMNS =
      List.of(
          ResourceKind.Column.of("KIND", "/kind"),
          ResourceKind.Column.of("NAME", "/name"),
          ResourceKind.Column.of("STATE", "/state"),
          ResourceKind.Column.of("VALID UNTIL", "/validUntil"),
          ResourceKind.Column.of("DAYS LEFT", "/daysLeft"),
          ResourceKind.Column.of("SERIAL", "/serial"),
          ResourceKind.Column.of("NAMES", "/names"));

  /// What the subcommands share: where the authority is.
  abstract static class Step implements Callable<Integer> {
    static final String DEFAULT_DIRECTORY = "heddle-pki";

    @Spec CommandSpec spec = CommandSpec.create();

    final InstantSource clock = InstantSource.system();

    abstract void run(RootCommand heddle) throws IOException, PkiException;

    @Override
    public Integer call() {
      try {
        run((RootCommand) spec.root().userObject());
        return ExitCode.OK;
      } catch (PkiException e) {
        throw Failure.refused(String.valueOf(e.getMessage()));
      } catch (NoSuchFileException e) {
        throw Failure.refused("there is no " + e.getFile());
      } catch (IOException e) {
        throw Failure.refused("can't read or write: " + e.getMessage());
      }
    }

    Authority.Environment environment() {
      return new Authority.Environment(clock, new SecureRandom());
    }
  }

  /// `pki init DIR`
  @Command(name = "init", description = "Make a certificate authority.")
  static final class Init extends Step {
    @Parameters(
        paramLabel = "DIR",
        arity = "0..1",
        description = "Where (HEDDLE_PKI; default " + DEFAULT_DIRECTORY + ").")
    @Nullable Path directory;

    @Override
    void run(RootCommand heddle) throws IOException, PkiException {
      Path where = heddle.pkiDirectory(directory);
      Authority authority = Authority.create(where, environment());
      heddle.done(
          """
          made a certificate authority in %s, good until %s
            %s: for everybody; what is issued brings a copy
            %s: stays here; whoever has it can pose as any node or host, so keep it where few \
          can read it, and a copy of it in a safe place
          next: heddle pki node NAME --address ADDRESS, for each node; heddle pki host SYSTEM-ID, \
          for each host\
          """
              .formatted(
                  where,
                  day(authority.own().validUntil()),
                  authority.own().authorityFile(),
                  authority.keyFile()),
          json(authority.own(), clock.instant()));
    }
  }

  /// What `node` and `host` share.
  abstract static class Issue extends Step {
    @Option(
        names = "--pki",
        paramLabel = "DIR",
        description = "The authority (HEDDLE_PKI; default " + DEFAULT_DIRECTORY + ").")
    @Nullable Path directory;

    @Option(names = "--renew", description = "Replace the certificate and key that it has.")
    boolean renew;

    @Option(
        names = "--days",
        paramLabel = "N",
        description = "How long it is good for (default: a node's 365, a host's 730).")
    int days;

    abstract Subject subject() throws PkiException;

    abstract String whatNext(Issued issued);

    @Override
    void run(RootCommand heddle) throws IOException, PkiException {
      if (days < 0 || days > MAX_DAYS) {
        throw Failure.usage("--days %d is not 1 to %d".formatted(days, MAX_DAYS));
      }
      Subject subject = subject();
      Authority authority = Authority.open(heddle.pkiDirectory(directory), environment());
      Duration lifetime = days == 0 ? subject.lifetime() : Duration.ofDays(days);
      Issued issued = authority.issue(subject, lifetime, renew);
      heddle.done(
          "issued a certificate to %s %s, good until %s%n%s"
              .formatted(
                  subject.kind(), subject.name(), day(issued.validUntil()), whatNext(issued)),
          json(issued, clock.instant()));
    }
  }

  /// `pki node NAME --address A`
  @Command(name = "node", description = "Issue a node's certificate.")
  static final class OfNode extends Issue {
    @Parameters(paramLabel = "NAME", description = "What the node is started as (serve --name).")
    String name = "";

    @Option(
        names = "--address",
        paramLabel = "ADDRESS",
        split = ",",
        required = true,
        description = "By which it is reached: IP addresses and DNS names, separated by commas.")
    List<String> addresses = new ArrayList<>();

    @Override
    Subject subject() throws PkiException {
      return Subject.Node.of(name, addresses);
    }

    @Override
    String whatNext(Issued issued) {
      return """
        copy %s to the node, readable by the controller's user alone, for instance as \
      /etc/heddle/tls
        start the node with: heddle serve --name %s --tls-dir /etc/heddle/tls ...
        a node that runs takes renewed files by itself\
      """
          .formatted(issued.directory(), name);
    }
  }

  /// `pki host SYSTEM-ID`
  @Command(name = "host", description = "Issue a host's certificate, for its Open vSwitch.")
  static final class OfHost extends Issue {
    @Parameters(paramLabel = "SYSTEM-ID", description = "external_ids:system-id of the host.")
    String name = "";

    @Override
    Subject subject() throws PkiException {
      return Subject.Host.of(name);
    }

    @Override
    String whatNext(Issued issued) {
      String there = "/etc/openvswitch/heddle";
      return """
        copy %s to the host, readable by Open vSwitch's user alone, for instance as %s
        on the host run, with all nodes as managers:
          ovs-vsctl set-ssl %s/%s %s/%s %s/%s
          ovs-vsctl set-manager ssl:NODE:6640 ...
        an Open vSwitch that runs takes renewed files by itself\
      """
          .formatted(
              issued.directory(),
              there,
              there,
              issued.keyFile().getFileName(),
              there,
              issued.certificateFile().getFileName(),
              there,
              issued.authorityFile().getFileName());
    }
  }

  /// `pki show`
  @Command(name = "show", description = "List the authority's certificates and when they expire.")
  static final class Show extends Step {
    @Parameters(
        paramLabel = "DIR",
        arity = "0..1",
        description = "The authority (HEDDLE_PKI; default " + DEFAULT_DIRECTORY + ").")
    @Nullable Path directory;

    @Override
    void run(RootCommand heddle) throws IOException, PkiException {
      Authority authority = Authority.open(heddle.pkiDirectory(directory), environment());
      Instant now = clock.instant();
      ArrayNode items = Api.JSON.createArrayNode();
      items.add(json(authority.own(), now));
      for (Issued issued : authority.issued()) {
        items.add(json(issued, now));
      }
      heddle.showAll(COLUMNS, items);
    }
  }

  private static String day(Instant instant) {
    return instant.toString().substring(0, "2026-01-01".length());
  }

  private static ObjectNode json(Issued issued, Instant now) {
    ObjectNode json = Api.JSON.createObjectNode();
    json.put("kind", issued.kind());
    json.put("name", issued.name());
    json.put("state", issued.state(now));
    json.put("validFrom", issued.validFrom().toString());
    json.put("validUntil", issued.validUntil().toString());
    json.put("daysLeft", Math.max(0, Duration.between(now, issued.validUntil()).toDays()));
    json.put("serial", issued.serial());
    json.put("issuer", issued.issuer());
    issued.names().forEach(json.putArray("names")::add);
    json.put("directory", issued.directory().toString());
    return json;
  }
}
