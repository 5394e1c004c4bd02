package dev.behalf.web.webhooks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.behalf.contract.JobState;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class EventTypeTest {

  @Test
  void every_final_state_of_a_job_has_an_event() {
    assertThat(Arrays.stream(EventType.values()).map(EventType::wire))
        .containsAll(
            Arrays.stream(JobState.values())
                .filter(JobState::isFinal)
                .map(JobState::event)
                .toList())
        .contains("batch.completed");
  }
}
