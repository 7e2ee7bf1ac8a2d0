package io.heddle.rest;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.heddle.rest.ApiClient.Answer;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Every quota of a project is held to, and reported beside what is used of it.
class QuotasTest {

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

  private static void used(String what, int used, int quota) {
    Answer project = api.get("/v1/projects/small").expect(200);
    assertEquals(used, project.json().at("/usage/" + what).asInt(), what);
    assertEquals(quota, project.json().at("/quotas/" + what).asInt(), what);
  }

  private static void full(String path, String body, String number) {
    api.post(path, body).refused(409, "", "small", number);
  }

  @Test
  void whatIsUsedUpIsRefusedUntilSomeIsGivenBack() {
    api.post("/v1/projects", "{'id':'small','quotas':{'vpcs':1,'subnets':1,'ports':1}}")
        .expect(201);
    String vpc = "{'project':'small','cidrs':['10.0.0.0/16']}";
    Answer blue = api.post("/v1/vpcs", vpc).expect(201);
    used("vpcs", 1, 1);
    full("/v1/vpcs", vpc, "1");

    String subnet = "{'vpcId':'%s','cidr':'10.0.%d.0/24'}";
    String first =
        api.post("/v1/subnets?project=small", subnet.formatted(blue.id(), 1)).expect(201).id();
    used("subnets", 1, 1);
    full("/v1/subnets?project=small", subnet.formatted(blue.id(), 2), "1");

    String port = "{'subnetId':'%s'}".formatted(first);
    String made = api.post("/v1/ports?project=small", port).expect(201).id();
    used("ports", 1, 1);
    full("/v1/ports?project=small", port, "1");
    api.delete("/v1/ports/" + made).expect(204);
    used("ports", 0, 1);
    made = api.post("/v1/ports?project=small", port).expect(201).id();

    int groups = api.get("/v1/projects/small").json().at("/usage/securityGroups").asInt();
    api.patch("/v1/projects/small", "{'quotas':{'securityGroups':%d}}".formatted(groups + 1))
        .expect(200);
    String group = "{'vpcId':'%s','name':'%s'}";
    String added =
        api.post("/v1/security-groups?project=small", group.formatted(blue.id(), "a"))
            .expect(201)
            .id();
    used("securityGroups", groups + 1, groups + 1);
    full(
        "/v1/security-groups?project=small",
        group.formatted(blue.id(), "b"),
        Integer.toString(groups + 1));

    int rules = api.get("/v1/projects/small").json().at("/usage/rules").asInt();
    api.patch("/v1/projects/small", "{'quotas':{'rules':%d}}".formatted(rules + 1)).expect(200);
    String rule = "{'direction':'ingress','protocol':'tcp','portFrom':%d,'portTo':%d}";
    String at = "/v1/security-groups/" + added + "/rules";
    api.post(at, rule.formatted(80, 80)).expect(201);
    used("rules", rules + 1, rules + 1);
    api.post(at, rule.formatted(81, 81))
        .refused(409, "rules", "small", Integer.toString(rules + 1));
    api.delete("/v1/ports/" + made).expect(204);
  }
}
