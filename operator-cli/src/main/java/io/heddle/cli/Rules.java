package io.heddle.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `security-group add-rule` and `remove-rule`.
final class Rules {

  /// `tcp/80`, `udp/5000-5999`, `icmp/8/0`, `any`, `47`.
  private static final Pattern SERVICE =
      Pattern.compile("([a-z0-9]+)(?:/([0-9]{1,5}))?(?:([-/])([0-9]{1,5}))?");

  private Rules() {}

  /// Adds a service in an operator's words to a rule.
  static void service(String text, ObjectNode rule) {
    Matcher parts = SERVICE.matcher(text);
    if (!parts.matches()) {
      throw notAService(text);
    }
    String protocol = parts.group(1);
    String first = parts.group(2);
    String second = parts.group(4);
    boolean icmp = protocol.equals("icmp") || protocol.equals("icmpv6");
    rule.put("protocol", protocol);
    if (first != null) {
      rule.put(icmp ? "icmpType" : "portFrom", Integer.parseInt(first));
    }
    if (second != null) {
      if (first == null || icmp != parts.group(3).equals("/")) {
        throw notAService(text);
      }
      rule.put(icmp ? "icmpCode" : "portTo", Integer.parseInt(second));
    }
  }

  private static Failure notAService(String text) {
    return Failure.usage(
        "'%s' is not a service; write it like tcp/80, udp/5000-5999, icmp, icmp/8, icmpv6/128, gre or any"
            .formatted(text));
  }

  @Command(
      name = "add-rule",
      description = "Allow one more kind of traffic, like --ingress tcp/80 --from 0.0.0.0/0.")
  static final class Add extends Verb.Write {
    @Parameters(paramLabel = "GROUP", description = "Its name or its id.")
    String group = "";

    @Option(names = "--project", paramLabel = "ID", description = "Whose.")
    @Nullable String project;

    @ArgGroup(multiplicity = "1")
    Way way = new Way();

    @ArgGroup @Nullable Remote remote;

    @Option(names = "--description", paramLabel = "TEXT", description = "Why it is there.")
    @Nullable String description;

    /// Which way, and what.
    static final class Way {
      @Option(
          names = "--ingress",
          paramLabel = "SERVICE",
          description = "Into the VM: tcp/80, any.")
      @Nullable String ingress;

      @Option(names = "--egress", paramLabel = "SERVICE", description = "Out of the VM.")
      @Nullable String egress;
    }

    /// The other end; without one, anywhere.
    static final class Remote {
      @Option(
          names = {"--from", "--to"},
          paramLabel = "CIDR",
          description = "Its addresses.")
      @Nullable String cidr;

      @Option(
          names = {"--from-group", "--to-group"},
          paramLabel = "GROUP",
          description = "Members of a security group of the same VPC.")
      @Nullable String group;

      @Option(
          names = {"--from-list", "--to-list"},
          paramLabel = "LIST",
          description = "What a prefix list holds.")
      @Nullable String list;
    }

    Add() {
      super(ResourceKind.SECURITY_GROUP);
    }

    @Override
    int run(RootCommand heddle, Api api) {
      ObjectNode rule = Api.JSON.createObjectNode();
      rule.put("direction", way.ingress != null ? "ingress" : "egress");
      String service = way.ingress != null ? way.ingress : way.egress;
      service(service == null ? "any" : service, rule);
      if (description != null) {
        rule.put("description", description);
      }
      String id = api.idOf(kind, group, scope(project));
      if (remote != null && remote.cidr != null) {
        rule.put("remoteCidr", remote.cidr);
      }
      if (remote != null && remote.list != null) {
        rule.put(
            "remotePrefixListId", api.idOf(ResourceKind.PREFIX_LIST, remote.list, scope(project)));
      }
      if (remote != null && remote.group != null) {
        Map<String, String> sameVpc =
            Map.of("vpcId", api.get(kind.path(id), Map.of()).path("vpcId").asText());
        rule.put("remoteGroupId", api.idOf(kind, remote.group, sameVpc));
      }
      JsonNode added = api.post(kind.path(id) + "/rules", query(), rule);
      heddle.done("added rule %s to %s".formatted(added.path("id").asText(), group), added);
      return ExitCode.OK;
    }
  }

  @Command(name = "remove-rule", description = "Allow it no more; 'show GROUP' lists rules.")
  static final class Remove extends Verb.Write {
    @Parameters(paramLabel = "GROUP", description = "Its name or its id.")
    String group = "";

    @Parameters(paramLabel = "RULE", description = "The rule's id.")
    String rule = "";

    @Option(names = "--project", paramLabel = "ID", description = "Whose.")
    @Nullable String project;

    Remove() {
      super(ResourceKind.SECURITY_GROUP);
    }

    @Override
    int run(RootCommand heddle, Api api) {
      String id = api.idOf(kind, group, scope(project));
      api.delete(kind.path(id) + "/rules/" + rule, query());
      heddle.done("removed rule %s from %s".formatted(rule, group), Api.JSON.missingNode());
      return ExitCode.OK;
    }
  }
}
