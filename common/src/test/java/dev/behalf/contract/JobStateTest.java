package dev.behalf.contract;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class JobStateTest {

  @Test
  void a_success_and_a_cancellation_are_never_left() {
    for (var next : JobState.values()) {
      assertThat(JobState.SUCCEEDED.mayBecome(next)).isFalse();
      assertThat(JobState.CANCELLED.mayBecome(next)).isFalse();
      assertThat(JobState.FAILED.mayBecome(next)).isEqualTo(next == JobState.SUCCEEDED);
    }
  }

  @Test
  void the_wire_names_are_those_of_the_table() {
    for (var state : JobState.values()) {
      assertThat(JobState.of(state.wire())).isEqualTo(state);
    }
  }
}
