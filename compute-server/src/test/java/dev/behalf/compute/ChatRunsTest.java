package dev.behalf.compute;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.behalf.engine.ChatServer;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A language model as an engine: tokens are held before and settled by what the server reports. */
@Timeout(60)
class ChatRunsTest extends RunTest {

  private ChatServer server;

  @BeforeEach
  void start() throws Exception {
    server = new ChatServer(ChatServer.Kind.VLLM);
    limit(user, 1_000);
    operation(
        """
      name: %s
      title: Write a text
      input:
        type: object
        properties: {prompt: {type: string}, max_tokens: {type: integer, minimum: 1, default: 100}}
      units: {name: token, metered: {max: {plus: [{tokens: prompt}, {field: max_tokens}]}}}
      run: long
      limits: {run_within: 30s, silence: 5s, attempts: 3}
      engine: {chat: '%s', model: small}
      """
            .formatted(name, server.address()));
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void prompt_and_longest_answer_are_held_and_what_the_server_reports_is_charged()
      throws Exception {
    server.slowly(Duration.ofMillis(100));

    run("one two three four");
    await().untilAsserted(() -> assertThat(held()).isEqualTo(18 + 100));

    awaitState(job, "succeeded");
    assertThat(held()).isZero();
    assertThat(used(user)).isEqualTo(8);
    assertThat(
            number(
                "select count(*) from compute.events where name = 'output' and job_id = '"
                    + job
                    + "'"))
        .isPositive();
  }

  @Test
  void an_answer_is_cut_off_where_the_hold_ends_and_costs_the_hold() throws Exception {
    server.withoutLimit().withoutUsage();

    run("word ".repeat(150).strip());

    awaitState(job, "succeeded");
    // 749 / 4 tokens of the prompt, and 101 parts.
    assertThat(used(user)).isEqualTo(187 + 101);
    assertThat(text("select result from compute.results where job_id = '" + job + "'"))
        .contains("\"finish_reason\":\"length\"");
  }

  @Test
  void a_cancelled_answer_costs_what_was_said_until_then() throws Exception {
    server.slowly(Duration.ofMillis(50));
    run("word ".repeat(90).strip());
    await()
        .until(
            () ->
                number(
                        "select count(*) from compute.events where name = 'usage' and job_id = '"
                            + job
                            + "'")
                    > 0);

    cancel(job);

    awaitState(job, "cancelled");
    await().until(() -> !server.cutOffAfter.isEmpty());
    assertThat(used(user)).isBetween(112L, 202L);
  }

  @Test
  void a_server_that_asks_to_wait_costs_no_attempt_and_one_without_credit_rests() throws Exception {
    server.refuse(429, server.error("rate_limit_error", "rate_limit_exceeded", "Slow down."), "7");
    run("hello");
    awaitState(job, "failed");
    assertThat(code()).isEqualTo("busy");

    server.refuse(429, "{\"error\":{\"code\":\"insufficient_quota\"}}", null);
    run("hello");
    await().untilAsserted(() -> assertThat(code()).isEqualTo("engine_unavailable"));
    assertThat(held()).isZero();
    assertThat(used(user)).isZero();
  }

  private void run(String prompt) throws Exception {
    var answer = start(job, 1, "{\"operation\":\"" + name + "\",\"prompt\":\"" + prompt + "\"}");
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
  }

  private String code() {
    return text("select coalesce(code, '') from compute.runs where job_id = '" + job + "'");
  }
}
