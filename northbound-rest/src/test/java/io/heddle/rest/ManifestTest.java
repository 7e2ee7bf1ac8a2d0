package io.heddle.rest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.heddle.core.model.SecurityGroup;
import io.heddle.rest.ApiClient.Answer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A project's networks as one document: what it makes, changes and takes away, in one step or not
/// at all.
class ManifestTest {

  private static final String SHOP =
      """
      # Order does not matter, and entries name each other.
      ports:
        - {name: web-1, subnetId: web, securityGroupIds: [web], privateIps: [{address: 10.0.1.10}]}
        - {name: db-1, subnetId: data, securityGroupIds: [db]}
      securityGroups:
        - name: web
          vpcId: shop
          rules:
            - {direction: ingress, protocol: tcp, portFrom: 443, portTo: 443}
            - {direction: ingress, remoteGroupId: web}
            - {direction: egress, remoteGroupId: db}
        - name: db
          vpcId: shop
          rules:
            - {direction: ingress, protocol: tcp, portFrom: 5432, portTo: 5432, remoteGroupId: web}
            - {direction: ingress, protocol: tcp, portFrom: 22, portTo: 22, remotePrefixListId: offices}
      networkAcls:
        - name: edge
          vpcId: shop
          entries: [{number: 100, direction: ingress, action: allow, protocol: any}]
      subnets:
        - {name: web, vpcId: shop, cidr: 10.0.1.0/24, networkAclId: edge}
        - {name: data, vpcId: shop, cidr: 10.0.2.0/24}
      prefixLists:
        - {name: offices, entries: [{cidr: 198.51.100.0/24}]}
      vpcs:
        - {name: shop, cidrs: [10.0.0.0/16], labels: {tier: prod}}
      """;

  @TempDir Path directory;
  private TestNode node;
  private ApiClient api;

  @BeforeEach
  void start() throws Exception {
    node = new TestNode(directory, RestOptions.loopback(0));
    api = new ApiClient(node.port());
  }

  @AfterEach
  void stop() {
    api.close();
    node.close();
  }

  private Answer apply(String query, String yaml) {
    return api.send("PUT", "/v1/manifest" + query, yaml, "Content-Type", "application/yaml");
  }

  private static List<String> changes(Answer answer) {
    List<String> changes = new ArrayList<>();
    for (JsonNode change : answer.json().path("changes")) {
      StringBuilder text = new StringBuilder();
      text.append(change.path("action").asText()).append(' ');
      text.append(change.path("kind").asText()).append(' ');
      text.append(change.path("name").asText());
      change.path("fields").forEach(field -> text.append(' ').append(field.asText()));
      changes.add(text.toString());
    }
    changes.sort(String::compareTo);
    return changes;
  }

  private String id(String kind, String name) {
    return api.get("/v1/%s?name=%s".formatted(kind, name)).expect(200).text("/items/0/id");
  }

  @Test
  void aWholeShopAtOnceAndTheSecondTimeNothing() {
    long before = node.image().revision();
    Answer plan = apply("?dryRun=true", SHOP).expect(200);
    assertEquals(before, node.image().revision());
    Answer made = apply("", SHOP).expect(200);
    assertEquals(
        List.of(
            "create network-acl edge",
            "create port db-1",
            "create port web-1",
            "create prefix-list offices",
            "create security-group db",
            "create security-group web",
            "create subnet data",
            "create subnet web",
            "create vpc shop"),
        changes(made));
    assertEquals(changes(plan), changes(made));
    assertTrue(plan.json().at("/changes/0/id").isMissingNode());
    assertEquals(Long.toString(before + 1), made.header("Heddle-Revision"));
    assertEquals(before + 1, node.image().revision(), "one transaction");
    String web = id("security-groups", "web");
    assertEquals(web, api.get("/v1/security-groups/" + web).text("/rules/1/remoteGroupId"));
    Answer port = api.get("/v1/ports/" + id("ports", "web-1")).expect(200);
    assertEquals(web, port.text("/securityGroupIds/0"));
    assertEquals("10.0.1.10", port.text("/privateIps/0/address"));

    Answer again = apply("", SHOP).expect(200);
    assertEquals(List.of(), changes(again));
    assertEquals(9, again.json().path("unchanged").asInt());
    assertEquals(before + 1, node.image().revision());
  }

  @Test
  void whatDiffersIsChangedAndWhatIsNotListedGoes() {
    apply("", SHOP).expect(200);
    String rule =
        api.get("/v1/security-groups/" + id("security-groups", "web")).text("/rules/0/id");
    String changed =
        SHOP.replace("        - {name: db-1, subnetId: data, securityGroupIds: [db]}\n", "")
            .replace("  - {name: db-1, subnetId: data, securityGroupIds: [db]}\n", "")
            .replace("  - {name: data, vpcId: shop, cidr: 10.0.2.0/24}\n", "")
            .replace("tier: prod", "tier: test")
            .replace(", networkAclId: edge", ", networkAclId: null");
    Answer made = apply("", changed).expect(200);
    assertEquals(
        List.of(
            "delete port db-1",
            "delete subnet data",
            "update subnet web networkAclId",
            "update vpc shop labels"),
        changes(made));
    assertEquals(5, made.json().path("unchanged").asInt());
    assertEquals(
        rule, api.get("/v1/security-groups/" + id("security-groups", "web")).text("/rules/0/id"));
    // Of kinds that it does not list it says nothing.
    assertEquals(List.of(), changes(apply("", "ports:\n  - {name: web-1, subnetId: web}\n")));
    assertEquals(List.of("delete port web-1"), changes(apply("", "ports: []").expect(200)));
    // And all of it can go at once; the default group goes with its VPC.
    apply("", "{vpcs: [], subnets: [], securityGroups: [], networkAcls: [], prefixLists: []}")
        .expect(200);
    assertEquals(0, node.image().count(SecurityGroup.KIND));
  }

  @Test
  void placesAreSwappedInOneStep() {
    apply("", SHOP).expect(200);
    String subnet = id("subnets", "data");
    // The range of one goes to another, which only works if the one goes first.
    Answer made =
        apply(
                "",
                """
                subnets:
                  - {name: web, vpcId: shop, cidr: 10.0.1.0/24}
                  - {name: fresh, vpcId: shop, cidr: 10.0.2.0/24}
                ports:
                  - {name: web-1, subnetId: web}
                  - {name: db-2, subnetId: fresh, securityGroupIds: [shop/default]}
                """)
            .expect(200);
    assertEquals(
        List.of(
            "create port db-2", "create subnet fresh", "delete port db-1", "delete subnet data"),
        changes(made));
    assertNotEquals(subnet, id("subnets", "fresh"));
  }

  @Test
  void allOrNothing() {
    apply("", SHOP).expect(200);
    long before = node.image().revision();
    String broken = SHOP.replace("10.0.2.0/24", "10.0.1.128/25");
    apply("", broken).refused(409, "subnets[1].cidr", "10.0.2.0/24", "10.0.1.128/25");
    String overlap = SHOP + "  - {name: other, cidrs: [10.0.0.0/33]}\n";
    apply("", overlap).refused(400, "vpcs[1].cidrs[0]", "/33");
    apply("", "vpcs: []").refused(409, "vpcs", "shop", "not in the manifest");
    assertEquals(before, node.image().revision());
  }

  @Test
  void mistakesAreNamed() {
    apply("", "subnets:\n  - {name: a, vpcId: nowhere, cidr: 10.0.0.0/24}\n")
        .refused(400, "subnets[0]", "nowhere");
    apply("", "subnets:\n  - {name: a, cidr: 10.0.0.0/24}\n")
        .refused(400, "subnets[0].vpcId", "vpcId");
    apply("", "vpcs:\n  - {name: a, cidrs: [10.0.0.0/16], tag: 4}\n")
        .refused(400, "vpcs[0].tag", "tag");
    apply("", "vpcs:\n  - {cidrs: [10.0.0.0/16]}\n").refused(400, "vpcs[0].name", "name");
    apply("", "vpcs:\n  - {name: a, cidrs: [10.0.0.0/16]}\n  - {name: a, cidrs: [10.0.0.0/16]}\n")
        .refused(400, "vpcs[1].name", "twice");
    apply("", "vpcs:\n  - {name: a, project: blue, cidrs: [10.0.0.0/16]}\n")
        .refused(400, "vpcs[0].project", "once");
    apply("", "machines: []").refused(400, "machines", "machines", "vpcs");
    apply("", "vpcs: &a []\nsubnets: *a\n").refused(400, "", "anchors");
    apply("", "vpcs: []\nvpcs: []\n").refused(400, "", "uplicate");
    apply("", "vpcs: [}\n").refused(400, "", "line 1");
    apply("", "--- {vpcs: []}\n--- {vpcs: []}\n").refused(400, "");
    apply("", "[".repeat(100)).refused(400, "");
    apply("", "# nothing\n").refused(400, "", "empty");
    api.send("PUT", "/v1/manifest", "{\"vpcs\":[]}").expect(200);
    api.as(TestNode.BLUE_READER).send("PUT", "/v1/manifest", "{\"vpcs\":[]}").expect(403);
  }

  @Test
  void namesThatSeveralHaveMustBeSaidMoreExactly() {
    apply("", "vpcs:\n  - {name: a, cidrs: [10.0.0.0/16]}\n  - {name: b, cidrs: [10.0.0.0/16]}\n")
        .expect(200);
    String port =
        """
        subnets: [{name: s, vpcId: a, cidr: 10.0.1.0/24}]
        ports: [{name: p, subnetId: s, securityGroupIds: [%s]}]
        """;
    apply("", port.formatted("default")).refused(400, "ports[0]", "2", "VPC/NAME");
    apply("", port.formatted("a/default")).expect(200);
    // The default group of one VPC, by name, among others of that name.
    Answer rules =
        apply(
                "",
                "securityGroups:\n  - {name: default, vpcId: b, rules: [{direction: ingress, protocol: icmp}]}\n")
            .expect(200);
    assertEquals(List.of("update security-group default rules"), changes(rules));
    for (int i = 0; i < 2; i++) {
      api.post("/v1/vpcs", "{'name':'twin','cidrs':['10.0.0.0/16']}").expect(201);
    }
    String twins =
        """
        vpcs:
          - {name: a, cidrs: [10.0.0.0/16]}
          - {name: b, cidrs: [10.0.0.0/16]}
          - {name: twin, cidrs: [10.0.0.0/16]}
        """;
    apply("", twins).refused(409, "vpcs[2].name", "twin");
    assertFalse(api.get("/v1/vpcs?name=a").json().at("/items/0").isMissingNode());
  }
}
