package dev.behalf.web.work.dispatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.behalf.contract.Environment;
import dev.behalf.contract.JobMessage;
import dev.behalf.contract.JobPayload;
import dev.behalf.testkit.Person;
import dev.behalf.web.Api;
import dev.behalf.web.WebAppTest;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

/** When a job goes, in what order, and how it is stopped. Nobody plays the worker here. */
class SchedulingTest extends WebAppTest {

  @Autowired Pauses pauses;
  @Autowired Lanes lanes;

  /** Jobs that other tests have left at the broker would take up the room. */
  @BeforeEach
  void clear() throws Exception {
    sql("delete from jobs.jobs");
    try (var connection = BROKER.connect();
        var channel = connection.createChannel()) {
      channel.queuePurge(JobMessage.LIVE_QUEUE);
      channel.queuePurge(JobMessage.TEST_QUEUE);
    }
  }

  @AfterEach
  void goOn() {
    pauses.resume(Environment.LIVE, null, Pauses.By.OPERATOR);
    pauses.resume(Environment.TEST, null, Pauses.By.OPERATOR);
    // No worker comes for them, and other tests count what is out.
    sql("delete from jobs.jobs");
  }

  @Test
  void a_job_waits_for_its_time_and_says_so() throws Exception {
    var ada = signUp();
    var id = submit(ada, "\"not_before\":\"" + inAnHour() + "\"");

    var job = ada.job(id);

    assertThat(job.required("state").asString()).isEqualTo("queued");
    assertThat(job.required("waiting").required("reason").asString()).isEqualTo("not_before");
    assertThat(Instant.parse(job.required("waiting").required("until").asString()))
        .isAfter(Instant.now().plusSeconds(3_000));
  }

  @Test
  void what_was_asked_for_stays_whatever_comes_of_the_job() throws Exception {
    var ada = signUp();
    var soon = Instant.now().plusMillis(300).truncatedTo(ChronoUnit.MILLIS);
    var id = submit(ada, "\"not_before\":\"" + soon + "\"");
    var plain = submit(ada, "\"priority\":\"normal\"");
    await().until(() -> state(ada, id).equals("running"));

    assertThat(ada.job(id).required("not_before").asString()).isEqualTo(soon.toString());
    assertThat(ada.job(plain).has("not_before")).isFalse();
    // It has been put off, as after a retry.
    sql("update jobs.jobs set not_before = now() + interval '1 hour' where id = '" + id + "'");
    assertThat(ada.job(id).required("not_before").asString()).isEqualTo(soon.toString());
  }

  @Test
  void a_time_beyond_a_year_is_refused_with_what_to_do() throws Exception {
    var answer = post(signUp(), "\"not_before\":\"2999-01-01T00:00:00Z\"");

    assertThat(answer.statusCode()).isEqualTo(422);
    assertThat(answer.body()).contains("within a year");
  }

  @Test
  void high_goes_before_normal_and_low_within_a_users_own_jobs() throws Exception {
    var ada = signUp();
    pauses.pause(Environment.TEST, null, Pauses.By.OPERATOR);
    var low = submit(ada, "\"priority\":\"low\"");
    var normal = submit(ada, "\"priority\":\"normal\"");
    var high = submit(ada, "\"priority\":\"high\"");
    assertThat(ahead(ada, high)).isZero();
    assertThat(ahead(ada, normal)).isEqualTo(1);
    assertThat(ahead(ada, low)).isEqualTo(2);

    lanes.set(new Lanes.Lane(userId(ada), Environment.TEST, 1, 1));
    pauses.resume(Environment.TEST, null, Pauses.By.OPERATOR);

    await().until(() -> state(ada, high).equals("running"));
    assertThat(state(ada, normal)).isEqualTo("queued");
    assertThat(reason(ada, normal)).isEqualTo("cap");
  }

  @Test
  void a_users_pause_holds_their_jobs_and_nobody_elses() throws Exception {
    var ada = signUp();
    var eve = signUp();
    assertThat(ada.post("/api/v1/pauses", json("{\"environment\":\"test\"}")).statusCode())
        .isEqualTo(201);
    var held = submit(ada, "\"priority\":\"normal\"");
    var free = submit(eve, "\"priority\":\"normal\"");

    await().until(() -> state(eve, free).equals("running"));
    assertThat(reason(ada, held)).isEqualTo("paused");

    assertThat(eve.delete("/api/v1/pauses/test").statusCode()).isEqualTo(404);
    assertThat(ada.delete("/api/v1/pauses/test").statusCode()).isEqualTo(204);
    await().until(() -> state(ada, held).equals("running"));
  }

  @Test
  void what_an_operator_has_paused_a_user_does_not_resume() throws Exception {
    var ada = signUp();
    pauses.pause(Environment.TEST, userId(ada), Pauses.By.OPERATOR);
    var held = submit(ada, "\"priority\":\"normal\"");

    assertThat(reason(ada, held)).isEqualTo("paused_by_operator");
    assertThat(ada.delete("/api/v1/pauses/test").statusCode()).isEqualTo(404);

    pauses.resume(Environment.TEST, userId(ada), Pauses.By.OPERATOR);
    await().until(() -> state(ada, held).equals("running"));
  }

  @Test
  void a_queued_job_and_one_that_a_worker_has_are_cancelled_for_good() throws Exception {
    var ada = signUp();
    var queued = submit(ada, "\"not_before\":\"" + inAnHour() + "\"");
    var running = submit(ada, "\"priority\":\"normal\"");
    await().until(() -> state(ada, running).equals("running"));

    for (var id : new UUID[] {queued, running}) {
      assertThat(cancel(ada, id)).isEqualTo(200);
      assertThat(cancel(ada, id)).as("again").isEqualTo(200);
      assertThat(state(ada, id)).isEqualTo("cancelled");
      assertThat(number("select count(*) from compute.cancellations where job_id = '" + id + "'"))
          .isEqualTo(1);
    }
  }

  @Test
  void a_job_whose_result_is_saved_is_not_cancelled() throws Exception {
    var ada = signUp();
    var id = submit(ada, "\"priority\":\"normal\"");
    await().until(() -> state(ada, id).equals("running"));
    sql(
        """
        insert into compute.results values ('%1$s', '%2$s', 'test', 'echo', '\\x00', '{}', 1, now());
        insert into compute.ledger values ('%1$s', '%2$s', 'test', '2026-11', 1, 'k', now())
        """
            .formatted(userId(ada), id));

    assertThat(cancel(ada, id)).isEqualTo(409);
    assertThat(state(ada, id)).isEqualTo("running");
  }

  @Test
  void a_charge_without_a_result_keeps_no_job_from_being_cancelled() throws Exception {
    var ada = signUp();
    var id = submit(ada, "\"priority\":\"normal\"");
    sql(
        """
        insert into compute.ledger (user_id, job_id, environment, period, units, key_id, created_at, outcome, held)
        values ('%s', '%s', 'test', '2026-11', 1, 'k', now(), 'cancelled', 2)
        """
            .formatted(userId(ada), id));

    assertThat(cancel(ada, id)).isEqualTo(200);
  }

  @Test
  void nobody_cancels_the_job_of_another() throws Exception {
    var id = submit(signUp(), "\"priority\":\"normal\"");

    assertThat(cancel(signUp(), id)).isEqualTo(404);
  }

  private static UUID submit(Person person, String more) throws Exception {
    var answer = post(person, more);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
    return UUID.fromString(Api.json(answer).required("id").asString());
  }

  private static java.net.http.HttpResponse<String> post(Person person, String more)
      throws Exception {
    return person.post(
        "/api/v1/jobs",
        json(
            "{\"environment\":\"test\",\"payload\":{\"operation\":\"echo\",\"text\":\"hi\"},"
                + more
                + "}"));
  }

  private static byte[] json(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static String inAnHour() {
    return Instant.now().plus(1, ChronoUnit.HOURS).toString();
  }

  private static int cancel(Person person, UUID id) throws Exception {
    return person.post("/api/v1/jobs/" + id + "/cancellation", json("")).statusCode();
  }

  private static String state(Person person, UUID id) throws Exception {
    return person.job(id).required("state").asString();
  }

  private static String reason(Person person, UUID id) throws Exception {
    return person.job(id).required("waiting").required("reason").asString();
  }

  private static long ahead(Person person, UUID id) throws Exception {
    return person.job(id).required("waiting").required("ahead").asLong();
  }

  /** A payload in the words of the contract, to see that the old short form goes on working. */
  @Test
  void a_job_without_any_of_this_is_normal_and_at_once() throws Exception {
    var ada = signUp();
    var id = ada.submit(Environment.TEST, JobPayload.of("echo", "hi"));

    assertThat(ada.job(id).required("priority").asString()).isEqualTo("normal");
    await().until(() -> state(ada, id).equals("running"));
  }
}
