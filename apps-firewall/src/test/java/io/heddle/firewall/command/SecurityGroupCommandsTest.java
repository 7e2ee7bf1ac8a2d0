package io.heddle.firewall.command;

import static io.heddle.firewall.site.Site.PROJECT;
import static io.heddle.firewall.site.Site.VPC;
import static io.heddle.firewall.site.Site.anywhere;
import static io.heddle.firewall.site.Site.everythingOut;
import static io.heddle.firewall.site.Site.groupId;
import static io.heddle.firewall.site.Site.in;
import static io.heddle.firewall.site.Site.members;
import static io.heddle.firewall.site.Site.tcp;
import static io.heddle.firewall.site.Site.uuid;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.heddle.core.model.Direction;
import io.heddle.core.model.Project;
import io.heddle.core.model.ProjectId;
import io.heddle.core.model.Remote;
import io.heddle.core.model.SecurityGroup;
import io.heddle.core.model.SecurityRule;
import io.heddle.core.model.Service;
import io.heddle.core.model.VpcId;
import io.heddle.core.store.Problem;
import io.heddle.core.store.Problem.Type;
import io.heddle.firewall.site.Site;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class SecurityGroupCommandsTest {

  private final Site site = new Site();

  private static CreateSecurityGroup create(String name, SecurityRule... rules) {
    return new CreateSecurityGroup(groupId(name), PROJECT, VPC, name, Map.of(), List.of(rules));
  }

  private static UpdateSecurityGroup update(String name, List<SecurityRule> rules) {
    return new UpdateSecurityGroup(
        groupId(name),
        PROJECT,
        OptionalLong.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.of(rules));
  }

  private static AddSecurityRule add(String group, SecurityRule rule) {
    return new AddSecurityRule(groupId(group), PROJECT, OptionalLong.empty(), rule);
  }

  private static void assertProblem(Type type, String field, Problem problem) {
    assertEquals(type, problem.type(), problem::toString);
    assertEquals(field, problem.field(), problem::toString);
  }

  @Test
  void groupsComeWithRulesAndTagsOfTheirOwn() {
    site.run(create("web", in(tcp(80), anywhere()), in(tcp(22), members("web"))));
    site.run(create("db"));
    assertEquals(2, site.group("web").rules().size());
    assertNotEquals(site.group("web").tag(), site.group("db").tag());
    assertProblem(Type.CONFLICT, "id", site.refused(create("web")));
    assertProblem(
        Type.INVALID,
        "vpcId",
        site.refused(
            new CreateSecurityGroup(
                groupId("x"), PROJECT, new VpcId(uuid("no")), "x", Map.of(), List.of())));
    assertProblem(
        Type.INVALID,
        "project",
        site.refused(
            new CreateSecurityGroup(
                groupId("x"), new ProjectId("nobody"), VPC, "x", Map.of(), List.of())));
    assertProblem(
        Type.INVALID,
        "name",
        site.refused(
            new CreateSecurityGroup(groupId("x"), PROJECT, VPC, "\n", Map.of(), List.of())));
  }

  @Test
  void aRemoteGroupMustBeOfTheSameVpc() {
    SecurityRule bad = in(tcp(80), members("nowhere"));
    assertProblem(
        Type.INVALID,
        "rules[1].remoteGroupId",
        site.refused(create("web", in(tcp(1), anywhere()), bad)));
    site.run(create("web"));
    assertProblem(Type.INVALID, "remoteGroupId", site.refused(add("web", bad)));
  }

  @Test
  void aRuleThatAllowsTheSameIsRefusedWithTheIdOfTheOneThatStands() {
    SecurityRule all = in(new Service.Tcp(Service.PortRange.ALL), anywhere());
    SecurityRule same =
        new SecurityRule(
            uuid("same"), Direction.INGRESS, new Service.Protocol(6), anywhere(), "by number");
    Problem within = site.refused(create("web", everythingOut(), all, same));
    assertProblem(Type.CONFLICT, "rules[2]", within);
    assertEquals(List.of("rule " + all.id()), within.conflicts());
    site.run(create("web", all));
    Problem added = site.refused(add("web", same));
    assertProblem(Type.CONFLICT, "", added);
    assertTrue(added.detail().contains(all.id().toString()), added::detail);
    assertProblem(Type.CONFLICT, "id", site.refused(add("web", all)));
    site.run(
        add(
            "web",
            new SecurityRule(uuid("out"), Direction.EGRESS, same.service(), anywhere(), "")));
    assertEquals(2, site.group("web").rules().size());
  }

  @Test
  void whoSendsTheWholeListAgainKeepsTheIds() {
    SecurityRule http = in(tcp(80), anywhere());
    SecurityRule tls = in(tcp(443), anywhere());
    site.run(create("web", http, tls));
    SecurityRule again =
        new SecurityRule(
            uuid("again"), http.direction(), http.service(), http.remote(), "new text");
    SecurityRule ssh = in(tcp(22), anywhere());
    site.run(update("web", List.of(ssh, again)));
    List<SecurityRule> rules = site.group("web").rules();
    assertEquals(List.of(ssh.id(), http.id()), rules.stream().map(SecurityRule::id).toList());
    assertEquals("new text", rules.get(1).description());
  }

  @Test
  void aGroupHasAtMostTwoHundredRulesAndAProjectItsQuota() {
    List<SecurityRule> rules = new ArrayList<>();
    for (int port = 0; port < GroupRules.MAX_PER_GROUP; port++) {
      rules.add(in(tcp(port), anywhere()));
    }
    site.run(create("full", rules.toArray(SecurityRule[]::new)));
    SecurityRule more = in(tcp(9999), anywhere());
    assertProblem(Type.EXHAUSTED, "", site.refused(add("full", more)));
    rules.add(more);
    assertProblem(Type.INVALID, "rules", site.refused(update("full", rules)));

    site.run(draft -> {
      Project project = draft.require(PROJECT);
      Project.Quotas tight = new Project.Quotas(50, 500, 20_000, 2, 201);
      draft.put(new Project(PROJECT, project.meta(), tight));
      return draft.accept(true);
    });
    assertProblem(
        Type.EXHAUSTED, "rules", site.refused(create("x", more, in(tcp(9998), anywhere()))));
    site.run(create("x", more));
    assertProblem(Type.EXHAUSTED, "rules", site.refused(add("x", in(tcp(1), anywhere()))));
    assertProblem(Type.EXHAUSTED, "", site.refused(create("third")));
    site.run(update("x", List.of(in(tcp(1), anywhere()))));
  }

  @Test
  void aRevisionThatMovedOnIsRefused() {
    site.run(create("web", in(tcp(80), anywhere())));
    SecurityGroup web = site.group("web");
    OptionalLong stale = OptionalLong.of(web.meta().revision() - 1);
    OptionalLong current = OptionalLong.of(web.meta().revision());
    SecurityRule rule = in(tcp(81), anywhere());
    assertProblem(
        Type.PRECONDITION_FAILED,
        "",
        site.refused(new AddSecurityRule(web.id(), PROJECT, stale, rule)));
    assertProblem(
        Type.PRECONDITION_FAILED,
        "",
        site.refused(new DeleteSecurityGroup(web.id(), PROJECT, stale)));
    assertProblem(
        Type.PRECONDITION_FAILED,
        "",
        site.refused(
            new RemoveSecurityRule(web.id(), PROJECT, stale, web.rules().getFirst().id())));
    site.run(
        new UpdateSecurityGroup(
            web.id(),
            PROJECT,
            current,
            Optional.of("shop"),
            Optional.of(Map.of("tier", "front")),
            Optional.empty()));
    SecurityGroup renamed = site.group("web");
    assertEquals("shop", renamed.meta().name());
    assertEquals(web.rules(), renamed.rules());
    assertTrue(renamed.meta().revision() > web.meta().revision());
  }

  @Test
  void rulesGoById() {
    SecurityRule http = in(tcp(80), anywhere());
    site.run(create("web", http));
    assertProblem(
        Type.NOT_FOUND,
        "",
        site.refused(
            new RemoveSecurityRule(groupId("web"), PROJECT, OptionalLong.empty(), uuid("no"))));
    site.run(new RemoveSecurityRule(groupId("web"), PROJECT, OptionalLong.empty(), http.id()));
    assertEquals(List.of(), site.group("web").rules());
  }

  @Test
  void whatIsInUseStays() {
    site.run(create("default"));
    site.run(create("web", in(tcp(80), members("web"))));
    site.run(create("db", in(tcp(5432), members("web"))));
    site.putPort("p", "10.0.0.1", "db");
    Problem named = site.refused(delete("web"));
    assertProblem(Type.IN_USE, "", named);
    assertEquals(List.of("security-group " + groupId("db")), named.conflicts());
    Problem used = site.refused(delete("db"));
    assertEquals(List.of("port " + Site.portId("p")), used.conflicts());
    assertProblem(Type.IN_USE, "", site.refused(delete("default")));
    site.putPort("p", "10.0.0.1");
    site.run(delete("db"));
    site.run(delete("web"));
    assertProblem(Type.NOT_FOUND, "", site.refused(delete("web")));
  }

  private static DeleteSecurityGroup delete(String name) {
    return new DeleteSecurityGroup(groupId(name), PROJECT, OptionalLong.empty());
  }

  @Test
  void whatBelongsToAnotherProjectIsNotThere() {
    site.run(create("web"));
    ProjectId other = new ProjectId("other");
    assertProblem(
        Type.NOT_FOUND,
        "",
        site.refused(new DeleteSecurityGroup(groupId("web"), other, OptionalLong.empty())));
    Remote anywhere = anywhere();
    assertProblem(
        Type.NOT_FOUND,
        "",
        site.refused(
            new AddSecurityRule(
                groupId("web"), other, OptionalLong.empty(), in(tcp(1), anywhere))));
  }
}
