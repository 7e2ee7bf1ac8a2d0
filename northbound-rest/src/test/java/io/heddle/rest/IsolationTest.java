package io.heddle.rest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.heddle.rest.ApiClient.Answer;
import io.heddle.rest.contract.Contract;
import io.heddle.rest.contract.Operation;
import io.heddle.rest.contract.Parameter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/// A tenant against every operation of the contract: what is another's can be neither read nor
/// changed, and no answer tells it from what does not exist.
///
/// An operation without a case here fails the build. Most are one of few kinds: see [#cases].
class IsolationTest {

  @TempDir static Path directory;
  static TestNode node;
  static ApiClient admin;
  static ApiClient blue;

  /// What belongs to another tenant, by the name of the parameter that would name it.
  static final Map<String, String> THEIRS = new HashMap<>();

  @FunctionalInterface
  private interface Case {
    void attempt(Operation operation) throws Exception;
  }

  @BeforeAll
  static void start() throws Exception {
    node = new TestNode(directory, RestOptions.loopback(0));
    admin = new ApiClient(node.port());
    blue = admin.as(TestNode.BLUE);
    Answer vpc = admin.post("/v1/vpcs", "{'name':'crown','cidrs':['10.0.0.0/16']}").expect(201);
    THEIRS.put("vpcs", vpc.id());
    THEIRS.put("subnets", created("subnets", "{'vpcId':'%s','cidr':'10.0.1.0/24'}"));
    THEIRS.put("security-groups", created("security-groups", "{'vpcId':'%s','name':'crown'}"));
    THEIRS.put(
        "ports",
        admin
            .post(
                "/v1/ports",
                "{'name':'crown','subnetId':'%s','macAddress':'0a:00:00:00:00:99'}"
                    .formatted(THEIRS.get("subnets")))
            .expect(201)
            .id());
    THEIRS.put(
        "prefix-lists",
        admin
            .post("/v1/prefix-lists", "{'name':'crown','entries':[{'cidr':'192.0.2.0/24'}]}")
            .expect(201)
            .id());
    THEIRS.put(
        "network-acls",
        created(
            "network-acls",
            "{'vpcId':'%s','name':'crown','entries':[{'number':10,'direction':'ingress','action':'deny'}]}"));
    THEIRS.put(
        "route-tables", created("route-tables", "{'vpcId':'%s','name':'crown','routes':[]}"));
    String beside =
        admin.post("/v1/vpcs", "{'name':'crown','cidrs':['10.9.0.0/16']}").expect(201).id();
    THEIRS.put(
        "peerings",
        created(
            "peerings", "{'name':'crown','requesterVpcId':'%s','accepterVpcId':'" + beside + "'}"));
    THEIRS.put("projects", "default");
    THEIRS.put(
        "ruleId",
        admin
            .post(
                "/v1/security-groups/" + THEIRS.get("security-groups") + "/rules",
                "{'direction':'ingress'}")
            .expect(201)
            .id());
  }

  private static String created(String kind, String body) {
    return admin.post("/v1/" + kind, body.formatted(THEIRS.get("vpcs"))).expect(201).id();
  }

  @AfterAll
  static void stop() {
    admin.close();
    node.close();
  }

  private static final List<String> KINDS =
      List.of("Vpc Subnet Port SecurityGroup PrefixList NetworkAcl RouteTable Peering".split(" "));

  /// Every operation, and what a tenant who goes after another's things must get from it.
  private static Map<String, Case> cases() {
    Map<String, Case> cases = new HashMap<>();
    for (String kind : KINDS) {
      cases.put("list" + kind + "s", IsolationTest::listsNothingOfTheirs);
      cases.put("read" + kind, IsolationTest::isNotThere);
      cases.put("update" + kind, IsolationTest::isNotThere);
      cases.put("delete" + kind, IsolationTest::isNotThere);
    }
    cases.put("listProjects", IsolationTest::listsNothingOfTheirs);
    cases.put("readProject", IsolationTest::isNotThere);
    cases.put("createVpc", IsolationTest::vpcsAreMadeBesideTheirs);
    cases.put("createSubnet", IsolationTest::referencesToTheirsAreToNothing);
    cases.put("createSecurityGroup", IsolationTest::referencesToTheirsAreToNothing);
    cases.put("createNetworkAcl", IsolationTest::referencesToTheirsAreToNothing);
    cases.put("createPeering", IsolationTest::askingTellsNothing);
    cases.put("createRouteTable", IsolationTest::routesLeadToOwnPortsOnly);
    cases.put("createPrefixList", IsolationTest::prefixListsAreMadeBesideTheirs);
    cases.put("createPort", IsolationTest::portsAreMadeBesideTheirs);
    cases.put("createSecurityRule", IsolationTest::rulesReachOnlyOwnGroups);
    cases.put("applyManifest", IsolationTest::manifestsReachOnlyOwnThings);
    cases.put("followEvents", IsolationTest::hearsOfNothingOfTheirs);
    for (String within :
        List.of(
            "acceptPeering rejectPeering readPortPolicy listNetworkAclEntries",
            "createNetworkAclEntry readNetworkAclEntry deleteNetworkAclEntry",
            "listSecurityRules readSecurityGroupHits readSecurityGroupLog readSecurityRule",
            "deleteSecurityRule")) {
      for (String operation : within.split(" ")) {
        cases.put(operation, IsolationTest::isNotThere);
      }
    }
    for (String operators :
        List.of(
            "createProject updateProject deleteProject listHosts readHost updateHost deleteHost",
            "listRevisions readRevision readCluster addMember readMember removeMember",
            "transferLeader listAudits runAudit")) {
      for (String operation : operators.split(" ")) {
        cases.put(operation, IsolationTest::isNotForTenants);
      }
    }
    for (String open :
        List.of("readHealth", "readReadiness", "readMetrics", "readContract", "readDocs")) {
      cases.put(open, IsolationTest::saysNothingOfTheirs);
    }
    return cases;
  }

  @Test
  void everyOperationHasItsCase() {
    Set<String> operations =
        Contract.load().operations().stream()
            .map(Operation::id)
            .collect(Collectors.toCollection(TreeSet::new));
    assertEquals(operations, new TreeSet<>(cases().keySet()));
  }

  @TestFactory
  List<DynamicTest> nothingOfAnothersShows() {
    Map<String, Case> cases = cases();
    return Contract.load().operations().stream()
        .filter(operation -> cases.containsKey(operation.id()))
        .map(operation ->
            DynamicTest.dynamicTest(
                operation.id(), () -> cases.get(operation.id()).attempt(operation)))
        .toList();
  }

  // --- the kinds of cases ---

  /// `vpcs` of `/v1/vpcs/{id}`.
  private static String kind(Operation operation) {
    return operation.path().split("/")[2];
  }

  /// The path, naming what is theirs.
  private static String theirs(Operation operation) {
    return operation
        .path()
        .replace("{id}", THEIRS.getOrDefault(kind(operation), UUID.randomUUID().toString()))
        .replace("{ruleId}", THEIRS.get("ruleId"))
        .replace("{direction}", "ingress")
        .replace("{number}", "10")
        .replace("{n}", "1")
        .replace("{name}", "n1");
  }

  /// The path, naming what nobody has.
  private static String nobodys(Operation operation) {
    return operation
        .path()
        .replace("{id}", kind(operation).equals("projects") ? "nowhere" : nothing())
        .replace("{ruleId}", nothing())
        .replace("{direction}", "ingress")
        .replace("{number}", "10");
  }

  private static String nothing() {
    return "3f0f9a51-7a36-4d0c-8a57-5f1f7f7e0d11";
  }

  private static Answer send(Operation operation, String path, String body) {
    return operation.takesBody()
        ? blue.send(
            operation.method(),
            path,
            body.replace('\'', '"'),
            "Content-Type",
            operation.bodies().keySet().iterator().next())
        : blue.send(operation.method(), path, null);
  }

  /// What an answer says, without what only repeats the question.
  private static String said(Answer answer, String... asked) {
    String text =
        answer.status()
            + " "
            + answer.json().path("type")
            + answer.json().path("title")
            + answer.json().path("detail")
            + answer.json().path("field")
            + answer.json().path("conflicts");
    for (String word : asked) {
      text = text.replace(word, "?");
    }
    return text;
  }

  private static void isNotThere(Operation operation) {
    String body =
        operation.method().equals("PATCH")
            ? "{'name':'x'}"
            : operation.id().equals("createNetworkAclEntry")
                ? "{'number':10,'direction':'ingress','action':'allow'}"
                : "{'direction':'ingress'}";
    Answer theirs = send(operation, theirs(operation), body).expect(404);
    Answer nobodys = send(operation, nobodys(operation), body).expect(404);
    String id = THEIRS.get(kind(operation));
    assertEquals(said(nobodys, nothing(), "nowhere"), said(theirs, id, THEIRS.get("ruleId")));
    // And with a precondition that would tell whether it has changed.
    if (!operation.method().equals("GET")) {
      HashMap<String, String> states = new HashMap<>();
      for (String path : List.of(theirs(operation), nobodys(operation))) {
        Answer guarded =
            operation.takesBody()
                ? blue.send(
                    operation.method(),
                    path,
                    body.replace('\'', '"'),
                    "Content-Type",
                    operation.bodies().keySet().iterator().next(),
                    "If-Match",
                    "\"1\"")
                : blue.send(operation.method(), path, null, "If-Match", "\"1\"");
        states.put(path, said(guarded, nothing(), id, THEIRS.get("ruleId")));
      }
      assertEquals(1, new TreeSet<>(states.values()).size(), states.toString());
    }
    everythingIsAsItWas();
  }

  private static void listsNothingOfTheirs(Operation operation) {
    List<String> queries =
        new ArrayList<>(List.of("", "?limit=1000", "?name=crown", "?project=default"));
    for (String relation : List.of("vpcId", "subnetId", "securityGroupId")) {
      String of =
          relation.equals("vpcId")
              ? "vpcs"
              : relation.equals("subnetId") ? "subnets" : "security-groups";
      if (operation.parameters(Parameter.In.QUERY).stream()
          .anyMatch(parameter -> parameter.name().equals(relation))) {
        queries.add("?" + relation + "=" + THEIRS.get(of));
      }
    }
    for (String query : queries) {
      boolean known =
          query.isEmpty()
              || operation.parameters(Parameter.In.QUERY).stream()
                  .anyMatch(parameter -> query.startsWith("?" + parameter.name() + "="));
      if (known) {
        holdsNothing(blue.get(operation.path() + query).expect(200).response().body());
      }
    }
  }

  private static void vpcsAreMadeBesideTheirs(Operation operation) {
    // The same name and the same addresses: nothing to bump into.
    String own = blue.post("/v1/vpcs", "{'name':'crown','cidrs':['10.0.0.0/16']}").expect(201).id();
    blue.post("/v1/vpcs", "{'project':'default','cidrs':['10.0.0.0/16']}").expect(403);
    Answer theirs = blue.post("/v1/vpcs?project=default", "{'cidrs':['10.0.0.0/16']}").expect(403);
    Answer nobodys = blue.post("/v1/vpcs?project=nowhere", "{'cidrs':['10.0.0.0/16']}").expect(403);
    assertEquals(said(nobodys, "nowhere"), said(theirs, "default"));
    blue.delete("/v1/vpcs/" + own).expect(204);
  }

  private static void prefixListsAreMadeBesideTheirs(Operation operation) {
    String own =
        blue.post("/v1/prefix-lists", "{'name':'crown','entries':[{'cidr':'192.0.2.0/24'}]}")
            .expect(201)
            .id();
    blue.post("/v1/prefix-lists", "{'project':'default','entries':[{'cidr':'192.0.2.0/24'}]}")
        .expect(403);
    blue.delete("/v1/prefix-lists/" + own).expect(204);
  }

  private static void referencesToTheirsAreToNothing(Operation operation) {
    String body =
        switch (operation.id()) {
          case "createSubnet" -> "{'vpcId':'%s','cidr':'10.0.1.0/24'}";
          case "createNetworkAcl" -> "{'vpcId':'%s','entries':[]}";
          default -> "{'vpcId':'%s','name':'x'}";
        };
    Answer theirs = blue.post(operation.path(), body.formatted(THEIRS.get("vpcs")));
    Answer nobodys = blue.post(operation.path(), body.formatted(nothing()));
    assertEquals(400, theirs.status());
    assertEquals(said(nobodys, nothing()), said(theirs, THEIRS.get("vpcs")));
    everythingIsAsItWas();
  }

  private static void routesLeadToOwnPortsOnly(Operation operation) {
    referencesToTheirsAreToNothing(operation);
    String vpc = blue.post("/v1/vpcs", "{'cidrs':['10.0.0.0/16']}").expect(201).id();
    String routed =
        "{'vpcId':'%s','routes':[{'destination':'0.0.0.0/0','target':{'type':'port','id':'%s'}}]}";
    Answer theirs = blue.post(operation.path(), routed.formatted(vpc, THEIRS.get("ports")));
    Answer nobodys = blue.post(operation.path(), routed.formatted(vpc, nothing()));
    assertEquals(400, theirs.status());
    assertEquals(said(nobodys, nothing()), said(theirs, THEIRS.get("ports")));
    String subnet = "{'vpcId':'%s','cidr':'10.0.1.0/24','routeTableId':'%s'}";
    Answer theirTable = blue.post("/v1/subnets", subnet.formatted(vpc, THEIRS.get("route-tables")));
    Answer noTable = blue.post("/v1/subnets", subnet.formatted(vpc, nothing()));
    assertEquals(400, theirTable.status());
    assertEquals(said(noTable, nothing()), said(theirTable, THEIRS.get("route-tables")));
    blue.delete("/v1/vpcs/" + vpc).expect(204);
  }

  /// Anybody may ask, and an overlap is a reason that must be said; which range it is, is not. Nor
  /// does a peering say anything of the other VPC but its id, before or after.
  private static void askingTellsNothing(Operation operation) {
    String vpc = blue.post("/v1/vpcs", "{'cidrs':['10.0.0.0/8']}").expect(201).id();
    String ask = "{'requesterVpcId':'%s','accepterVpcId':'%s'}";
    Answer overlap = blue.post(operation.path(), ask.formatted(vpc, THEIRS.get("vpcs")));
    assertEquals(409, overlap.status());
    assertFalse(overlap.response().body().contains("10.0.0.0/16"), overlap.response().body());
    blue.post(operation.path(), ask.formatted(THEIRS.get("vpcs"), vpc)).expect(400);
    blue.delete("/v1/vpcs/" + vpc).expect(204);
    vpc = blue.post("/v1/vpcs", "{'cidrs':['10.8.0.0/16']}").expect(201).id();
    Answer asked = blue.post(operation.path(), ask.formatted(vpc, THEIRS.get("vpcs"))).expect(201);
    String path = "/v1/peerings/" + asked.id();
    Answer own = blue.send("POST", path + ":accept", null).expect(403);
    assertFalse(own.response().body().contains("default"), own.response().body());
    admin.send("POST", path + ":accept", null).expect(200);
    String shown = blue.get(path).expect(200).response().body();
    assertTrue(shown.contains("'active'".replace('\'', '"')), shown);
    assertFalse(shown.contains("crown") || shown.contains("10.0."), shown);
    blue.get("/v1/vpcs/" + THEIRS.get("vpcs")).expect(404);
    Answer grown = blue.patch("/v1/vpcs/" + vpc, "{'cidrs':['10.8.0.0/16','10.0.128.0/20']}");
    assertEquals(409, grown.status());
    assertFalse(grown.response().body().contains("10.0.0.0"), grown.response().body());
    blue.delete(path).expect(204);
    blue.delete("/v1/vpcs/" + vpc).expect(204);
  }

  private static void portsAreMadeBesideTheirs(Operation operation) {
    Answer theirs = blue.post("/v1/ports", "{'subnetId':'%s'}".formatted(THEIRS.get("subnets")));
    Answer nobodys = blue.post("/v1/ports", "{'subnetId':'%s'}".formatted(nothing()));
    assertEquals(400, theirs.status());
    assertEquals(said(nobodys, nothing()), said(theirs, THEIRS.get("subnets")));

    String vpc = blue.post("/v1/vpcs", "{'cidrs':['10.0.0.0/16']}").expect(201).id();
    String subnet =
        blue.post("/v1/subnets", "{'vpcId':'%s','cidr':'10.0.1.0/24'}".formatted(vpc))
            .expect(201)
            .id();
    // The same address, by IP and by MAC, is free here.
    String port =
        blue.post(
                "/v1/ports", "{'subnetId':'%s','macAddress':'0a:00:00:00:00:99'}".formatted(subnet))
            .expect(201)
            .id();
    String groups = "{'subnetId':'%s','securityGroupIds':['%s']}";
    Answer theirGroup =
        blue.post("/v1/ports", groups.formatted(subnet, THEIRS.get("security-groups")));
    Answer noGroup = blue.post("/v1/ports", groups.formatted(subnet, nothing()));
    assertEquals(400, theirGroup.status());
    assertEquals(said(noGroup, nothing()), said(theirGroup, THEIRS.get("security-groups")));
    // A conflict names only what is one's own.
    Answer conflict = blue.delete("/v1/subnets/" + subnet).expect(409);
    assertTrue(conflict.response().body().contains(port));
    holdsNothing(conflict.response().body());
    blue.delete("/v1/ports/" + port).expect(204);
    blue.delete("/v1/subnets/" + subnet).expect(204);
    blue.delete("/v1/vpcs/" + vpc).expect(204);
  }

  private static void rulesReachOnlyOwnGroups(Operation operation) {
    isNotThere(operation);
    Answer vpc = blue.post("/v1/vpcs", "{'cidrs':['10.0.0.0/16']}").expect(201);
    String own = "/v1/security-groups/" + vpc.text("/defaultSecurityGroupId") + "/rules";
    String rule = "{'direction':'ingress','remoteGroupId':'%s'}";
    Answer theirs = blue.post(own, rule.formatted(THEIRS.get("security-groups")));
    Answer nobodys = blue.post(own, rule.formatted(nothing()));
    assertEquals(400, theirs.status());
    assertEquals(said(nobodys, nothing()), said(theirs, THEIRS.get("security-groups")));
    String listed = "{'direction':'ingress','remotePrefixListId':'%s'}";
    Answer theirList = blue.post(own, listed.formatted(THEIRS.get("prefix-lists")));
    Answer noList = blue.post(own, listed.formatted(nothing()));
    assertEquals(400, theirList.status());
    assertEquals(said(noList, nothing()), said(theirList, THEIRS.get("prefix-lists")));
    blue.delete("/v1/vpcs/" + vpc.id()).expect(204);
  }

  private static void manifestsReachOnlyOwnThings(Operation operation) {
    // To have nothing of any kind takes nothing from anybody else.
    send(operation, operation.path(), "{'vpcs':[],'subnets':[],'ports':[],'securityGroups':[]}")
        .expect(200);
    everythingIsAsItWas();
    String body = "{'subnets':[{'name':'x','vpcId':'%s','cidr':'10.0.1.0/24'}]}";
    Answer byId = send(operation, operation.path(), body.formatted(THEIRS.get("vpcs"))).expect(400);
    Answer noId = send(operation, operation.path(), body.formatted(nothing())).expect(400);
    assertEquals(said(noId, nothing()), said(byId, THEIRS.get("vpcs")));
    Answer byName = send(operation, operation.path(), body.formatted("crown")).expect(400);
    Answer noName = send(operation, operation.path(), body.formatted("jewel")).expect(400);
    assertEquals(said(noName, "jewel"), said(byName, "crown"));
    send(operation, operation.path() + "?project=default", "{'vpcs':[]}").expect(403);
    send(operation, operation.path(), "{'project':'default','vpcs':[]}").expect(403);
    everythingIsAsItWas();
  }

  private static void isNotForTenants(Operation operation) {
    Answer refused = send(operation, theirs(operation), "{}");
    assertTrue(refused.status() == 403 || refused.status() == 400, refused.response().body());
    holdsNothing(refused.response().body());
    everythingIsAsItWas();
  }

  private static void hearsOfNothingOfTheirs(Operation operation) throws Exception {
    admin.patch("/v1/vpcs/" + THEIRS.get("vpcs"), "{'labels':{'a':'b'}}").expect(200);
    Answer own = blue.post("/v1/vpcs", "{'cidrs':['10.0.0.0/16']}").expect(201);
    for (String query : List.of("?since=0", "?since=0&project=blue")) {
      try (EventStream events = new EventStream(node.port(), TestNode.BLUE, query)) {
        List<EventStream.Block> heard = events.until(Long.parseLong(own.header("Heddle-Revision")));
        assertTrue(heard.stream().anyMatch(event -> event.data().contains(own.id())));
        heard.forEach(event -> holdsNothing(event.data()));
      }
    }
    blue.delete("/v1/vpcs/" + own.id()).expect(204);
  }

  private static void saysNothingOfTheirs(Operation operation) {
    holdsNothing(blue.send(operation.method(), operation.path(), null).response().body());
  }

  private static void holdsNothing(String body) {
    THEIRS.forEach((kind, id) -> {
      if (!id.equals("default")) {
        assertFalse(body.contains(id), body);
      }
    });
    assertFalse(body.contains("crown"), body);
    assertFalse(body.contains("0a:00:00:00:00:99"), body);
  }

  private static void everythingIsAsItWas() {
    for (String kind :
        List.of(
            "vpcs",
            "subnets",
            "ports",
            "security-groups",
            "prefix-lists",
            "network-acls",
            "route-tables",
            "peerings")) {
      admin.get("/v1/%s/%s".formatted(kind, THEIRS.get(kind))).expect(200);
    }
    admin
        .get(
            "/v1/security-groups/%s/rules/%s"
                .formatted(THEIRS.get("security-groups"), THEIRS.get("ruleId")))
        .expect(200);
    assertEquals(
        "deny",
        admin
            .get("/v1/network-acls/%s/entries/ingress/10".formatted(THEIRS.get("network-acls")))
            .expect(200)
            .text("/action"));
  }
}
