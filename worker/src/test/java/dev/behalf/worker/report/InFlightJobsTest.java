package dev.behalf.worker.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class InFlightJobsTest {

  private final InFlightJobs jobs = new InFlightJobs();

  @Test
  void a_job_is_in_flight_until_it_leaves_and_counts_as_done_if_it_was_answered() {
    jobs.take();
    jobs.take();
    assertThat(jobs.full()).isEqualTo(2);
    assertThat(jobs.done()).isZero();

    jobs.leave(true);
    jobs.leave(false);

    assertThat(jobs.full()).isZero();
    assertThat(jobs.done()).as("the one that was answered").isEqualTo(1);
  }

  @Test
  void threads_at_once_lose_no_count() {
    IntStream.range(0, 10_000)
        .parallel()
        .forEach(
            i -> {
              jobs.take();
              jobs.leave(i % 2 == 0);
            });

    assertThat(jobs.full()).isZero();
    assertThat(jobs.done()).isEqualTo(5_000);
  }
}
