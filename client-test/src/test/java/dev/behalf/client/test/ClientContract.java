package dev.behalf.client.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.behalf.client.Batch;
import dev.behalf.client.BatchRequest;
import dev.behalf.client.BehalfClient;
import dev.behalf.client.JobEvent;
import dev.behalf.client.JobRequest;
import dev.behalf.client.ProblemException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/**
 * What a program that uses the client can rely on, of the fake as of the real system: a test for
 * each of them extends this class. The key is a test key; {@code echo} succeeds with its text, and
 * fails with {@code payload_invalid} for the text {@code fail.always}.
 */
public abstract class ClientContract {

  private static final Duration MINUTE = Duration.ofMinutes(1);

  protected abstract BehalfClient behalf();

  /** Returns a client of the same server with another key. */
  protected abstract BehalfClient with(String key);

  @Test
  void a_job_is_submitted_once_awaited_and_found() throws Exception {
    var tag = "t" + UUID.randomUUID();
    var request = echo("hello").tag(tag).metadata("order", "4711");

    var first = behalf().jobs().submit(request);
    var again = behalf().jobs().submit(request);
    var job = behalf().jobs().await(first.job().id(), MINUTE);

    assertThat(first.isReplayed()).isFalse();
    assertThat(again.isReplayed()).isTrue();
    assertThat(again.job().id()).isEqualTo(job.id());
    assertThat(job.environment()).isEqualTo("test");
    assertThat(job.hasSucceeded()).isTrue();
    assertThat(job.units()).isEqualTo(1);
    assertThat(job.result()).hasToString("{\"text\":\"hello\"}");
    assertThat(job.tags()).containsExactly(tag);
    assertThat(job.metadata()).containsExactly(Map.entry("order", "4711"));
    assertThat(behalf().jobs().find("tag:" + tag)).extracting("id").containsExactly(job.id());
    assertThat(behalf().jobs().find("tag:" + tag + " meta.order:4712")).isEmpty();
    assertThat(behalf().jobs().find("tag:" + tag + " state:succeeded op:echo")).hasSize(1);
  }

  @Test
  void another_job_under_the_same_idempotency_key_is_refused() {
    var key = UUID.randomUUID().toString();
    behalf().jobs().submit(echo("one").idempotencyKey(key));

    assertRefused(
        422,
        "idempotency_key_reused",
        () -> behalf().jobs().submit(echo("two").idempotencyKey(key)));
  }

  @Test
  void what_cannot_be_a_job_is_refused() {
    assertRefused(
        422, "operation_unknown", () -> behalf().jobs().submit("guess", Map.of("text", "x")));
    var request = echo("x");
    for (int i = 0; i <= 10; i++) {
      request.tag("t" + i);
    }
    assertRefused(422, "payload_invalid", () -> behalf().jobs().submit(request));
    assertRefused(422, "payload_invalid", () -> behalf().jobs().submit(echo("x").tag("a b")));
    assertRefused(
        422,
        "payload_invalid",
        () -> behalf().jobs().submit(echo("x").metadata("a", "b".repeat(1024))));
  }

  @Test
  void a_job_that_fails_says_why_and_is_retried_once() throws Exception {
    var failed = behalf().jobs().submit(echo("fail.always")).job();

    var ended = behalf().jobs().await(failed.id(), MINUTE);
    var retry = behalf().jobs().retry(failed.id());
    var again = behalf().jobs().retry(failed.id());

    assertThat(ended.state()).isEqualTo("failed");
    assertThat(ended.code()).isEqualTo("payload_invalid");
    assertThat(ended.result()).isNull();
    assertThat(retry.job().id()).isNotEqualTo(failed.id());
    assertThat(again.job().id()).isEqualTo(retry.job().id());
    assertThat(again.isReplayed()).isTrue();
  }

  @Test
  void a_waiting_job_is_cancelled_and_an_ended_one_is_not() throws Exception {
    var later = behalf().jobs().submit(echo("x").notBefore(Instant.now().plusSeconds(3600))).job();
    var ended = behalf().jobs().submit(echo("y")).job();
    behalf().jobs().await(ended.id(), MINUTE);

    assertThat(later.state()).isEqualTo("queued");
    assertThat(behalf().jobs().cancel(later.id()).state()).isEqualTo("cancelled");
    assertThat(behalf().jobs().cancel(later.id()).state()).isEqualTo("cancelled");
    assertThat(behalf().jobs().get(later.id()).finishedAt()).isNotNull();
    assertRefused(409, "job_ended", () -> behalf().jobs().cancel(ended.id()));
    assertRefused(409, "job_not_failed", () -> behalf().jobs().retry(ended.id()));
  }

  @Test
  void a_stream_ends_with_the_end_also_when_it_comes_late() throws Exception {
    var job = behalf().jobs().submit(echo("x")).job();
    var events = new ArrayList<JobEvent>();
    behalf().jobs().stream(job.id(), events::add);

    assertThat(events.getLast().isEnd()).isTrue();
    assertThat(events.getLast().data().required("state").asString()).isEqualTo("succeeded");
    assertThat(behalf().jobs().get(job.id()).hasEnded()).isTrue();
    var late = new ArrayList<JobEvent>();
    behalf().jobs().stream(job.id(), late::add);
    assertThat(late).hasSameSizeAs(events);
  }

  @Test
  void a_batch_has_an_outcome_for_each_line_in_order() throws Exception {
    var lines =
        IntStream.rangeClosed(1, 20)
            .mapToObj(i -> Map.of("operation", i == 7 ? "guess" : "echo", "text", "line " + i))
            .toList();
    var request = BatchRequest.of(lines).name("nightly").tag("b" + UUID.randomUUID());

    var sent = behalf().batches().send(request);
    var again = behalf().batches().send(request);
    var ended = behalf().batches().await(sent.batch().id(), MINUTE);

    assertThat(sent.isReplayed()).isFalse();
    assertThat(sent.batch().lines()).isEqualTo(20);
    assertThat(sent.batch().queued()).isEqualTo(19);
    assertThat(sent.batch().invalidLines()).extracting(Batch.InvalidLine::line).containsExactly(7L);
    assertThat(again.isReplayed()).isTrue();
    assertThat(again.batch().id()).isEqualTo(sent.batch().id());
    assertThat(ended.jobs()).containsExactly(Map.entry("succeeded", 19L));
    try (var results = behalf().batches().results(sent.batch().id())) {
      var outcomes = results.toList();
      assertThat(outcomes).extracting(Batch.Result::line).first().isEqualTo(1L);
      assertThat(outcomes).hasSize(20);
      assertThat(outcomes.get(6).state()).isEqualTo("invalid");
      assertThat(outcomes.get(19).result()).hasToString("{\"text\":\"line 20\"}");
    }
    assertRefused(
        422,
        "idempotency_key_reused",
        () ->
            behalf()
                .batches()
                .send(
                    BatchRequest.of(lines.subList(0, 3)).idempotencyKey(request.idempotencyKey())));
  }

  @Test
  void a_page_is_followed_by_the_next() {
    var tag = "p" + UUID.randomUUID();
    for (int i = 0; i < 5; i++) {
      behalf().jobs().submit(echo("x" + i).tag(tag));
    }

    var first = behalf().jobs().list("tag:" + tag, null, 3);
    var second = behalf().jobs().list("tag:" + tag, first.next(), 3);

    assertThat(first.jobs()).hasSize(3);
    assertThat(second.jobs()).hasSize(2);
    assertThat(second.next()).isNull();
    assertThat(first.jobs().getFirst().payload().required("text").asString()).isEqualTo("x4");
  }

  @Test
  void operations_and_the_user_of_a_key_are_described() {
    assertThat(behalf().operations()).extracting("name").contains("echo");
    assertThat(behalf().operation("echo").input().required("type").asString()).isEqualTo("object");
    assertRefused(404, "not_found", () -> behalf().operation("guess"));
    assertThat(behalf().me().environment()).isEqualTo("test");
    assertThat(behalf().usage().months()).extracting("environment").containsExactly("test");
  }

  @Test
  void what_is_not_there_and_who_is_not_known_is_refused() {
    assertRefused(404, "not_found", () -> behalf().jobs().get(UUID.randomUUID()));
    assertRefused(404, "not_found", () -> behalf().batches().get(UUID.randomUUID()));
    try (var stranger = with("bh_test_000000000000000000000000000000000000000000001DUvLX")) {
      assertRefused(401, "key_invalid", stranger::me);
    }
  }

  private static JobRequest echo(String text) {
    return JobRequest.of("echo", Map.of("text", text));
  }

  private static void assertRefused(int status, String code, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            ProblemException.class,
            problem ->
                assertThat(List.of(problem.status(), problem.code()))
                    .isEqualTo(List.of(status, code)));
  }
}
