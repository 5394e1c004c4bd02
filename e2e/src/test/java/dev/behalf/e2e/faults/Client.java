package dev.behalf.e2e.faults;

import dev.behalf.contract.JobPayload;
import dev.behalf.contract.StrictJson;
import dev.behalf.testkit.Person;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * A user's script with a personal API key. It asks again, with the same Idempotency-Key, until it
 * is told something.
 */
final class Client {

  static final String PASSWORD = "correct horse battery staple";

  private static final Duration PATIENCE = Duration.ofMinutes(3);
  private static final Duration BEFORE_ASKING_AGAIN = Duration.ofMillis(200);
  private static final HttpClient HTTP =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(2))
          .build();

  private final URI web;
  private final Person person;
  private final UUID userId;
  private final String key;

  private Client(URI web, Person person, UUID userId, String key) {
    this.web = web;
    this.person = person;
    this.userId = userId;
    this.key = key;
  }

  /** Somebody new. */
  static Client signUp(URI web) throws IOException, InterruptedException {
    var person = Person.signUp(web, UUID.randomUUID() + "@example.com", PASSWORD);
    var answer =
        person.post(
            "/api/v1/keys",
            "{\"name\":\"script\",\"environment\":\"live\",\"scopes\":[\"jobs:read\",\"jobs:write\"]}"
                .getBytes(StandardCharsets.UTF_8));
    var key = StrictJson.MAPPER.readTree(answer.body()).required("secret").asString();
    var me = ask(HttpRequest.newBuilder(web.resolve("/api/v1/me")), key);
    var userId = StrictJson.MAPPER.readTree(me.body()).required("user_id").asString();
    return new Client(web, person, UUID.fromString(userId), key);
  }

  UUID userId() {
    return userId;
  }

  /** The same user in a browser. */
  Person person() {
    return person;
  }

  /** Queues one job; comes back when it was told what became of it, or gives up. */
  Acknowledged submit(String text) throws InterruptedException {
    return submit(Load.QUICK, text);
  }

  Acknowledged submit(String operation, String text) throws InterruptedException {
    var idempotencyKey = UUID.randomUUID().toString();
    var body = StrictJson.write(Map.of("payload", JobPayload.of(operation, text)));
    var request =
        HttpRequest.newBuilder(web.resolve("/api/v1/jobs"))
            .timeout(Duration.ofSeconds(10))
            .header("Content-Type", "application/json")
            .header("Idempotency-Key", idempotencyKey)
            .POST(HttpRequest.BodyPublishers.ofByteArray(body));
    var deadline = System.nanoTime() + PATIENCE.toNanos();
    for (int asked = 1; ; asked++) {
      try {
        var answer = ask(request, key);
        if (answer.statusCode() < 500 || System.nanoTime() > deadline) {
          return told(text, idempotencyKey, asked, answer);
        }
      } catch (IOException notTold) {
        if (System.nanoTime() > deadline) {
          return new Acknowledged(userId, text, idempotencyKey, asked, 0, null);
        }
      }
      Pause.of(BEFORE_ASKING_AGAIN);
    }
  }

  /**
   * Opens the events of a job.
   *
   * @param after the last number that was read; 0 for the beginning
   */
  HttpResponse<Stream<String>> events(UUID job, long after)
      throws IOException, InterruptedException {
    return HTTP.send(
        HttpRequest.newBuilder(web.resolve("/api/v1/jobs/" + job + "/events"))
            .header("Last-Event-ID", String.valueOf(after))
            .header("Accept", "text/event-stream")
            .header("Authorization", "Api-Key " + key)
            .build(),
        HttpResponse.BodyHandlers.ofLines());
  }

  private Acknowledged told(
      String text, String idempotencyKey, int asked, HttpResponse<String> answer) {
    var jobId =
        answer.statusCode() == 202
            ? UUID.fromString(StrictJson.MAPPER.readTree(answer.body()).required("id").asString())
            : null;
    return new Acknowledged(userId, text, idempotencyKey, asked, answer.statusCode(), jobId);
  }

  private static HttpResponse<String> ask(HttpRequest.Builder request, String key)
      throws IOException, InterruptedException {
    return HTTP.send(
        request.setHeader("Authorization", "Api-Key " + key).build(),
        HttpResponse.BodyHandlers.ofString());
  }
}
