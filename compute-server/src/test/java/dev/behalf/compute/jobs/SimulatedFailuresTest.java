package dev.behalf.compute.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.behalf.contract.JobPayload;
import dev.behalf.contract.ProblemCode;
import dev.behalf.server.problem.Problem;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SimulatedFailuresTest {

  @ParameterizedTest
  @CsvSource({
    "fail.always, PAYLOAD_INVALID",
    "time.limit, TIME_LIMIT",
    "quota.exceeded, QUOTA_EXCEEDED",
  })
  void a_failure_occurs_at_every_attempt(String text, ProblemCode code) {
    assertThat(failure(text, true).code()).as("first attempt").isEqualTo(code);
    assertThat(failure(text, false).code()).as("later attempt").isEqualTo(code);
  }

  @Test
  void fail_once_fails_the_first_attempt_in_a_way_that_is_retried_and_no_later_one() {
    assertThat(failure("fail.once", true).code()).isEqualTo(ProblemCode.UNAVAILABLE);
    assertComputed("fail.once", false);
  }

  @Test
  void a_quota_that_seems_exceeded_says_when_to_come_again() {
    assertThat(failure("quota.exceeded", true).headers()).containsEntry("Retry-After", "3600");
  }

  @ParameterizedTest
  @ValueSource(strings = {"FAIL.Always", " fail.always\n", "\tFAIL.ALWAYS\u2003"})
  void case_and_surrounding_space_do_not_matter(String text) {
    assertThat(failure(text, true).code()).isEqualTo(ProblemCode.PAYLOAD_INVALID);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "hello", "fail", "fail.always.", "it says fail.always", "slow.0s"})
  void any_other_text_is_computed(String text) {
    assertComputed(text, true);
  }

  @Test
  void a_payload_without_a_text_is_computed() {
    assertThatCode(
            () ->
                SimulatedFailures.play(JobPayload.parse("{\"operation\":\"echo\",\"n\":1}"), true))
        .doesNotThrowAnyException();
  }

  @ParameterizedTest
  @ValueSource(strings = {"slow.1s", "slow.99s", " SLOW.15S "})
  void a_slow_job_waits_until_the_server_stops_and_can_be_retried(String text) throws Exception {
    assertThat(whenStopping(text)).isEqualTo("UNAVAILABLE, interrupted: true");
  }

  @ParameterizedTest
  @ValueSource(strings = {"slow.s", "slow.100s", "slow.-1s", "slow.1.5s", "slow.1m", "slow1s"})
  void a_text_that_is_almost_slow_does_not_wait(String text) throws Exception {
    assertThat(whenStopping(text)).isEqualTo("computed, interrupted: true");
  }

  /** Returns the outcome on a thread that is interrupted, where every wait ends at once. */
  private static String whenStopping(String text) throws Exception {
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      return threads
          .submit(
              () -> {
                Thread.currentThread().interrupt();
                var outcome = "computed";
                try {
                  SimulatedFailures.play(JobPayload.of("echo", text), false);
                } catch (Problem problem) {
                  outcome = problem.code().name();
                }
                return outcome + ", interrupted: " + Thread.interrupted();
              })
          .get();
    }
  }

  private static Problem failure(String text, boolean isFirst) {
    return assertThatExceptionOfType(Problem.class)
        .isThrownBy(() -> SimulatedFailures.play(JobPayload.of("echo", text), isFirst))
        .actual();
  }

  private static void assertComputed(String text, boolean isFirst) {
    assertThatCode(() -> SimulatedFailures.play(JobPayload.of("echo", text), isFirst))
        .doesNotThrowAnyException();
  }
}
