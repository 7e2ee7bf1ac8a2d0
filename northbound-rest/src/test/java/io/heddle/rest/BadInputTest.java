package io.heddle.rest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.heddle.rest.ApiClient.Answer;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Requests that make no sense, each answered with a problem that says which value and what would
/// do.
class BadInputTest {

  private static final int TEN_MEBIBYTES = 10 << 20;

  @TempDir static Path directory;
  static TestNode node;
  static ApiClient api;
  static String vpc;
  static String subnet;

  @BeforeAll
  static void start() throws Exception {
    node = new TestNode(directory, RestOptions.loopback(0));
    api = new ApiClient(node.port());
    vpc = api.post("/v1/vpcs", "{'cidrs':['10.0.0.0/16']}").expect(201).id();
    subnet =
        api.post("/v1/subnets", "{'vpcId':'%s','cidr':'10.0.1.0/24'}".formatted(vpc))
            .expect(201)
            .id();
  }

  @AfterAll
  static void stop() {
    api.close();
    node.close();
  }

  private static Answer subnet(String cidr) {
    return api.post("/v1/subnets", "{'vpcId':'%s','cidr':'%s'}".formatted(vpc, cidr));
  }

  private static Answer port(String fields) {
    return api.post("/v1/ports", "{'subnetId':'%s',%s}".formatted(subnet, fields));
  }

  @Test
  void malformedAndOverlappingCidrs() {
    subnet("10.0.2.0").refused(400, "cidr", "10.0.2.0", "10.0.0.0/24");
    subnet("10.0.2.1/24").refused(400, "cidr", "10.0.2.1/24", "10.0.2.0/24");
    subnet("10.0.2.0/33").refused(400, "cidr", "/33");
    subnet("10.0.1.128/25").refused(409, "cidr", "10.0.1.128/25", "10.0.1.0/24");
    subnet("172.16.0.0/24").refused(400, "cidr", "172.16.0.0/24", "10.0.0.0/16");
    api.post("/v1/vpcs", "{'cidrs':['10.0.0.0/16','10.0.9.0/24']}")
        .refused(400, "cidrs[1]", "10.0.9.0/24");
    api.post("/v1/vpcs", "{'cidrs':[]}").refused(400, "cidrs", "1 or more");
  }

  @Test
  void addressesOutsideOrHeld() {
    port("'privateIps':[{'address':'10.0.9.9'}]")
        .refused(400, "privateIps[0].address", "10.0.9.9", "10.0.1.1 to 10.0.1.254");
    port("'privateIps':[{'address':'10.0.1'}]").refused(400, "privateIps[0].address", "10.0.1");
    port("'privateIps':[{'address':'10.0.1.50'}]").expect(201);
    Answer held =
        port("'privateIps':[{'address':'10.0.1.50'}]")
            .refused(409, "privateIps[0].address", "10.0.1.50");
    assertTrue(held.text("/conflicts/0").startsWith("port "));
    port("'privateIps':[{'address':'10.0.1.60','primary':true},{'address':'10.0.1.61','primary':true}]")
        .refused(400, "privateIps[1].primary", "primary");
    port("'macAddress':'01:00:00:00:00:01'").refused(400, "macAddress", "01:00:00:00:00:01");
    port("'macAddress':'nonsense'").refused(400, "macAddress", "nonsense", "0a:00:00:00:00:01");
  }

  @Test
  void unknownIdsAndThingsInUse() {
    String nobody = UUID.randomUUID().toString();
    api.get("/v1/ports/" + nobody).refused(404, "", nobody);
    api.get("/v1/ports/7").refused(400, "id", "7");
    api.post("/v1/ports", "{'subnetId':'%s'}".formatted(nobody)).refused(400, "subnetId", nobody);
    port("'securityGroupIds':['%s']".formatted(nobody)).refused(400, "securityGroupIds[0]", nobody);
    Answer used = api.delete("/v1/vpcs/" + vpc).refused(409, "", vpc);
    assertEquals("subnet " + subnet, used.text("/conflicts/0"));
  }

  @Test
  void fieldsThatAreUnknownMissingOrOfAnotherType() {
    api.post("/v1/vpcs", "{'cidrz':['10.0.0.0/16']}").refused(400, "cidrz", "cidrz", "cidrs");
    api.post("/v1/vpcs", "{'id':'x','cidrs':['10.0.0.0/16']}").refused(400, "id", "id");
    api.post("/v1/vpcs", "{'name':'x'}").refused(400, "cidrs", "missing");
    api.post("/v1/vpcs", "{'cidrs':'10.0.0.0/16'}").refused(400, "cidrs", "array");
    api.post("/v1/vpcs", "{'name':7,'cidrs':['10.0.0.0/16']}").refused(400, "name", "7", "string");
    api.post("/v1/vpcs", "[]").refused(400, "", "object");
    api.post("/v1/vpcs", "{'items':[{'cidrs':['10.0.0.0/16']},{'cidrs':[7]}]}")
        .refused(400, "items[1].cidrs[0]", "7", "string");
    api.post("/v1/vpcs", "{'items':[{'cidrs':['10.0.0.0/16']},{'cidrs':['x']}]}")
        .refused(400, "items[1].cidrs[0]", "x");
    api.patch("/v1/subnets/" + subnet, "{'cidr':'10.0.7.0/24'}").refused(400, "cidr", "zone");
    api.patch("/v1/subnets/" + subnet, "{'dhcp':{'leaseSeconds':'long'}}")
        .refused(400, "dhcp.leaseSeconds", "long", "integer");
    api.patch("/v1/subnets/" + subnet, "{'dhcp':{'dnsServers':['x']}}")
        .refused(400, "dhcp.dnsServers[0]", "x");
  }

  @Test
  void securityRulesWithoutSense() {
    String rules =
        "/v1/security-groups/"
            + api.get("/v1/vpcs/" + vpc).text("/defaultSecurityGroupId")
            + "/rules";
    api.post(rules, "{'direction':'sideways'}").refused(400, "direction", "sideways", "ingress");
    api.post(rules, "{'direction':'ingress','protocol':'tpc'}")
        .refused(400, "protocol", "tpc", "tcp");
    api.post(rules, "{'direction':'ingress','portFrom':80}").refused(400, "portFrom", "tcp");
    api.post(rules, "{'direction':'ingress','protocol':'tcp','portFrom':90,'portTo':80}")
        .refused(400, "portTo", "80", "90");
    api.post(rules, "{'direction':'ingress','protocol':'tcp','portFrom':70000}")
        .refused(400, "portFrom", "70000", "65535");
    api.post(
            rules,
            "{'direction':'ingress','remoteCidr':'10.0.0.0/8','remoteGroupId':'%s'}"
                .formatted(UUID.randomUUID()))
        .refused(400, "remoteGroupId", "not both");
    api.post(rules, "{'direction':'ingress','remoteCidr':'10.0.0.1/8'}")
        .refused(400, "remoteCidr", "10.0.0.0/8");
  }

  @Test
  void bodiesThatAreNotJson() {
    api.post("/v1/vpcs", "{'name':\n 'x',,}").refused(400, "", "line 2 column");
    api.post("/v1/vpcs", "").refused(400, "", "empty");
    api.post("/v1/vpcs", "{} {}").refused(400, "");
    api.post("/v1/vpcs", "{'name':'a','name':'b'}").refused(400, "", "name");
    api.post("/v1/vpcs", "[".repeat(10_000)).refused(400, "", "depth");
    api.post("/v1/vpcs", "{}", "Content-Type", "text/plain")
        .refused(415, "", "text/plain", "application/json");
    api.post("/v1/vpcs", "{}", "Content-Type", "application/json; charset=latin1").refused(415, "");
    api.post("/v1/vpcs", "{}", "Content-Encoding", "gzip").refused(415, "", "gzip");
  }

  @Test
  void tenMebibytesAnnouncedOrNot() {
    String big = "{\"name\":\"" + "x".repeat(TEN_MEBIBYTES) + "\"}";
    api.post("/v1/vpcs", big).refused(413, "", "1048576");
    HttpRequest chunked =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:%d/v1/vpcs".formatted(node.port())))
            .header("Authorization", "Bearer " + TestNode.ADMIN)
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.fromPublisher(BodyPublishers.ofString(big)))
            .build();
    api.send(chunked).refused(413, "", "1048576");
    api.get("/healthz").expect(200);
  }

  @Test
  void parametersThatAreUnknownOrOutOfRange() {
    api.get("/v1/vpcs?nmae=x").refused(400, "nmae", "nmae", "name");
    api.get("/v1/vpcs?limit=0").refused(400, "limit", "0", "at least 1");
    api.get("/v1/vpcs?limit=1001").refused(400, "limit", "1001", "at most 1000");
    api.get("/v1/vpcs?limit=x").refused(400, "limit", "x", "integer");
    api.get("/v1/vpcs?name=a&name=b").refused(400, "name", "2 times");
    api.get("/v1/vpcs?pageToken=%21%21").refused(400, "pageToken", "!!");
    api.get("/v1/ports?macAddress=zz").refused(400, "macAddress", "zz");
    api.post("/v1/vpcs?wait=forever", "{'cidrs':['10.0.0.0/16']}")
        .refused(400, "wait", "forever", "realized");
    api.post("/v1/vpcs?timeoutSeconds=301", "{'cidrs':['10.0.0.0/16']}")
        .refused(400, "timeoutSeconds", "300");
    api.post("/v1/vpcs", "{'cidrs':['10.0.0.0/16']}", "Idempotency-Key", "a b")
        .refused(400, "Idempotency-Key", "a b");
  }

  @Test
  void pathsAndMethodsThatAreNotThere() {
    api.get("/v1/nat-gateways").refused(404, "", "/v1/nat-gateways");
    api.get("/v2/vpcs").refused(404, "", "/v2/vpcs");
    Answer put = api.send("PUT", "/v1/vpcs", "{}").refused(405, "", "PUT", "POST");
    assertEquals("GET, POST", put.header("Allow"));
    api.post("/v1/hosts", "{}").refused(405, "", "POST");
    api.get("/v1/vpcs?name=" + "x".repeat(10_000)).refused(414, "");
    api.send("GET", "/v1/vpcs", null, "X-Long", "x".repeat(20_000)).refused(431, "");
  }
}
