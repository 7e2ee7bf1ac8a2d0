package io.heddle.rest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.heddle.rest.ApiClient.Answer;
import io.heddle.rest.auth.AdminToken;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Who may do what, and whose things exist for whom.
class AccessTest {

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

  @Test
  void nobodyWithoutAToken() {
    Answer none = api.as("").get("/v1/vpcs").refused(401, "", "Bearer");
    assertTrue(none.header("WWW-Authenticate").startsWith("Bearer"));
    api.as("guessed").get("/v1/vpcs").refused(401, "", "token");
    api.as("").post("/v1/vpcs", "x".repeat(1 << 21)).refused(401, "");
  }

  @Test
  void tenantsSeeTheirOwnOnly() {
    String hidden = api.post("/v1/vpcs", "{'name':'h','cidrs':['10.0.0.0/16']}").expect(201).id();
    ApiClient blue = api.as(TestNode.BLUE);
    Answer own = blue.post("/v1/vpcs", "{'name':'own','cidrs':['10.0.0.0/16']}").expect(201);
    assertEquals("blue", own.text("/project"));
    assertEquals(1, blue.get("/v1/vpcs").json().at("/items").size());
    assertEquals(0, blue.get("/v1/vpcs?project=default").json().at("/items").size());
    assertEquals(1, blue.get("/v1/projects").json().at("/items").size());
    blue.get("/v1/projects/default").refused(404, "", "default");
    for (String path : new String[] {"/v1/vpcs/" + hidden}) {
      blue.get(path).refused(404, "", hidden);
      blue.patch(path, "{'name':'x'}").refused(404, "", hidden);
      blue.delete(path).refused(404, "", hidden);
    }
    blue.post("/v1/subnets", "{'vpcId':'%s','cidr':'10.0.1.0/24'}".formatted(hidden))
        .refused(400, "vpcId", hidden);
    blue.post("/v1/vpcs", "{'project':'default','cidrs':['10.0.0.0/16']}")
        .refused(403, "", "blue", "default");
    api.get("/v1/vpcs/" + own.id()).expect(200);
    api.as(TestNode.OPERATOR).get("/v1/vpcs/" + own.id()).expect(200);
  }

  @Test
  void rolesReachAsFarAsTheySay() {
    ApiClient reader = api.as(TestNode.BLUE_READER);
    reader.get("/v1/vpcs").expect(200);
    reader.post("/v1/vpcs", "{'cidrs':['10.0.0.0/16']}").refused(403, "", "reader", "member");
    api.as(TestNode.BLUE).get("/v1/hosts").refused(403, "", "operator");
    api.as(TestNode.BLUE).get("/v1/revisions").refused(403, "", "operator");
    api.as(TestNode.OPERATOR).get("/v1/hosts").expect(200);
    api.as(TestNode.OPERATOR).post("/v1/projects", "{'id':'p'}").refused(403, "", "admin");
  }

  @Test
  void theAdminTokenIsMadeOnceForItsOwnerOnly() throws Exception {
    Path data = Files.createDirectory(directory.resolve("data"));
    AdminToken.in(data, new SecureRandom());
    Path file = data.resolve(AdminToken.FILE);
    assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
    String token = Files.readString(file).strip();
    AdminToken again = AdminToken.in(data, new SecureRandom());
    assertTrue(again.authenticate(token).isPresent());
    assertTrue(again.authenticate(token.substring(1)).isEmpty());
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
    IOException open =
        assertThrows(IOException.class, () -> AdminToken.in(data, new SecureRandom()));
    assertTrue(open.getMessage().contains("chmod 600"));
  }
}
