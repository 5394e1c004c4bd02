package dev.behalf.web.work.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.behalf.contract.Environment;
import dev.behalf.contract.JobPayload;
import dev.behalf.contract.JobState;
import dev.behalf.contract.StrictJson;
import dev.behalf.web.WebAppTest;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

/** Many submits at once: they share commits, and nothing else. */
class SubmissionsTest extends WebAppTest {

  @Autowired Submissions submissions;
  @Autowired Jobs jobs;

  @Test
  void jobs_that_many_submit_at_once_share_commits() throws Exception {
    var users = List.of(userId(signUp()), userId(signUp()), userId(signUp()));

    var accepted =
        atOnce(
            IntStream.range(0, 300)
                .mapToObj(i -> submit(users.get(i % 3), submission("job " + i, null))));

    assertThat(accepted).noneMatch(Submissions.Accepted::replayed);
    assertThat(commits(users)).as("commits of 300 jobs").isLessThan(150);
    for (int i = 0; i < 300; i++) {
      assertThat(jobs.find(users.get(i % 3), accepted.get(i).job().id()))
          .get()
          .extracting(job -> job.payload().input().get("text").asString())
          .isEqualTo("job " + i);
    }
  }

  @Test
  void the_job_that_is_returned_is_the_job_that_is_stored() throws Exception {
    var ada = userId(signUp());
    var submission =
        new Submission(
            Environment.TEST,
            echo("hello"),
            Priority.HIGH,
            Instant.now().plusSeconds(600),
            "order-17",
            "0123456789ab",
            "key 0123456789ab",
            new Annotations(List.of("nightly", "null", "a/b@c"), Map.of("order", "4\"7,1}")),
            null);

    var job = submissions.submit(ada, submission).job();

    var stored = jobs.find(ada, job.id()).orElseThrow();
    assertThat(StrictJson.text(job)).isEqualTo(StrictJson.text(stored));
    assertThat(stored.state()).isEqualTo(JobState.QUEUED);
    assertThat(stored.annotations()).isEqualTo(submission.annotations());
  }

  @Test
  void one_idempotency_key_is_one_job_however_many_send_it_at_once() throws Exception {
    var ada = userId(signUp());

    var accepted =
        atOnce(
            IntStream.range(0, 50)
                .mapToObj(i -> submit(ada, submission("the same", "order-" + i % 2))));

    assertThat(accepted.stream().map(one -> one.job().id()).distinct()).hasSize(2);
    assertThat(accepted.stream().filter(one -> !one.replayed())).hasSize(2);
  }

  @Test
  void a_user_whose_row_is_locked_holds_up_nobody_else() throws Exception {
    var locked = signUp();
    var other = userId(signUp());
    try (var connection = DATABASE.connect(DATABASE.roles().owner());
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      connection.setAutoCommit(false);
      try (var statement = connection.createStatement()) {
        statement.execute(
            "select from accounts.users where id = '" + userId(locked) + "' for update");
        var waiting =
            IntStream.range(0, 5)
                .mapToObj(i -> threads.submit(submit(userId(locked), submission("wait", null))))
                .toList();

        var free =
            IntStream.range(0, 20)
                .mapToObj(i -> threads.submit(submit(other, submission("free " + i, null))))
                .toList();

        for (var one : free) {
          assertThat(one.get(5, TimeUnit.SECONDS).replayed()).isFalse();
        }
        assertThat(waiting).noneMatch(Future::isDone);
        connection.rollback();
        for (var one : waiting) {
          assertThat(one.get(5, TimeUnit.SECONDS).replayed()).isFalse();
        }
      }
    }
  }

  @Test
  void a_job_that_cannot_be_stored_fails_no_other() throws Exception {
    var ada = userId(signUp());
    var unstorable = submission("unstorable", "no text of PostgreSQL: \0");
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var bad =
          IntStream.range(0, 5).mapToObj(i -> threads.submit(submit(ada, unstorable))).toList();
      var good =
          IntStream.range(0, 20)
              .mapToObj(i -> threads.submit(submit(ada, submission("good " + i, null))))
              .toList();

      for (var one : good) {
        assertThat(one.get(5, TimeUnit.SECONDS).replayed()).isFalse();
      }
      await().until(() -> bad.stream().allMatch(one -> one.state() == Future.State.FAILED));
    }
  }

  private Callable<Submissions.Accepted> submit(UUID user, Submission submission) {
    return () -> submissions.submit(user, submission);
  }

  private static List<Submissions.Accepted> atOnce(Stream<Callable<Submissions.Accepted>> calls)
      throws Exception {
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      return threads.invokeAll(calls.toList()).stream().map(Future::resultNow).toList();
    }
  }

  private static Submission submission(String text, @Nullable String idempotencyKey) {
    return Submission.now(Environment.LIVE, echo(text), idempotencyKey, null, "session");
  }

  private static JobPayload echo(String text) {
    return JobPayload.parse(StrictJson.text(Map.of("operation", "echo", "text", text)));
  }

  private static long commits(List<UUID> users) {
    return number(
        "select count(distinct xmin::text) from jobs.jobs where user_id = any ('{%s}')"
            .formatted(String.join(",", users.stream().map(UUID::toString).toList())));
  }
}
