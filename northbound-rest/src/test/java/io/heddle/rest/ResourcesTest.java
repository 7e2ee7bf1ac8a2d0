package io.heddle.rest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.heddle.core.inventory.ReportBindings;
import io.heddle.core.inventory.ReportHost;
import io.heddle.core.model.HostId;
import io.heddle.core.model.Ipv4Address;
import io.heddle.core.model.PortId;
import io.heddle.core.model.ProjectId;
import io.heddle.rest.ApiClient.Answer;
import io.heddle.rest.spi.Controller.HostState;
import io.heddle.rest.spi.Controller.Realization;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What each resource looks like and what its verbs do.
class ResourcesTest {

  @TempDir static Path directory;
  static TestNode node;
  static ApiClient api;

  @BeforeAll
  static void start() throws Exception {
    node = new TestNode(directory, RestOptions.loopback(0));
    api = new ApiClient(node.port());
  }

  @AfterAll
  static void stop() {
    api.close();
    node.close();
  }

  private static String vpc(String name) {
    return api.post("/v1/vpcs", "{'name':'%s','cidrs':['10.0.0.0/16']}".formatted(name))
        .expect(201)
        .id();
  }

  private static String subnet(String vpc, String cidr) {
    return api.post("/v1/subnets", "{'vpcId':'%s','cidr':'%s'}".formatted(vpc, cidr))
        .expect(201)
        .id();
  }

  private static String port(String subnet, String name) {
    return api.post("/v1/ports", "{'subnetId':'%s','name':'%s'}".formatted(subnet, name))
        .expect(201)
        .id();
  }

  @Test
  void aVpcIsCreatedReadChangedAndDeleted() {
    Answer created =
        api.post(
                "/v1/vpcs",
                "{'name':'blue','cidrs':['10.0.0.0/16','10.8.0.0/16'],'labels':{'team':'a','tier':'x'}}")
            .expect(201);
    String path = "/v1/vpcs/" + created.id();
    assertEquals(path, created.header("Location"));
    assertEquals("\"" + created.text("/revision") + "\"", created.header("ETag"));
    assertEquals(created.text("/revision"), created.header("Heddle-Revision"));
    assertEquals("default", created.text("/project"));
    assertEquals("active", created.text("/status/state"));

    Answer read = api.get(path).expect(200);
    assertEquals(created.json(), read.json());
    assertEquals(created.header("ETag"), read.header("ETag"));

    Answer changed =
        api.patch(path, "{'name':'navy','labels':{'team':null,'cost':'7'}}").expect(200);
    assertEquals("navy", changed.text("/name"));
    assertEquals("{\"cost\":\"7\",\"tier\":\"x\"}", changed.json().at("/labels").toString());
    assertNotEquals(created.header("ETag"), changed.header("ETag"));
    api.patch(path, "{'labels':null}", "Content-Type", "application/merge-patch+json").expect(200);
    assertEquals(0, api.get(path).json().at("/labels").size());

    Answer deleted = api.delete(path).expect(204);
    assertTrue(Long.parseLong(deleted.header("Heddle-Revision")) > 0);
    api.get(path).refused(404, "", created.id());
    api.delete(path).refused(404, "", created.id());
  }

  @Test
  void aSubnetTellsItsGatewayAndItsDhcp() {
    String vpc = vpc("subnets");
    Answer created =
        api.post(
                "/v1/subnets",
                "{'vpcId':'%s','cidr':'10.0.1.0/24','dhcp':{'dnsServers':['1.1.1.1']}}"
                    .formatted(vpc))
            .expect(201);
    assertEquals("10.0.1.1", created.text("/gatewayIp"));
    assertEquals(1450, created.json().at("/mtu").asInt());
    assertEquals("1.1.1.1", created.text("/dhcp/dnsServers/0"));
    assertTrue(created.json().at("/dhcp/enabled").asBoolean());
    Answer changed =
        api.patch("/v1/subnets/" + created.id(), "{'dhcp':{'domainName':'blue.example'}}")
            .expect(200);
    assertEquals("blue.example", changed.text("/dhcp/domainName"));
    assertEquals("1.1.1.1", changed.text("/dhcp/dnsServers/0"));
    Answer reset = api.patch("/v1/subnets/" + created.id(), "{'dhcp':null}").expect(200);
    assertEquals(0, reset.json().at("/dhcp/dnsServers").size());
  }

  @Test
  void aPortGetsWhatIsAskedForAndTheRestAllocated() {
    String subnet = subnet(vpc("ports"), "10.0.1.0/24");
    Answer plain = api.post("/v1/ports", "{'subnetId':'%s'}".formatted(subnet)).expect(201);
    assertEquals("10.0.1.2", plain.text("/privateIps/0/address"));
    assertTrue(plain.json().at("/privateIps/0/primary").asBoolean());
    assertEquals(1, plain.json().at("/securityGroupIds").size());
    assertEquals("unbound", plain.text("/binding/state"));
    assertEquals("pending", plain.text("/status/state"));
    Answer asked =
        api.post(
                "/v1/ports",
                """
                {'subnetId':'%s','macAddress':'0A:00:5E:00:00:01','securityGroupIds':[],
                 'privateIps':[{'address':'10.0.1.9'},{'address':'10.0.1.8','primary':true}]}\
                """
                    .formatted(subnet))
            .expect(201);
    assertEquals("0a:00:5e:00:00:01", asked.text("/macAddress"));
    assertEquals("10.0.1.8", asked.text("/privateIps/0/address"));
    assertEquals(0, asked.json().at("/securityGroupIds").size());
    Answer found = api.get("/v1/ports?macAddress=0a:00:5e:00:00:01&subnetId=" + subnet).expect(200);
    assertEquals(1, found.json().at("/items").size());
  }

  @Test
  void aPortsBindingFollowsItsHost() throws Exception {
    String subnet = subnet(vpc("bound"), "10.0.1.0/24");
    PortId port = PortId.parse(port(subnet, "vm"));
    HostId hv1 = new HostId("hv1");
    node.commit(
        new ReportHost(
            hv1,
            "hv1.example",
            Ipv4Address.parse("192.0.2.1"),
            Map.of(),
            new ProjectId("default")));
    node.commit(new ReportBindings(hv1, Map.of(port, 5)));
    Answer bound = api.get("/v1/ports/" + port).expect(200);
    assertEquals("bound", bound.text("/binding/state"));
    assertEquals("hv1", bound.text("/binding/hostId"));
    assertEquals(5, bound.json().at("/binding/ofport").asInt());
    assertEquals("pending", bound.text("/status/state"));
    assertEquals("degraded", api.get("/v1/hosts/hv1").expect(200).text("/status/state"));

    node.hosts.put(hv1, new HostState(true, Long.MAX_VALUE, ""));
    Answer realized = api.get("/v1/ports?hostId=hv1").expect(200);
    assertEquals("realized", realized.text("/items/0/binding/state"));
    assertEquals("active", realized.text("/items/0/status/state"));
    Answer host = api.get("/v1/hosts/hv1").expect(200);
    assertEquals("active", host.text("/status/state"));
    assertEquals("192.0.2.1", host.text("/tunnelIp"));
    assertEquals("rack-2", api.patch("/v1/hosts/hv1", "{'zone':'rack-2'}").text("/zone"));
    assertEquals(1, api.get("/v1/hosts?zone=rack-2").json().at("/items").size());
    api.delete("/v1/hosts/hv1").expect(204);
    assertEquals("unbound", api.get("/v1/ports/" + port).text("/binding/state"));
  }

  @Test
  void securityRulesAreAddedAndRemovedOneByOne() {
    String vpc = vpc("rules");
    Answer group =
        api.post(
                "/v1/security-groups",
                """
                {'vpcId':'%s','name':'web','rules':
                 [{'direction':'ingress','protocol':'tcp','portFrom':80,'remoteCidr':'0.0.0.0/0'}]}\
                """
                    .formatted(vpc))
            .expect(201);
    assertEquals(80, group.json().at("/rules/0/portTo").asInt());
    String rules = "/v1/security-groups/" + group.id() + "/rules";
    Answer rule =
        api.post(
                rules,
                "{'direction':'egress','protocol':'icmp','icmpType':8,'remoteGroupId':'%s'}"
                    .formatted(group.id()))
            .expect(201);
    assertEquals(rules + "/" + rule.id(), rule.header("Location"));
    assertEquals(group.id(), rule.text("/remoteGroupId"));
    assertEquals(rule.json(), api.get(rules + "/" + rule.id()).expect(200).json());
    assertEquals(2, api.get(rules).expect(200).json().at("/items").size());
    api.delete(rules + "/" + rule.id()).expect(204);
    api.get(rules + "/" + rule.id()).refused(404, "", rule.id());
    api.delete(rules + "/" + rule.id()).refused(404, "", rule.id());
    api.post(rules, "{'direction':'ingress','protocol':17,'portFrom':53,'portTo':54}").expect(201);
    assertEquals("udp", api.get(rules).text("/items/1/protocol"));
  }

  @Test
  void projectsHaveQuotasAndUsage() {
    Answer created = api.post("/v1/projects", "{'id':'small','quotas':{'vpcs':1}}").expect(201);
    assertEquals(1, created.json().at("/quotas/vpcs").asInt());
    assertEquals(500, created.json().at("/quotas/subnets").asInt());
    api.post("/v1/vpcs?project=small", "{'cidrs':['10.0.0.0/16']}").expect(201);
    api.post("/v1/vpcs", "{'project':'small','cidrs':['10.0.0.0/16']}")
        .refused(409, "", "small", "1");
    assertEquals(1, api.get("/v1/projects/small").json().at("/usage/vpcs").asInt());
    api.patch("/v1/projects/small", "{'quotas':{'vpcs':2}}").expect(200);
    api.post("/v1/vpcs?project=small", "{'cidrs':['10.0.0.0/16']}").expect(201);
    api.delete("/v1/projects/small").refused(409, "", "small");
  }

  @Test
  void manyAreCreatedOrNone() {
    String subnet = subnet(vpc("many"), "10.0.1.0/24");
    Answer both =
        api.post(
                "/v1/ports",
                "{'items':[{'subnetId':'%1$s','name':'a'},{'subnetId':'%1$s','name':'b'}]}"
                    .formatted(subnet))
            .expect(201);
    assertEquals(2, both.json().at("/items").size());
    assertEquals(both.json().at("/items/0/revision"), both.json().at("/items/1/revision"));
    api.post(
            "/v1/ports",
            """
            {'items':[{'subnetId':'%1$s','privateIps':[{'address':'10.0.1.77'}]},
                      {'subnetId':'%1$s','privateIps':[{'address':'10.0.1.77'}]}]}\
            """
                .formatted(subnet))
        .refused(409, "items[1].privateIps[0].address", "10.0.1.77");
    assertEquals(2, api.get("/v1/ports?subnetId=" + subnet).json().at("/items").size());
  }

  @Test
  void pagesNeitherRepeatNorHideWhatStays() {
    String subnet = subnet(vpc("pages"), "10.0.1.0/24");
    Set<String> staying = new HashSet<>();
    for (int i = 0; i < 7; i++) {
      staying.add(port(subnet, "stays"));
    }
    List<String> seen = new ArrayList<>();
    String token = "";
    do {
      Answer page = api.get("/v1/ports?limit=2&subnetId=%s%s".formatted(subnet, token)).expect(200);
      for (JsonNode item : page.json().at("/items")) {
        seen.add(item.at("/id").asText());
      }
      String passing = port(subnet, "passes");
      api.delete("/v1/ports/" + passing).expect(204);
      token = page.json().has("nextPageToken") ? "&pageToken=" + page.text("/nextPageToken") : "";
    } while (!token.isEmpty());
    assertEquals(seen.size(), new HashSet<>(seen).size());
    assertTrue(seen.containsAll(staying));
  }

  @Test
  void listsAreFilteredExactly() {
    String vpc = vpc("filtered");
    String subnet = subnet(vpc, "10.0.1.0/24");
    String wanted = port(subnet, "needle");
    port(subnet, "needles");
    Answer found = api.get("/v1/ports?name=needle&vpcId=" + vpc).expect(200);
    assertEquals(1, found.json().at("/items").size());
    assertEquals(wanted, found.text("/items/0/id"));
    assertEquals(1, api.get("/v1/vpcs?name=filtered&project=default").json().at("/items").size());
    assertEquals(0, api.get("/v1/vpcs?name=filtered&project=blue").json().at("/items").size());
  }

  @Test
  void aRepeatedRequestGetsTheSameAnswer() {
    String body = "{'name':'once','cidrs':['10.0.0.0/16']}";
    Answer first = api.post("/v1/vpcs", body, "Idempotency-Key", "k-1").expect(201);
    Answer again = api.post("/v1/vpcs", body, "Idempotency-Key", "k-1").expect(201);
    assertEquals(first.id(), again.id());
    assertEquals(first.header("Location"), again.header("Location"));
    assertEquals(first.header("Heddle-Revision"), again.header("Heddle-Revision"));
    assertEquals(1, api.get("/v1/vpcs?name=once").json().at("/items").size());
    api.post("/v1/vpcs", body.replace("once", "twice"), "Idempotency-Key", "k-1")
        .refused(409, "Idempotency-Key", "k-1");
  }

  @Test
  void anEtagGuardsChanges() {
    Answer created = api.post("/v1/vpcs", "{'cidrs':['10.0.0.0/16']}").expect(201);
    String path = "/v1/vpcs/" + created.id();
    String etag = created.header("ETag");
    Answer changed = api.patch(path, "{'name':'x'}", "If-Match", etag).expect(200);
    api.patch(path, "{'name':'y'}", "If-Match", etag).refused(412, "", created.text("/revision"));
    api.delete(path, "If-Match", etag).refused(412, "");
    api.delete(path, "If-Match", "12").refused(400, "If-Match", "12");
    api.delete(path, "If-Match", changed.header("ETag")).expect(204);
  }

  @Test
  void aDryRunDecidesAndCommitsNothing() {
    Answer would = api.post("/v1/vpcs?dryRun=true", "{'name':'dry','cidrs':['10.0.0.0/16']}");
    would.expect(200);
    assertEquals("dry", would.text("/name"));
    assertEquals(0, api.get("/v1/vpcs?name=dry").json().at("/items").size());
    api.post("/v1/subnets?dryRun=true", "{'vpcId':'%s','cidr':'10.0.1.0/24'}".formatted(would.id()))
        .refused(400, "vpcId", would.id());
    String vpc = vpc("stays");
    assertEquals(
        "gone", api.patch("/v1/vpcs/" + vpc + "?dryRun=true", "{'name':'gone'}").text("/name"));
    api.delete("/v1/vpcs/" + vpc + "?dryRun=true").expect(204);
    assertEquals("stays", api.get("/v1/vpcs/" + vpc).text("/name"));
  }

  @Test
  void waitingEndsWithTheLaggards() {
    HostId slow = new HostId("slow");
    HostId away = new HostId("away");
    try {
      node.realization.set(new Realization(Set.of(), Set.of(away)));
      Answer there = api.post("/v1/vpcs?wait=realized", "{'cidrs':['10.0.0.0/16']}").expect(201);
      assertEquals("away", there.header("Heddle-Disconnected"));
      node.realization.set(new Realization(Set.of(slow), Set.of(away)));
      Answer late =
          api.post("/v1/vpcs?wait=realized&timeoutSeconds=1", "{'cidrs':['10.0.0.0/16']}")
              .refused(504, "", "slow");
      assertEquals("[\"slow\"]", late.json().at("/pending").toString());
      assertEquals("[\"away\"]", late.json().at("/disconnected").toString());
      api.get(late.header("Location")).expect(200);
    } finally {
      node.realization.set(new Realization(Set.of(), Set.of()));
    }
  }

  @Test
  void revisionsTellWhatChangedAndByWhom() {
    Answer created = api.post("/v1/vpcs", "{'name':'told','cidrs':['10.0.0.0/16']}").expect(201);
    Answer revision = api.get("/v1/revisions/" + created.text("/revision")).expect(200);
    assertEquals("admin", revision.text("/commands/0/author"));
    assertEquals("create vpc told", revision.text("/commands/0/summary"));
    assertTrue(revision.json().toString().contains(created.id()));
    Answer newest = api.get("/v1/revisions?limit=1").expect(200);
    Answer older =
        api.get("/v1/revisions?limit=1&pageToken=" + newest.text("/nextPageToken")).expect(200);
    assertEquals(
        newest.json().at("/items/0/revision").asLong() - 1,
        older.json().at("/items/0/revision").asLong());
    api.get("/v1/revisions/999999").refused(404, "", "999999");
  }

  @Test
  void theNodeTellsHowItIs() {
    ApiClient anyone = api.as("");
    assertEquals("ok", anyone.get("/healthz").expect(200).text("/status"));
    anyone.get("/readyz").expect(200);
    anyone.get("/healthz");
    assertTrue(
        anyone.get("/metrics").expect(200).response().body().contains("heddle_http_requests"));
    assertTrue(
        anyone.get("/openapi.yaml").expect(200).response().body().startsWith("openapi: 3.1"));
  }
}
