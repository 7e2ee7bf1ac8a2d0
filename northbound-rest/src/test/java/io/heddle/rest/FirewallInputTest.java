package io.heddle.rest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.heddle.rest.ApiClient.Answer;
import java.nio.file.Path;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What clients ask of the firewall: what is refused, with which words, and what comes back.
class FirewallInputTest {

  @TempDir static Path directory;
  private static TestNode node;
  private static ApiClient api;
  private static String vpc;
  private static String group;

  @BeforeAll
  static void start() throws Exception {
    node = new TestNode(directory, RestOptions.loopback(0));
    api = new ApiClient(node.port());
    vpc = api.post("/v1/vpcs", "{'cidrs':['10.0.0.0/16'],'ipv6Cidrs':['fd00:1::/48']}").id();
    group = api.post("/v1/security-groups", "{'name':'web','vpcId':'%s'}".formatted(vpc)).id();
  }

  @AfterAll
  static void stop() {
    api.close();
    node.close();
  }

  private static Answer rule(String fields) {
    return api.post(
        "/v1/security-groups/" + group + "/rules", "{'direction':'ingress'," + fields + "}");
  }

  @Test
  void rulesWithoutSense() {
    rule("'protocol':'tcp','portFrom':90,'portTo':80").refused(400, "portTo", "80", "90");
    rule("'protocol':'tcp','portFrom':70000").refused(400, "portFrom", "65535");
    rule("'protocol':'udp','portTo':80").refused(400, "portFrom", "80", "both ends");
    rule("'protocol':'icmp','icmpCode':1").refused(400, "icmpType", "1");
    rule("'protocol':'icmp','portFrom':80").refused(400, "portFrom", "tcp and udp only", "icmp");
    rule("'protocol':'icmpv6','portTo':80").refused(400, "portTo", "tcp and udp only", "icmpv6");
    rule("'protocol':'tcp','icmpType':8").refused(400, "icmpType", "icmp and icmpv6 only");
    rule("'protocol':'carrier-pigeon'").refused(400, "protocol", "carrier-pigeon", "sctp");
    rule("'protocol':'256'").refused(400, "protocol", "256", "0 to 255");
    rule("'remoteCidr':'10.0.0.0/33'").refused(400, "remoteCidr", "/33", "0 to 32");
    rule("'remoteCidr':'fd00::/129'").refused(400, "remoteCidr", "/129", "0 to 128");
    rule("'remoteCidr':'fd00::1/64'").refused(400, "remoteCidr", "fd00::/64");
    rule("'protocol':'icmp','remoteCidr':'fd00::/64'").refused(400, "remoteCidr", "icmpv6");
    rule("'protocol':58,'remoteCidr':'10.0.0.0/8'").refused(400, "remoteCidr", "icmpv6", "IPv6");
    String nobody = UUID.randomUUID().toString();
    rule("'remoteGroupId':'%s'".formatted(nobody)).refused(400, "remoteGroupId", nobody, vpc);
    rule("'remotePrefixListId':'%s'".formatted(nobody)).refused(400, "remotePrefixListId", nobody);
  }

  @Test
  void aGroupOfAnotherVpcIsNoRemote() {
    String other = api.post("/v1/vpcs", "{'cidrs':['10.9.0.0/16']}").id();
    String foreign = api.get("/v1/vpcs/" + other).text("/defaultSecurityGroupId");
    rule("'remoteGroupId':'%s'".formatted(foreign)).refused(400, "remoteGroupId", foreign, vpc);
  }

  @Test
  void sixThousandRulesAreTooMany() {
    String rules =
        IntStream.rangeClosed(1, 6000)
            .mapToObj(
                port -> "{'direction':'ingress','protocol':'tcp','portFrom':%d}".formatted(port))
            .collect(Collectors.joining(","));
    api.patch("/v1/security-groups/" + group, "{'rules':[%s]}".formatted(rules))
        .refused(400, "rules", "6000", "200");
  }

  @Test
  void oneRuleMoreThanFitsIsTooMany() {
    String rules =
        IntStream.rangeClosed(1, 200)
            .mapToObj(
                port -> "{'direction':'ingress','protocol':'tcp','portFrom':%d}".formatted(port))
            .collect(Collectors.joining(","));
    String full =
        api.post("/v1/security-groups", "{'vpcId':'%s','rules':[%s]}".formatted(vpc, rules))
            .expect(201)
            .id();
    api.post("/v1/security-groups/" + full + "/rules", "{'direction':'egress'}")
        .refused(409, "", full, "200", "limit");
  }

  @Test
  void whatIsLoggedIsMerged() {
    String id =
        api.post("/v1/security-groups", "{'vpcId':'%s','logging':{'drops':true}}".formatted(vpc))
            .expect(201)
            .id();
    String path = "/v1/security-groups/" + id;
    api.patch(path, "{'logging':{'accepts':true}}").expect(200);
    assertEquals("true", api.get(path).text("/logging/drops"));
    assertEquals("true", api.get(path).text("/logging/accepts"));
    api.patch(path, "{'name':'told'}").expect(200);
    assertEquals("true", api.get(path).text("/logging/drops"));
    api.patch(path, "{'logging':null}").expect(200);
    assertEquals("false", api.get(path).text("/logging/drops"));
    api.patch(path, "{'logging':{'rejects':true}}").refused(400, "logging.rejects", "rejects");
    assertEquals("0", api.get(path + "/hits").expect(200).text("/hosts"));
    assertEquals("0", api.get(path + "/log").expect(200).text("/silent"));
    api.get(path + "/log?limit=0").refused(400, "limit", "0");
  }

  @Test
  void protocolsHaveNamesAndNumbers() {
    String id = api.post("/v1/security-groups", "{'vpcId':'%s'}".formatted(vpc)).id();
    String rules = "/v1/security-groups/" + id + "/rules";
    assertEquals(
        "icmpv6",
        api.post(rules, "{'direction':'ingress','protocol':'icmpv6','icmpType':128}")
            .expect(201)
            .text("/protocol"));
    assertEquals(
        "132",
        api.post(rules, "{'direction':'ingress','protocol':'sctp'}").expect(201).text("/protocol"));
    Answer same =
        api.post(rules, "{'direction':'ingress','protocol':132}").refused(409, "", "same");
    assertTrue(same.text("/conflicts/0").startsWith("rule "));
  }

  @Test
  void prefixLists() {
    api.post("/v1/prefix-lists", "{'entries':[{'cidr':'10.0.0.0/8'},{'cidr':'10.0.0.0/8'}]}")
        .refused(400, "entries[1].cidr", "twice");
    api.post("/v1/prefix-lists", "{'entries':[{'cidr':'10.0.0.0/40'}]}")
        .refused(400, "entries[0].cidr", "/40");
    String list =
        api.post("/v1/prefix-lists", "{'name':'o','entries':[{'cidr':'2001:db8::/32'}]}").id();
    rule("'protocol':'tcp','remotePrefixListId':'%s'".formatted(list)).expect(201);
    Answer used = api.delete("/v1/prefix-lists/" + list).refused(409, "", "still used");
    assertEquals("security-group " + group, used.text("/conflicts/0"));
    String many =
        IntStream.range(0, 1001)
            .mapToObj(i -> "{'cidr':'10.%d.%d.0/24'}".formatted(i / 250, i % 250))
            .collect(Collectors.joining(","));
    api.patch("/v1/prefix-lists/" + list, "{'entries':[%s]}".formatted(many))
        .refused(400, "entries", "1001", "1000");
    assertEquals("2001:db8::/32", api.get("/v1/prefix-lists/" + list).text("/entries/0/cidr"));
  }

  private static String entry(String fields) {
    return "{'vpcId':'%s','entries':[{%s}]}".formatted(vpc, fields);
  }

  @Test
  void networkAcls() {
    String acls = "/v1/network-acls";
    api.post(acls, entry("'number':0,'direction':'ingress','action':'allow'"))
        .refused(400, "entries[0].number", "0");
    api.post(acls, entry("'number':1,'direction':'ingress','action':'reject'"))
        .refused(400, "entries[0].action", "reject", "deny");
    api.post(
            acls,
            entry(
                "'number':1,'direction':'ingress','action':'deny','protocol':'icmp','portFrom':1"))
        .refused(400, "entries[0].portFrom", "icmp");
    api.post(
            acls,
            entry(
                "'number':1,'direction':'ingress','action':'deny'},{'number':1,'direction':'ingress','action':'allow'"))
        .refused(400, "entries[1].number", "entries[0]", "1");
    String acl =
        api.post(
                acls,
                entry(
                    "'number':20,'direction':'egress','action':'allow'},{'number':10,'direction':'egress',"
                        + "'action':'deny','protocol':'udp','portFrom':53,'cidr':'fd00::/8'"))
            .expect(201)
            .id();
    Answer read = api.get(acls + "/" + acl);
    assertEquals("10", read.text("/entries/0/number"), "in order");
    assertEquals("fd00::/8", read.text("/entries/0/cidr"));
    String subnet =
        api.post(
                "/v1/subnets",
                "{'vpcId':'%s','cidr':'10.0.7.0/24','ipv6Cidr':'fd00:1:0:7::/64','networkAclId':'%s'}"
                    .formatted(vpc, acl))
            .expect(201)
            .id();
    assertEquals("fd00:1:0:7::1", api.get("/v1/subnets/" + subnet).text("/ipv6GatewayIp"));
    api.delete(acls + "/" + acl).refused(409, "", "still used");
    api.patch("/v1/subnets/" + subnet, "{'networkAclId':null}").expect(200);
    api.delete(acls + "/" + acl).expect(204);
  }

  @Test
  void entriesOfNetworkAclsOneByOne() {
    String acl = api.post("/v1/network-acls", "{'vpcId':'%s'}".formatted(vpc)).expect(201).id();
    String entries = "/v1/network-acls/" + acl + "/entries";
    String allow =
        "{'number':20,'direction':'ingress','action':'allow','protocol':'tcp','portFrom':443}";
    Answer dry = api.post(entries + "?dryRun=true", allow).expect(200);
    assertEquals("443", dry.text("/portTo"));
    Answer made = api.post(entries, allow).expect(201);
    assertEquals(entries + "/ingress/20", made.header("Location"));
    api.post(entries, allow).refused(409, "number", "ingress entry 20");
    api.post(entries, "{'number':20,'direction':'egress','action':'allow'}").expect(201);
    api.post(entries, "{'number':10,'direction':'ingress','action':'deny','cidr':'fd00::/8'}")
        .expect(201);
    api.post(
            entries,
            "{'number':1,'direction':'ingress','action':'deny','protocol':'icmp','cidr':'fd00::/8'}")
        .refused(400, "cidr", "icmp is IPv4");
    api.post(entries, "{'number':1,'direction':'ingress','action':'deny','cidr':'10.0.0.0/33'}")
        .refused(400, "cidr", "/33");
    Answer all = api.get(entries).expect(200);
    assertEquals("10", all.text("/items/0/number"), "in order");
    assertEquals("20", all.text("/items/1/number"));
    assertEquals("egress", all.text("/items/2/direction"));
    assertEquals("fd00::/8", api.get(entries + "/ingress/10").expect(200).text("/cidr"));
    api.delete(entries + "/ingress/10").expect(204);
    api.delete(entries + "/ingress/10").refused(404, "", "ingress entry 10");
    api.get(entries + "/egress/10").refused(404, "", "egress entry 10");
    api.get(entries + "/sideways/10").refused(400, "direction", "sideways");
    api.get(entries + "/ingress/0").refused(400, "number", "0");
    assertEquals("20", api.get("/v1/network-acls/" + acl).text("/entries/0/number"));
  }

  @Test
  void prefixListsAndNetworkAclsHaveQuotas() {
    Answer project = api.get("/v1/projects/default").expect(200);
    int lists = Integer.parseInt(project.text("/usage/prefixLists"));
    int acls = Integer.parseInt(project.text("/usage/networkAcls"));
    api.patch(
            "/v1/projects/default",
            "{'quotas':{'prefixLists':%d,'networkAcls':%d}}".formatted(lists, acls))
        .expect(200);
    try {
      api.post("/v1/prefix-lists", "{'entries':[]}").refused(409, "", "prefix-list", "quota");
      api.post("/v1/network-acls", "{'vpcId':'%s'}".formatted(vpc))
          .refused(409, "", "network-acl", "quota");
    } finally {
      api.patch("/v1/projects/default", "{'quotas':{'prefixLists':null,'networkAcls':null}}")
          .expect(200);
    }
    String list = api.post("/v1/prefix-lists", "{'entries':[]}").expect(201).id();
    api.delete("/v1/prefix-lists/" + list).expect(204);
  }

  @Test
  void ipv6AddressesAndPairs() {
    String subnet =
        api.post(
                "/v1/subnets",
                "{'vpcId':'%s','cidr':'10.0.8.0/24','ipv6Cidr':'fd00:1:0:8::/64'}".formatted(vpc))
            .expect(201)
            .id();
    String create = "{'subnetId':'%s',%s}";
    Answer port =
        api.post("/v1/ports", create.formatted(subnet, "'macAddress':'0a:00:00:00:00:77'"))
            .expect(201);
    assertEquals("fd00:1:0:8:800:ff:fe00:77", port.text("/privateIps/1/address"));
    api.post("/v1/ports", create.formatted(subnet, "'privateIps':[{'address':'fd00:1:0:9::5'}]"))
        .refused(400, "privateIps", "fd00:1:0:9::5", "fd00:1:0:8::/64");
    api.post("/v1/ports", create.formatted(subnet, "'privateIps':[{'address':'fd00:1:0:8::1'}]"))
        .refused(409, "privateIps", "gateway");
    api.post(
            "/v1/ports",
            create.formatted(subnet, "'allowedAddressPairs':[{'ipAddress':'10.0.0.0/33'}]"))
        .refused(400, "allowedAddressPairs[0].ipAddress", "/33");
    api.post(
            "/v1/ports",
            create.formatted(
                subnet,
                "'allowedAddressPairs':[{'ipAddress':'10.0.8.9','macAddress':'0e:00:00:00:00:01'}]"))
        .refused(400, "allowedAddressPairs[0].macAddress", "0e:00:00:00:00:01");
    api.post(
            "/v1/subnets",
            "{'vpcId':'%s','cidr':'10.0.9.0/24','ipv6Cidr':'fd00:1:0:8::/63'}".formatted(vpc))
        .refused(400, "ipv6Cidr", "/64");
    api.post(
            "/v1/subnets",
            "{'vpcId':'%s','cidr':'10.0.9.0/24','ipv6Cidr':'fd00:1:0:8::/64'}".formatted(vpc))
        .refused(409, "ipv6Cidr", "fd00:1:0:8::/64");
    Answer policy = api.get("/v1/ports/" + port.id() + "/policy").expect(200);
    assertEquals("egress", policy.text("/rules/0/direction"));
    assertEquals("security-group default", policy.text("/rules/0/from"));
  }
}
