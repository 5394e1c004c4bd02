package dev.behalf.web.work.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.behalf.contract.Hop;
import dev.behalf.contract.Hop.Station;
import dev.behalf.contract.JobState;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JobRowTest {

  private static final Instant START = SomeJob.SUBMITTED;

  @ParameterizedTest
  @CsvSource({"0, QUEUED", "250, QUEUED", "251, RUNNING", "60000, RUNNING"})
  void a_dispatched_job_is_shown_as_running_after_a_quarter_of_a_second(
      long millis, ShownState shown) {
    var job =
        SomeJob.queued()
            .state(JobState.DISPATCHED, 0, null)
            .hops(at(Station.SUBMITTED, -9_000), at(Station.DISPATCHED, 0));

    assertThat(JobRow.of(job.job(), START.plusMillis(millis)).state()).isEqualTo(shown);
  }

  @Test
  void another_hop_starts_the_quarter_of_a_second_again() {
    var job =
        SomeJob.queued()
            .state(JobState.DISPATCHED, 0, null)
            .hops(at(Station.SUBMITTED, 0), at(Station.DISPATCHED, 10), at(Station.TAKEN, 900));

    assertThat(JobRow.of(job.job(), START.plusMillis(1_000)).state()).isEqualTo(ShownState.QUEUED);
  }

  @Test
  void an_ended_job_is_shown_as_ended_at_once() {
    var job = SomeJob.queued().state(JobState.CANCELLED, 0, null);

    assertThat(JobRow.of(job.job(), START).state()).isEqualTo(ShownState.CANCELLED);
  }

  @Test
  void a_text_of_ninety_characters_is_shown_whole() {
    assertThat(row("x".repeat(90)).excerpt()).isEqualTo("x".repeat(90));
  }

  @Test
  void a_longer_text_is_cut_to_ninety_characters_with_the_ellipsis() {
    assertThat(row("x".repeat(91)).excerpt()).isEqualTo("x".repeat(89) + "…");
  }

  @Test
  void the_short_id_is_the_random_end_of_the_id() {
    var row = row("hi");

    assertThat(row.shortId()).hasSize(8);
    assertThat(row.id()).endsWith(row.shortId());
  }

  @Test
  void times_of_stations_that_were_not_passed_are_unknown() {
    var row = JobRow.of(SomeJob.queued().job(), START);

    assertThat(row.waited()).isNull();
    assertThat(row.ran()).isNull();
  }

  @Test
  void it_waited_until_the_first_worker_and_ran_until_the_last_answer() {
    var row =
        row(
            at(Station.SUBMITTED, 0),
            at(Station.TAKEN, 100),
            at(Station.ANSWERED, 150),
            at(Station.TAKEN, 3_000),
            at(Station.ANSWERED, 5_100));

    assertThat(row.waited()).isEqualTo("100 ms");
    assertThat(row.ran()).isEqualTo("5.0 s");
  }

  @Test
  void an_attempt_without_an_answer_has_no_run_time() {
    var row = row(at(Station.SUBMITTED, 0), at(Station.TAKEN, 100));

    assertThat(row.waited()).isEqualTo("100 ms");
    assertThat(row.ran()).isNull();
  }

  @Test
  void clocks_that_differ_give_no_negative_time() {
    assertThat(row(at(Station.SUBMITTED, 0), at(Station.TAKEN, -5)).waited()).isEqualTo("0 ms");
  }

  private static JobRow row(String text) {
    return JobRow.of(SomeJob.queued().text(text).job(), START);
  }

  private static JobRow row(Hop... hops) {
    return JobRow.of(SomeJob.queued().hops(hops).job(), START);
  }

  private static Hop at(Station station, long millis) {
    return new Hop(station, START.plusMillis(millis));
  }
}
