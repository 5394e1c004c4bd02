package dev.behalf.web.work.events;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.behalf.contract.Environment;
import dev.behalf.contract.JobOutcome.Succeeded;
import dev.behalf.contract.JobPayload;
import dev.behalf.contract.StrictJson;
import dev.behalf.testkit.Person;
import dev.behalf.web.WebAppTest;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Streams of what happens to one job. */
class EventsApiTest extends WebAppTest {

  private static final HttpClient HTTP = HttpClient.newHttpClient();

  private Person ada;
  private String key;
  private UUID job;

  @BeforeEach
  void submit() throws Exception {
    ada = signUp();
    key = newKey(ada, "live", "jobs:read");
    job = ada.submit(Environment.LIVE, JobPayload.of("echo", "x"));
    // With a worker for an hour, whatever the dispatcher has to do besides.
    sql(
        """
        update jobs.jobs set state = 'dispatched', attempt = 1, lease_until = now() + interval '1 hour' where id = '%s'
        """
            .formatted(job));
  }

  @AfterEach
  void clear() {
    sql("delete from jobs.jobs where id = '" + job + "'");
  }

  @Test
  void a_stream_tells_what_is_said_in_order_and_ends_with_the_job() throws Exception {
    say(1_000_000, "progress", "{\"fraction\":0.4}");
    try (var stream = open(key, null)) {
      stream.await("1000000 progress {\"fraction\":0.4}");
      say(1_000_001, "output", "{\"delta\":\"尊敬的 🦄\"}");
      stream.await("1000001 output {\"delta\":\"尊敬的 🦄\"}");
      say(1_000_002, "log", "{\"message\":\"two\\nlines\"}");
      end();

      await().until(stream::isClosed);
      assertThat(stream.events)
          .containsExactly(
              "1000000 progress {\"fraction\":0.4}",
              "1000001 output {\"delta\":\"尊敬的 🦄\"}",
              "1000002 log {\"message\":\"two\\nlines\"}",
              "9000000000000000 end {\"state\":\"succeeded\",\"units\":7}");
    }
  }

  @Test
  void a_stream_goes_on_at_the_number_that_it_came_to() throws Exception {
    for (int i = 0; i < 250; i++) {
      say(1_000_000 + i, "output", "{\"delta\":\"" + i + "\"}");
    }
    end();

    try (var stream = open(key, "1000099")) {
      await().until(stream::isClosed);
      assertThat(stream.events).hasSize(151);
      assertThat(stream.events.getFirst()).startsWith("1000100 output");
      assertThat(stream.events.getLast()).startsWith("9000000000000000 end");
    }
    assertThat(get(key, "9000000000000000").statusCode()).isEqualTo(204);
  }

  @Test
  void a_stream_opens_while_its_job_is_queued_and_for_a_session_too() throws Exception {
    var later = ada.submit(Environment.LIVE, JobPayload.of("echo", "x"));
    sql(
        "update jobs.jobs set state = 'queued', not_before = now() + interval '1 hour' where id = '"
            + later
            + "'");

    assertThat(ada.post("/api/v1/jobs/" + later + "/cancellation", new byte[0]).statusCode())
        .isEqualTo(200);
    var page = ada.page("/api/v1/jobs/" + later + "/events");
    assertThat(page.body()).contains("event:end").contains("cancelled");
  }

  @Test
  void nobody_elses_job_can_be_watched_and_no_number_is_a_request_that_is_wrong() throws Exception {
    var ben = signUp();
    var his = newKey(ben, "live", "jobs:read");
    var test = newKey(ada, "test", "jobs:read");

    assertThat(get(his, null).statusCode()).isEqualTo(404);
    assertThat(get(test, null).statusCode()).isEqualTo(404);
    assertThat(get(newKey(ada, "live", "usage:read"), null).statusCode()).isEqualTo(403);
    assertThat(get(key, "x").statusCode()).isEqualTo(400);
  }

  @Test
  void a_stream_ends_with_the_key_that_opened_it() throws Exception {
    try (var stream = open(key, null)) {
      say(1_000_000, "output", "{\"delta\":\"Dear\"}");
      stream.await("1000000 output {\"delta\":\"Dear\"}");

      sql("update accounts.api_keys set revoked_at = now() where user_id = '" + userId(ada) + "'");

      await().atMost(Duration.ofSeconds(4)).until(stream::isClosed);
    }
  }

  private void say(long seq, String name, String data) {
    sql(
        """
        insert into compute.events values ('%1$s', '%2$s', 'live', %3$d, '%4$s', '%5$s', now());
        select pg_notify('behalf_run_events', '%1$s %2$s')
        """
            .formatted(userId(ada), job, seq, name, data));
  }

  private void end() throws Exception {
    saved(userId(ada), job, "live", 7, "k12345678901");
    report(ada, job, new Succeeded(7, "k12345678901", false));
  }

  private static String newKey(Person person, String environment, String scope) throws Exception {
    var body =
        "{\"name\":\"watcher\",\"environment\":\"%s\",\"scopes\":[\"%s\"]}"
            .formatted(environment, scope);
    var answer = person.post("/api/v1/keys", body.getBytes(UTF_8));
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
    return StrictJson.MAPPER.readTree(answer.body()).required("secret").asString();
  }

  private HttpResponse<String> get(String key, @Nullable String after) throws Exception {
    return HTTP.send(request(key, after), HttpResponse.BodyHandlers.ofString());
  }

  private HttpRequest request(String key, @Nullable String after) {
    var request =
        HttpRequest.newBuilder(URI.create(site() + "/api/v1/jobs/" + job + "/events"))
            // As a browser does.
            .header("Accept", "text/event-stream")
            .header("Authorization", "Api-Key " + key);
    return after == null ? request.build() : request.header("Last-Event-ID", after).build();
  }

  private Stream open(String key, @Nullable String after) throws Exception {
    return new Stream(HTTP.send(request(key, after), HttpResponse.BodyHandlers.ofInputStream()));
  }

  /** A stream that is read in the background. */
  private static final class Stream implements AutoCloseable {
    private final List<String> events = new CopyOnWriteArrayList<>();
    private final InputStream in;
    private final Thread reader = Thread.ofVirtual().unstarted(this::read);

    private Stream(HttpResponse<InputStream> answer) {
      assertThat(answer.statusCode()).isEqualTo(200);
      in = answer.body();
      reader.start();
    }

    private void read() {
      try (var lines = new BufferedReader(new InputStreamReader(in, UTF_8))) {
        var event = new String[3];
        for (var line = lines.readLine(); line != null; line = lines.readLine()) {
          if (line.startsWith("id:")) {
            event[0] = line.substring(3);
          } else if (line.startsWith("event:")) {
            event[1] = line.substring(6);
          } else if (line.startsWith("data:")) {
            event[2] = line.substring(5);
          } else if (line.isEmpty() && event[0] != null) {
            events.add(String.join(" ", event));
          }
        }
      } catch (IOException closed) {
        // The test has seen enough.
      }
    }

    private void await(String event) {
      Awaitility.await().until(() -> events.contains(event));
    }

    private boolean isClosed() {
      return !reader.isAlive();
    }

    @Override
    public void close() throws IOException {
      in.close();
    }
  }
}
