package dev.behalf.web.work.dispatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.GetResponse;
import dev.behalf.contract.Environment;
import dev.behalf.contract.Hop;
import dev.behalf.contract.JobMessage;
import dev.behalf.contract.JobOutcome;
import dev.behalf.contract.JobOutcome.Deferred;
import dev.behalf.contract.JobOutcome.Failed;
import dev.behalf.contract.JobOutcome.Succeeded;
import dev.behalf.contract.JobOutcome.Verdict;
import dev.behalf.contract.JobOutcomes;
import dev.behalf.contract.JobPayload;
import dev.behalf.contract.StrictJson;
import dev.behalf.testkit.Person;
import dev.behalf.web.WebAppTest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * The test is the worker: it takes messages from the queue by hand and says what became of them.
 */
class DispatchTest extends WebAppTest {

  private Connection connection;
  private Channel channel;

  @BeforeEach
  void connect() throws Exception {
    sql("delete from jobs.jobs");
    connection = BROKER.connect();
    channel = connection.createChannel();
    channel.queuePurge(JobMessage.LIVE_QUEUE);
    channel.queuePurge(JobMessage.TEST_QUEUE);
  }

  @AfterEach
  void disconnect() throws Exception {
    connection.close();
  }

  @Test
  void a_message_is_signed_and_says_whose_job_it_is_and_nothing_secret() throws Exception {
    var ada = signUp();
    var id = ada.submit(Environment.LIVE, JobPayload.of("echo", "hi"));

    var delivery = take();

    var job = StrictJson.read(delivery.getBody(), JobMessage.class);
    assertThat(job.jobId()).isEqualTo(id);
    assertThat(job.userId()).isEqualTo(userId(ada));
    assertThat(job.attempt()).isEqualTo(1);
    assertThat(delivery.getProps().getMessageId()).isEqualTo(id.toString());
    assertThat(delivery.getProps().getDeliveryMode()).isEqualTo(2);
    assertThat(
            RING.unseals(
                String.valueOf(delivery.getProps().getHeaders().get(JobMessage.SIGNATURE)),
                delivery.getBody()))
        .isTrue();
    assertThat(delivery.getProps().getHeaders().keySet())
        .isSubsetOf(
            JobMessage.SIGNATURE,
            "traceparent",
            "spring_returned_message_correlation",
            "spring_listener_return_correlation");
  }

  @Test
  void a_quiet_user_waits_for_one_turn_of_each_busy_user_and_not_for_their_backlog()
      throws Exception {
    var busy = signUp();
    for (int i = 0; i < 60; i++) {
      busy.submit(Environment.LIVE, JobPayload.of("echo", "busy " + i));
    }
    await().until(() -> dispatched() == 10);
    var quiet = signUp();
    quiet.submit(Environment.LIVE, JobPayload.of("echo", "quiet"));

    // Behind at most the ten that were at the broker already: the window of one user.
    var before = 0;
    while (!settleNext().contains("quiet")) {
      before++;
    }
    assertThat(before).isLessThanOrEqualTo(10);
  }

  @Test
  void users_take_turns_within_a_window() throws Exception {
    var people = List.of(signUp(), signUp(), signUp());
    for (int i = 0; i < 20; i++) {
      for (var person : people) {
        person.submit(Environment.TEST, JobPayload.of("echo", person.email()));
      }
    }

    await().until(() -> number("select count(*) from jobs.jobs where state = 'dispatched'") == 20);

    for (var person : people) {
      assertThat(
              number(
                  "select count(*) from jobs.jobs where state = 'dispatched' and user_id = '"
                      + userId(person)
                      + "'"))
          .isBetween(6L, 8L);
    }
  }

  @Test
  void a_test_job_waits_while_live_jobs_wait_for_a_worker() throws Exception {
    fillLiveQueue();
    var tester = signUp();
    var id = tester.submit(Environment.TEST, JobPayload.of("echo", "test"));

    await().during(Duration.ofSeconds(1)).until(() -> state(tester, id).equals("queued"));
    for (int i = 0; i < 20; i++) {
      settleNext();
    }

    await().until(() -> channel.messageCount(JobMessage.TEST_QUEUE) == 1);
  }

  @Test
  void of_costly_jobs_no_more_are_out_than_can_be_computed_and_quick_ones_pass_them()
      throws Exception {
    sql(
        "insert into compute.replicas values ('%s', 2, '{\"summarize\": 12000}', now() + interval '1 minute')"
            .formatted(UUID.randomUUID()));
    try {
      await().pollDelay(Duration.ofMillis(1_100)).until(() -> true); // The capacity is read anew.
      var busy = signUp();
      for (int i = 0; i < 10; i++) {
        busy.submit(Environment.LIVE, JobPayload.of("summarize", "Long work. " + i));
      }
      await().until(() -> dispatched() == 2);
      await().during(Duration.ofSeconds(1)).until(() -> dispatched() == 2);

      var id = busy.submit(Environment.LIVE, JobPayload.of("echo", "quick"));

      await().until(() -> state(busy, id).equals("running"));
      assertThat(dispatched()).isEqualTo(3);
    } finally {
      sql("delete from compute.replicas");
    }
  }

  @Test
  void a_busy_answer_is_no_attempt_however_often_it_comes() throws Exception {
    var ada = signUp();
    var id = ada.submit(Environment.LIVE, JobPayload.of("echo", "hi"));

    for (int times = 0; times < 5; times++) {
      var job = StrictJson.read(take().getBody(), JobMessage.class);
      assertThat(job.attempt()).isEqualTo(1);
      report(job, new Deferred("busy", "All places are taken.", null));
    }
    var job = StrictJson.read(take().getBody(), JobMessage.class);
    report(job, new Succeeded(1, "abc", false));

    await().until(() -> state(ada, id).equals("succeeded"));
    assertThat(
            ada.job(id)
                .required("hops")
                .valueStream()
                .filter(hop -> hop.required("station").asString().equals("dispatched")))
        .hasSize(1);
  }

  @Test
  void what_is_out_is_bounded_in_bytes_and_the_largest_goes_alone() throws Exception {
    var ada = signUp();
    queuePaused(ada, 20, 3_000_000);

    sql("delete from jobs.pauses");

    await().until(() -> dispatched() > 0);
    await().during(Duration.ofSeconds(1)).until(() -> dispatched() <= 6);
    for (int i = 0; i < 20; i++) {
      settleNext();
    }
    await().until(() -> dispatched() == 0);
  }

  @Test
  void a_payload_that_nobody_can_read_holds_up_nobody() throws Exception {
    var ada = signUp();
    queuePaused(ada, 1, 10);
    sql("update jobs.jobs set payload = '{\"operation\":\"echo\",\"colour\":1}'");
    var id = ada.submit(Environment.LIVE, JobPayload.of("echo", "good"));
    sql("delete from jobs.pauses");

    var taken = new ArrayList<String>();
    while (!taken.contains("good")) {
      taken.add(settleNext());
    }

    await().until(() -> state(ada, id).equals("succeeded"));
  }

  private static void queuePaused(Person person, int jobs, int letters) {
    sql("insert into jobs.pauses values ('live', null, now(), 'operator')");
    sql(
        """
        insert into jobs.jobs (user_id, id, environment, operation, payload, state, not_before, fingerprint, created_at)
        select '%s', gen_random_uuid(), 'live', 'echo',
               '{"operation":"echo","text":"' || repeat('x', %d) || '"}', 'queued', now(), '', now()
        from generate_series(1, %d)
        """
            .formatted(userId(person), letters, jobs));
  }

  @Test
  void an_outcome_that_cannot_be_stored_ends_its_own_job_and_holds_up_no_other() throws Exception {
    var ada = signUp();
    var bad = ada.submit(Environment.LIVE, JobPayload.of("echo", "bad"));
    var badJob = StrictJson.read(take().getBody(), JobMessage.class);
    var good = ada.submit(Environment.LIVE, JobPayload.of("echo", "good"));
    var goodJob = StrictJson.read(take().getBody(), JobMessage.class);

    for (var job : List.of(badJob, goodJob)) {
      saved(job.userId(), job.jobId(), "live", 1, "abc");
    }
    var both =
        StrictJson.write(
            JobOutcomes.of(
                List.of(
                    JobOutcome.of(badJob, new Succeeded(1, "abc", false), List.of()),
                    JobOutcome.of(goodJob, new Succeeded(1, "abc", false), List.of()))));
    sql(
        """
        create function jobs.unstorable() returns trigger language plpgsql as
          $$ begin raise exception 'no such character' using errcode = '22021'; end $$;
        create trigger unstorable before update on jobs.jobs for each row
          when (new.id = '%s' and new.state = 'succeeded') execute function jobs.unstorable();
        """
            .formatted(bad));
    try {
      publish(both, RING.seal(both));

      await().until(() -> state(ada, good).equals("succeeded"));
      await().until(() -> state(ada, bad).equals("failed"));
      assertThat(ada.job(bad).required("code").asString()).isEqualTo("internal");
    } finally {
      sql("drop function jobs.unstorable() cascade");
    }
    // Its result is saved and charged: once that can be stored, it is no failure.
    await().until(() -> state(ada, bad).equals("succeeded"));
  }

  @Test
  void a_success_of_which_nothing_is_saved_is_none_and_is_tried_again() throws Exception {
    var ada = signUp();
    var id = ada.submit(Environment.LIVE, JobPayload.of("echo", "hi"));
    for (int attempt = 1; attempt <= 3; attempt++) {
      var job = StrictJson.read(take().getBody(), JobMessage.class);
      assertThat(job.attempt()).isEqualTo(attempt);
      var said = StrictJson.write(JobOutcome.of(job, new Succeeded(777, "abc", false), List.of()));
      publish(said, RING.seal(said));
    }

    await().until(() -> state(ada, id).equals("failed"));
    assertThat(ada.job(id).required("code").asString()).isEqualTo("attempts_exhausted");
    assertThat(ada.job(id).has("units")).isFalse();
  }

  @Test
  void a_success_costs_what_the_ledger_says_and_not_what_the_worker_says() throws Exception {
    var ada = signUp();
    var id = ada.submit(Environment.LIVE, JobPayload.of("echo", "hi"));
    var job = StrictJson.read(take().getBody(), JobMessage.class);
    saved(job.userId(), id, "live", 5, "real");
    saved(job.userId(), id, "test", 1, "other");
    var said = StrictJson.write(JobOutcome.of(job, new Succeeded(777, "abc", false), List.of()));
    publish(said, RING.seal(said));

    await().until(() -> state(ada, id).equals("succeeded"));
    assertThat(ada.job(id).required("units").asLong()).isEqualTo(5);
  }

  @Test
  void what_a_test_key_computes_under_the_id_of_a_live_job_is_not_that_job() throws Exception {
    var ada = signUp();
    var id = ada.submit(Environment.LIVE, JobPayload.of("echo", "hi"));
    var job = StrictJson.read(take().getBody(), JobMessage.class);
    saved(job.userId(), id, "test", 1, "forged");
    report(job, new Failed("attempts_exhausted", "…"));
    await().until(() -> state(ada, id).equals("failed"));

    await().during(Duration.ofSeconds(1)).until(() -> state(ada, id).equals("failed"));
    assertThat(ada.job(id).has("result")).isFalse();
    assertThat(ada.page("/jobs/" + id + "/receipt?format=json").body()).doesNotContain("\"live\"");
  }

  @Test
  void jobs_that_nobody_takes_are_not_sent_again_on_top_of_themselves() throws Exception {
    fillLiveQueue();

    await().until(() -> dispatched() == 0);
    await()
        .during(Duration.ofSeconds(1))
        .until(() -> dispatched() == 0 && channel.messageCount(JobMessage.LIVE_QUEUE) == 20);
  }

  /** Of two users, for whom nobody works yet. */
  private void fillLiveQueue() throws Exception {
    for (var person : List.of(signUp(), signUp())) {
      for (int i = 0; i < 10; i++) {
        person.submit(Environment.LIVE, JobPayload.of("echo", "live"));
      }
    }
    await().until(() -> channel.messageCount(JobMessage.LIVE_QUEUE) == 20);
  }

  @Test
  void a_deferred_job_is_tried_again_and_fails_when_the_tries_are_used_up() throws Exception {
    var ada = signUp();
    var id = ada.submit(Environment.LIVE, JobPayload.of("echo", "hi"));

    for (int attempt = 1; attempt <= 3; attempt++) {
      var job = StrictJson.read(take().getBody(), JobMessage.class);
      assertThat(job.attempt()).isEqualTo(attempt);
      report(job, new Deferred("unavailable", "It is down.", null));
    }

    await().until(() -> state(ada, id).equals("failed"));
    assertThat(ada.job(id).required("code").asString()).isEqualTo("attempts_exhausted");
    assertThat(ada.job(id).required("detail").asString()).contains("It is down.");
  }

  @Test
  void a_fault_of_an_engine_that_repeats_ends_the_job_as_what_it_is() throws Exception {
    var ada = signUp();
    var id = ada.submit(Environment.LIVE, JobPayload.of("echo", "hi"));

    for (int attempt = 1; attempt <= 3; attempt++) {
      var job = StrictJson.read(take().getBody(), JobMessage.class);
      report(job, new Deferred("engine_failed", "It fails.", null));
    }

    await().until(() -> state(ada, id).equals("failed"));
    assertThat(ada.job(id).required("code").asString()).isEqualTo("engine_failed");
  }

  @Test
  void an_outcome_of_an_older_attempt_or_of_an_ended_job_changes_nothing() throws Exception {
    var ada = signUp();
    var id = ada.submit(Environment.LIVE, JobPayload.of("echo", "hi"));
    var first = StrictJson.read(take().getBody(), JobMessage.class);
    report(first, new Deferred("unavailable", "…", null));
    var second = StrictJson.read(take().getBody(), JobMessage.class);

    report(first, new Failed("late", "Of the first attempt."));
    report(second, new Succeeded(1, "abc", false));
    await().until(() -> state(ada, id).equals("succeeded"));
    report(second, new Failed("late", "After the end."));
    finishAnother(ada);

    assertThat(state(ada, id)).isEqualTo("succeeded");
  }

  @Test
  void a_forged_outcome_changes_nothing() throws Exception {
    var ada = signUp();
    var id = ada.submit(Environment.LIVE, JobPayload.of("echo", "hi"));
    var job = StrictJson.read(take().getBody(), JobMessage.class);
    var body = StrictJson.write(JobOutcome.of(job, new Succeeded(1, "abc", false), List.of()));

    channel.basicPublish(JobOutcome.EXCHANGE, JobOutcome.QUEUE, null, body);
    publish(body, "1:AAAA");
    publish(
        "junk".getBytes(java.nio.charset.StandardCharsets.UTF_8),
        RING.seal("junk".getBytes(java.nio.charset.StandardCharsets.UTF_8)));
    finishAnother(ada);

    assertThat(state(ada, id)).isNotEqualTo("succeeded");
  }

  /** More of them than web-app takes at a time: none may keep its place. */
  @Test
  void an_outcome_that_leaves_something_out_is_dropped_and_holds_up_no_other() throws Exception {
    var ada = signUp();
    var id = ada.submit(Environment.LIVE, JobPayload.of("echo", "hi"));
    var job = StrictJson.read(take().getBody(), JobMessage.class);
    var whole =
        StrictJson.text(
            JobOutcome.of(
                job, new Failed("late", "x"), List.of(new Hop(Hop.Station.TAKEN, Instant.EPOCH))));

    for (var broken :
        List.of(
            whole.replace(",\"detail\":\"x\"", ""),
            whole.replace("\"code\":\"late\",", ""),
            whole.replace("\"kind\":\"failed\",\"code\":\"late\"", "\"kind\":\"deferred\""),
            whole.replaceFirst(
                "\"verdict\":\\{[^}]*}", "\"verdict\":{\"kind\":\"succeeded\",\"units\":1}"),
            whole.replaceFirst("\"hops\":\\[.*]", "\"hops\":[null]"),
            whole.replaceFirst("\"hops\":\\[.*]", "\"hops\":[{\"station\":\"taken\"}]"),
            "{\"v\":2,\"outcomes\":[null]}")) {
      assertThat(broken).isNotEqualTo(whole);
      var body = broken.getBytes(java.nio.charset.StandardCharsets.UTF_8);
      for (int i = 0; i < 5; i++) {
        publish(body, RING.seal(body));
      }
    }
    finishAnother(ada);

    assertThat(state(ada, id)).isEqualTo("running");
  }

  @Test
  void a_job_whose_message_is_lost_is_dispatched_again_without_counting_an_attempt()
      throws Exception {
    var ada = signUp();
    var id = ada.submit(Environment.LIVE, JobPayload.of("echo", "hi"));
    take();

    var again = StrictJson.read(take().getBody(), JobMessage.class);

    assertThat(again.jobId()).isEqualTo(id);
    assertThat(again.attempt()).isEqualTo(1);
  }

  @Test
  void jobs_wait_for_a_queue_that_was_deleted_by_hand() throws Exception {
    var ada = signUp();
    channel.queueDelete(JobMessage.LIVE_QUEUE);

    var id = ada.submit(Environment.LIVE, JobPayload.of("echo", "hi"));

    await()
        .ignoreExceptions()
        .until(
            () -> {
              var fresh = connection.createChannel();
              channel = fresh;
              return fresh.messageCount(JobMessage.LIVE_QUEUE) >= 1;
            });
    assertThat(StrictJson.read(take().getBody(), JobMessage.class).jobId()).isEqualTo(id);
  }

  @Test
  void a_result_that_came_after_the_tries_were_used_up_is_a_success() throws Exception {
    var ada = signUp();
    var id = ada.submit(Environment.LIVE, JobPayload.of("echo", "hi"));
    report(
        StrictJson.read(take().getBody(), JobMessage.class), new Failed("attempts_exhausted", "…"));
    await().until(() -> state(ada, id).equals("failed"));

    sql(
        "insert into compute.results values ('%s', '%s', 'live', 'echo', '', '{}', 1, now())"
            .formatted(userId(ada), id));
    sql(
        "insert into compute.ledger values ('%s', '%s', 'live', '2026-11', 1, 'abc', now())"
            .formatted(userId(ada), id));

    await().until(() -> state(ada, id).equals("succeeded"));
    assertThat(ada.job(id).required("units").asLong()).isEqualTo(1);
  }

  @Test
  void a_charge_alone_is_no_success() throws Exception {
    var ada = signUp();
    var id = ada.submit(Environment.LIVE, JobPayload.of("echo", "hi"));
    sql(
        """
        insert into compute.ledger (user_id, job_id, environment, period, units, key_id, created_at, outcome, held)
        values ('%s', '%s', 'live', '2026-11', 1, 'abc', now(), 'cancelled', 2)
        """
            .formatted(userId(ada), id));

    report(StrictJson.read(take().getBody(), JobMessage.class), new Succeeded(1, "abc", false));

    // It is tried again, as after any success that was not saved.
    await().until(() -> state(ada, id).equals("queued") || state(ada, id).equals("running"));
    await().until(() -> ada.job(id).path("code").asString("").equals("internal"));
  }

  private GetResponse take() {
    return await()
        .until(() -> channel.basicGet(JobMessage.LIVE_QUEUE, true), delivery -> delivery != null);
  }

  /** Takes the next job, reports it done, and gives its text. */
  private String settleNext() throws Exception {
    var job = StrictJson.read(take().getBody(), JobMessage.class);
    report(job, new Succeeded(1, "abc", false));
    return text(job);
  }

  private static String text(JobMessage job) {
    return StrictJson.MAPPER.readTree(job.payload().text()).path("text").asString();
  }

  /** Outcomes are taken in order: when this one has its effect, those before it had theirs. */
  private void finishAnother(Person person) throws Exception {
    var id = person.submit(Environment.LIVE, JobPayload.of("echo", "another"));
    var taken = new ArrayList<String>();
    while (!taken.contains("another")) {
      taken.add(settleNextUnless("hi"));
    }
    await().until(() -> state(person, id).equals("succeeded"));
  }

  private String settleNextUnless(String text) throws Exception {
    var job = StrictJson.read(take().getBody(), JobMessage.class);
    if (!text.equals(text(job))) {
      report(job, new Succeeded(1, "abc", false));
    }
    return text(job);
  }

  private void report(JobMessage job, Verdict verdict) throws Exception {
    if (verdict instanceof Succeeded) {
      saved(job.userId(), job.jobId(), job.environment().wire(), 1, "abc");
    }
    var body =
        StrictJson.write(
            JobOutcome.of(job, verdict, List.of(new Hop(Hop.Station.TAKEN, Instant.EPOCH))));
    publish(body, RING.seal(body));
  }

  private void publish(byte[] body, String seal) throws Exception {
    var properties =
        new AMQP.BasicProperties.Builder()
            .headers(java.util.Map.of(JobMessage.SIGNATURE, seal))
            .build();
    channel.basicPublish(JobOutcome.EXCHANGE, JobOutcome.QUEUE, properties, body);
  }

  private static long dispatched() {
    return number("select count(*) from jobs.jobs where state = 'dispatched'");
  }

  private static String state(Person person, UUID id) throws Exception {
    return person.job(id).required("state").asString();
  }
}
