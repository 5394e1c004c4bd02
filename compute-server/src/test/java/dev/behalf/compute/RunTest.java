package dev.behalf.compute;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.behalf.contract.ApiKeyFormat;
import dev.behalf.contract.Environment;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.UUID;

/** A user with a job of a long operation. */
abstract class RunTest extends ComputeTest {

  final UUID user = newUser();
  final String worker = managed(user);
  final UUID job = newJob(user);

  /** The name of the operation. */
  final String name = "long-" + UUID.randomUUID().toString().substring(0, 8);

  final void operation(String yaml) throws Exception {
    ShippedOperations.apply(DATABASE, yaml);
    var key = newKey(newUser(), Environment.LIVE, "jobs:write");
    await()
        .untilAsserted(
            () ->
                assertThat(
                        post(
                                key,
                                UUID.randomUUID(),
                                "{\"operation\":\"" + name + "\",\"text\":1,\"prompt\":1}")
                            .body())
                    .contains("payload_invalid"));
  }

  /** Starts the job as a worker does. */
  final HttpResponse<String> start(UUID id, int attempt, String payload) throws Exception {
    return HTTP.send(
        request(worker, "/v1/ai/jobs")
            .header("Content-Type", "application/json")
            .header("Behalf-Attempt", String.valueOf(attempt))
            .POST(
                BodyPublishers.ofString("{\"job_id\":\"" + id + "\",\"payload\":" + payload + "}"))
            .build(),
        BodyHandlers.ofString());
  }

  static String managed(UUID user) {
    var key = newKey(user, Environment.LIVE, "jobs:read jobs:write");
    sql(
        "update accounts.api_keys set kind = 'managed' where key_id = '%s'"
            .formatted(ApiKeyFormat.parse(key).orElseThrow().keyId()));
    return key;
  }

  /** Stores a job as web-app has dispatched it. */
  static UUID newJob(UUID user) {
    var id = UUID.randomUUID();
    sql(
        """
        insert into jobs.jobs (user_id, id, environment, operation, payload, state, attempt, not_before, fingerprint, created_at)
        values ('%s', '%s', 'live', 'any', '{}', 'dispatched', 1, now(), '\\x00', now())
        """
            .formatted(user, id));
    return id;
  }

  /** Asks to cancel a job, as web-app does. */
  final void cancel(UUID id) {
    sql(
        """
        insert into compute.cancellations (user_id, job_id, environment, cancelled_at) values ('%1$s', '%2$s', 'live', now());
        select pg_notify('behalf_runs_cancelled', '%1$s %2$s')
        """
            .formatted(user, id));
  }

  static void awaitState(UUID id, String expected) {
    await()
        .atMost(Duration.ofSeconds(10))
        .untilAsserted(() -> assertThat(state(id)).isEqualTo(expected));
  }

  static String state(UUID id) {
    return text(
        "select coalesce(max(state), 'none') from compute.runs where job_id = '" + id + "'");
  }

  static long epoch(UUID id) {
    return number("select epoch from compute.runs where job_id = '" + id + "'");
  }

  static boolean isFinal(UUID id) {
    return number("select is_final::int from compute.runs where job_id = '" + id + "'") == 1;
  }

  final long held() {
    return number(
        "select coalesce(sum(held), 0) from compute.quota where user_id = '" + user + "'");
  }
}
