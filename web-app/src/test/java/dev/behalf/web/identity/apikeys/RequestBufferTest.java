package dev.behalf.web.identity.apikeys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** No request waits for its log. */
class RequestBufferTest {

  @Test
  void a_full_buffer_drops_and_counts_and_never_blocks() {
    var buffer = new RequestBuffer(3);

    assertTimeoutPreemptively(
        Duration.ofSeconds(5),
        () -> {
          for (int status = 200; status < 210; status++) {
            buffer.add(request(status));
          }
        });

    assertThat(buffer.takeDropped()).isEqualTo(7);
    assertThat(buffer.takeDropped()).as("counted once").isZero();
    assertThat(buffer.take(100))
        .extracting(FinishedRequest::status)
        .as("the first ones are kept")
        .containsExactly(200, 201, 202);
  }

  @Test
  void what_is_taken_makes_room() {
    var buffer = new RequestBuffer(1);
    buffer.add(request(200));
    buffer.take(1);

    buffer.add(request(404));

    assertThat(buffer.takeDropped()).isZero();
    assertThat(buffer.take(1)).hasSize(1);
  }

  private static FinishedRequest request(int status) {
    return new FinishedRequest(
        new UUID(0, 0),
        "0123456789ab",
        Instant.EPOCH,
        "GET",
        "/api/v1/jobs",
        status,
        null,
        1,
        "::1");
  }
}
