package io.heddle.rest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.heddle.rest.audit.AuditTrail;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Every write is taken note of, whatever became of it; reads are not.
class AuditTest {

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

  @BeforeEach
  void forget() {
    node.audited.clear();
  }

  private static AuditTrail.Entry only() {
    AuditTrail.Entry entry = node.audited.poll();
    assertNotNull(entry);
    assertTrue(node.audited.isEmpty());
    return entry;
  }

  @Test
  void whatWasDoneIsNotedWithItsRevision() {
    ApiClient.Answer made =
        api.as(TestNode.BLUE)
            .post("/v1/vpcs", "{'cidrs':['10.0.0.0/16']}", "X-Request-Id", "mine")
            .expect(201);
    AuditTrail.Entry entry = only();
    assertEquals("bea", entry.caller().subject());
    assertEquals("POST", entry.method());
    assertEquals("/v1/vpcs", entry.path());
    assertEquals(201, entry.status());
    assertEquals(Long.parseLong(made.header("Heddle-Revision")), entry.revision());
    assertTrue(entry.request().startsWith("mine"), entry.request());
    assertTrue(entry.from().startsWith("127.0.0.1:"), entry.from());
    api.delete("/v1/vpcs/" + made.id()).expect(204);
    assertEquals("/v1/vpcs/" + made.id(), only().path());
  }

  @Test
  void whatWasRefusedIsNotedToo() {
    api.as("guessed").post("/v1/vpcs", "{'cidrs':['10.0.0.0/16']}").expect(401);
    AuditTrail.Entry nobody = only();
    assertNull(nobody.caller());
    assertEquals(401, nobody.status());
    api.as(TestNode.BLUE_READER).post("/v1/vpcs", "{'cidrs':['10.0.0.0/16']}").expect(403);
    assertEquals(403, only().status());
    api.post("/v1/vpcs", "{'cidrs':['nonsense']}").expect(400);
    assertEquals(400, only().status());
    api.as(TestNode.BLUE).delete("/v1/vpcs/00000000-0000-0000-0000-000000000000").expect(404);
    AuditTrail.Entry missing = only();
    assertEquals(404, missing.status());
    assertEquals(0, missing.revision());
  }

  @Test
  void readsAreNot() {
    api.get("/v1/vpcs").expect(200);
    api.as("guessed").get("/v1/vpcs").expect(401);
    assertTrue(node.audited.isEmpty());
  }
}
