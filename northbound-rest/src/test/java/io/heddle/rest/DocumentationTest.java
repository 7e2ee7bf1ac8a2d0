package io.heddle.rest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.heddle.rest.ApiClient.Answer;
import io.heddle.rest.contract.Contract;
import io.heddle.rest.contract.Operation;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The contract as it is served, for people and in few bytes.
class DocumentationTest {

  @TempDir Path directory;

  @Test
  void thePageShowsEveryOperationAndTakesNothingFromElsewhere() throws Exception {
    try (TestNode node = new TestNode(directory, RestOptions.loopback(0));
        ApiClient api = new ApiClient(node.port())) {
      Answer answer = api.as("").get("/docs").expect(200);
      String page = answer.response().body();
      for (Operation operation : Contract.load().operations()) {
        assertTrue(page.contains("id=\"%s\"".formatted(operation.id())), operation::id);
      }
      assertTrue(answer.header("Content-Security-Policy").startsWith("default-src 'none'"));
      assertFalse(page.contains("src=") || page.contains("<script") || page.contains("@import"));
      Matcher links = Pattern.compile("href=\"([^\"]*)\"").matcher(page);
      while (links.find()) {
        String target = links.group(1);
        assertTrue(
            target.equals("/openapi.yaml")
                || page.contains("id=\"%s\"".formatted(target.substring(1))),
            target);
      }
    }
  }

  @Test
  void longAnswersAreCompressedForWhoAsks() throws Exception {
    try (TestNode node = new TestNode(directory, RestOptions.loopback(0));
        HttpClient http = HttpClient.newHttpClient()) {
      HttpResponse<byte[]> plain = get(http, node, "/openapi.yaml", "identity");
      HttpResponse<byte[]> packed = get(http, node, "/openapi.yaml", "gzip");
      assertEquals("gzip", packed.headers().firstValue("Content-Encoding").orElse(""));
      assertTrue(packed.body().length * 4 < plain.body().length);
      try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(packed.body()))) {
        assertEquals(
            new String(plain.body(), StandardCharsets.UTF_8),
            new String(in.readAllBytes(), StandardCharsets.UTF_8));
      }
      HttpResponse<byte[]> brief = get(http, node, "/healthz", "gzip");
      assertFalse(brief.headers().firstValue("Content-Encoding").isPresent());
    }
  }

  private static HttpResponse<byte[]> get(
      HttpClient http, TestNode node, String path, String encoding)
      throws IOException, InterruptedException {
    URI uri = URI.create("http://127.0.0.1:%d%s".formatted(node.port(), path));
    return http.send(
        HttpRequest.newBuilder(uri).header("Accept-Encoding", encoding).build(),
        BodyHandlers.ofByteArray());
  }
}
