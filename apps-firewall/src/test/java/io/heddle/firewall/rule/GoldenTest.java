package io.heddle.firewall.rule;

import io.heddle.core.compile.CompiledFlow;
import io.heddle.core.flow.FlowText;
import io.heddle.core.model.Direction;
import io.heddle.core.model.HostId;
import io.heddle.core.model.IpPrefix;
import io.heddle.core.model.NetworkAcl;
import io.heddle.core.model.NetworkAclId;
import io.heddle.core.model.Remote;
import io.heddle.core.model.SecurityRule;
import io.heddle.core.model.Service;
import io.heddle.core.pipeline.Stage;
import io.heddle.core.trace.Packet;
import io.heddle.firewall.command.CreateNetworkAcl;
import io.heddle.firewall.command.UpdateNetworkAcl;
import io.heddle.firewall.site.Site;
import io.heddle.firewall.site.Wire;
import io.heddle.testkit.golden.Golden;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/// Runs `golden/*.golden`: intent, the flows that it means, and packets walked over them.
///
/// ```text
/// host NAME TUNNEL-IP | group NAME | list NAME CIDR... | port NAME IP HOST OFPORT GROUP...
/// rules GROUP RULE; RULE...    where a RULE is: in|out SERVICE [CIDR | group NAME | list NAME]
/// acl NAME ENTRY; ENTRY...     where an ENTRY is: NUMBER in|out allow|deny SERVICE [CIDR]
/// with-acl NAME                the subnet has it from now on
/// flows HOST STAGE             what the host holds in that table, highest priority first
/// tcp FROM TO PORT | tcp6 … | reply … | reply6 …
/// ```
class GoldenTest {

  @TestFactory
  Stream<DynamicTest> golden() {
    return Golden.run(Path.of("golden"), () -> (UnaryOperator<String>) new Script()::evaluate);
  }

  private static final class Script {
    private static final int CLIENT_PORT = 40_000;

    private final Site site = new Site();
    private final Wire wire = new Wire(site);

    String evaluate(String input) {
      return input.lines().map(this::line).collect(Collectors.joining("\n"));
    }

    private String line(String line) {
      List<String> words = List.of(line.split("[ ;]+"));
      String name = words.get(1);
      switch (words.getFirst()) {
        case "host" -> site.createHost(name, words.get(2));
        case "group" -> site.createGroup(name);
        case "list" -> site.putList(name, words.subList(2, words.size()).toArray(String[]::new));
        case "rules" -> site.setRules(name, rules(line).toArray(SecurityRule[]::new));
        case "port" -> {
          site.putPort(name, words.get(2), words.subList(5, words.size()).toArray(String[]::new));
          site.plug(name, new HostId(words.get(3)), Integer.parseInt(words.get(4)));
        }
        case "acl" -> acl(name, entries(line));
        case "with-acl" -> site.setAcl(aclId(name));
        default -> {
          return question(words);
        }
      }
      return "committed @" + site.image().revision();
    }

    /// What stands behind the second word, between semicolons.
    private static List<List<String>> parts(String line) {
      List<List<String>> parts = new ArrayList<>();
      for (String part : line.split(" ", 3)[2].split("; *")) {
        parts.add(List.of(part.split(" ")));
      }
      return parts;
    }

    private static List<SecurityRule> rules(String line) {
      return parts(line).stream()
          .map(rule -> {
            Service service = service(rule.get(1));
            Remote remote = remote(rule.subList(2, rule.size()));
            return rule.getFirst().equals("in")
                ? Site.in(service, remote)
                : Site.out(service, remote);
          })
          .toList();
    }

    private static Remote remote(List<String> words) {
      if (words.isEmpty()) {
        return Site.anywhere();
      }
      return switch (words.getFirst()) {
        case "group" -> Site.members(words.get(1));
        case "list" -> Site.list(words.get(1));
        default -> Site.cidr(words.getFirst());
      };
    }

    private static Service service(String text) {
      String[] parts = text.split("[/-]");
      int from = parts.length > 1 ? Integer.parseInt(parts[1]) : 0;
      int to = parts.length > 2 ? Integer.parseInt(parts[2]) : from;
      return switch (parts[0]) {
        case "any" -> Service.ANY;
        case "tcp" -> Site.tcp(from, to);
        case "udp" -> Site.udp(from, to);
        case "icmp" -> new Service.Icmp(from, -1);
        case "icmpv6" -> new Service.Icmpv6(from, -1);
        default -> new Service.Protocol(Integer.parseInt(parts[0]));
      };
    }

    private static NetworkAclId aclId(String name) {
      return new NetworkAclId(Site.uuid("acl " + name));
    }

    private static List<NetworkAcl.Entry> entries(String line) {
      return parts(line).stream()
          .map(entry ->
              new NetworkAcl.Entry(
                  Integer.parseInt(entry.get(0)),
                  entry.get(1).equals("in") ? Direction.INGRESS : Direction.EGRESS,
                  NetworkAcl.Verdict.valueOf(entry.get(2).toUpperCase(Locale.ROOT)),
                  service(entry.get(3)),
                  entry.size() > 4 ? IpPrefix.parse(entry.get(4)) : null,
                  ""))
          .toList();
    }

    private void acl(String name, List<NetworkAcl.Entry> entries) {
      NetworkAclId id = aclId(name);
      if (site.image().find(id).isEmpty()) {
        site.run(new CreateNetworkAcl(id, Site.PROJECT, Site.VPC, name, Map.of(), entries));
      } else {
        site.run(
            new UpdateNetworkAcl(
                id,
                Site.PROJECT,
                OptionalLong.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.of(entries)));
      }
    }

    private String question(List<String> words) {
      if (words.getFirst().equals("flows")) {
        return flows(new HostId(words.get(1)), words.get(2));
      }
      String from = words.get(1);
      String to = words.get(2);
      int port = Integer.parseInt(words.get(3));
      boolean reply = words.getFirst().startsWith("reply");
      Packet.Path path =
          words.getFirst().endsWith("6") ? wire.path6(from, to) : wire.path(from, to);
      Packet packet =
          Packet.tcp(
                  wire.link(from, to), path, reply ? port : CLIENT_PORT, reply ? CLIENT_PORT : port)
              .tcpFlags(reply ? Packet.TCP_SYN | Packet.TCP_ACK : Packet.TCP_SYN);
      boolean arrives = wire.send(from, to, packet);
      return (arrives ? "arrives\n" : "does not arrive\n") + wire.way();
    }

    private String flows(HostId host, String stage) {
      int table = Stage.valueOf(stage.toUpperCase(Locale.ROOT)).table();
      return site.flowsOf(host).stream()
          .filter(flow -> flow.flow().table() == table)
          .sorted(
              Comparator.comparing((CompiledFlow flow) -> -flow.flow().priority())
                  .thenComparing(flow -> flow.flow().toString()))
          .map(flow ->
              flow.set().scope().name().toLowerCase(Locale.ROOT)
                  + " "
                  + FlowText.flow(flow.flow(), Stage::tableName))
          .collect(Collectors.joining("\n"));
    }
  }
}
