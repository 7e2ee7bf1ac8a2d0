package io.heddle.rest.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.heddle.core.model.ProjectId;
import io.heddle.rest.auth.Caller;
import io.heddle.rest.auth.Role;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The files of the audit log: their lines, who may read them, and how much there may be of them.
class AuditFileTest {

  private static final Caller BEA = new Caller("bea", Role.MEMBER, new ProjectId("blue"));
  private static final long SMALL = 2_000;

  @TempDir Path directory;

  private static AuditTrail.Entry entry(int number) {
    return new AuditTrail.Entry(
        Instant.EPOCH.plusSeconds(number),
        "r" + number,
        number % 2 == 0 ? BEA : null,
        "192.0.2.7:4711",
        "createVpc",
        "POST",
        "/v1/vpcs",
        number % 2 == 0 ? 201 : 401,
        number % 2 == 0 ? number : 0);
  }

  @Test
  void aLineSaysWhoWhatFromWhereAndWhatCameOfIt() throws Exception {
    try (AuditFile audit = AuditFile.in(directory)) {
      audit.note(entry(42));
      audit.note(entry(43));
    }
    try (AuditFile audit = AuditFile.in(directory)) {
      audit.note(entry(44)); // after a restart
    }
    Path file = directory.resolve(AuditFile.FILE);
    assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
    List<String> lines = Files.readAllLines(file);
    assertEquals(3, lines.size());
    assertEquals(
        new ObjectMapper()
            .readTree(
                """
                {"at":"1970-01-01T00:00:42Z","request":"r42","subject":"bea","role":"member",
                 "project":"blue","from":"192.0.2.7:4711","operation":"createVpc","method":"POST",
                 "path":"/v1/vpcs","status":201,"revision":42}
                """),
        new ObjectMapper().readTree(lines.get(0)));
    JsonNode refused = new ObjectMapper().readTree(lines.get(1));
    assertEquals(401, refused.path("status").asInt());
    assertFalse(refused.has("subject") || refused.has("revision"));
  }

  @Test
  void thereIsNeverMoreThanNineFiles() throws IOException {
    try (AuditFile audit = AuditFile.in(directory, SMALL)) {
      for (int i = 0; i < 1_000; i++) {
        audit.note(entry(i));
      }
    }
    try (Stream<Path> files = Files.list(directory)) {
      List<Path> all = files.toList();
      assertEquals(9, all.size());
      for (Path file : all) {
        assertTrue(Files.size(file) <= SMALL);
      }
    }
    List<String> newest = Files.readAllLines(directory.resolve(AuditFile.FILE));
    assertTrue(newest.getLast().contains("\"r999\""), newest.getLast());
    String before = Files.readAllLines(directory.resolve(AuditFile.FILE + ".1")).getLast();
    int first = new ObjectMapper().readTree(newest.getFirst()).path("request").asText().length();
    assertTrue(first > 0 && before.contains("\"request\""));
  }
}
