package dev.behalf.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.behalf.contract.StrictJson.Unreadable;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StrictJsonTest {

  private record Sample(
      @Nullable String operation, @Nullable String text, @Nullable Integer limit) {}

  @Test
  void a_job_message_has_the_published_shape() {
    var message =
        new JobMessage(
            1,
            new UUID(1, 2),
            new UUID(3, 4),
            Environment.LIVE,
            RawJson.of(JobPayload.of("echo", "hi")),
            1,
            Instant.parse("2026-11-24T10:00:00Z"),
            null,
            3);

    assertThat(new String(StrictJson.write(message), StandardCharsets.UTF_8))
        .isEqualTo(
            "{\"v\":1,\"job_id\":\"00000000-0000-0001-0000-000000000002\","
                + "\"user_id\":\"00000000-0000-0003-0000-000000000004\",\"environment\":\"live\","
                + "\"payload\":{\"operation\":\"echo\",\"text\":\"hi\"},\"attempt\":1,"
                + "\"enqueued_at\":\"2026-11-24T10:00:00Z\",\"operation_version\":3}");
    assertThat(StrictJson.read(StrictJson.write(message), JobMessage.class)).isEqualTo(message);
  }

  @Test
  void each_verdict_is_read_back() {
    var hops = List.of(new Hop(Hop.Station.TAKEN, Instant.EPOCH));
    for (var verdict :
        List.of(
            new JobOutcome.Succeeded(3, "abc", true),
            new JobOutcome.Failed("quota_exceeded", "…"),
            new JobOutcome.Deferred("unavailable", "…", 7))) {
      var outcome =
          new JobOutcome(1, new UUID(1, 2), new UUID(3, 4), Environment.TEST, 2, verdict, hops);

      assertThat(StrictJson.read(StrictJson.write(outcome), JobOutcome.class)).isEqualTo(outcome);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "null",
        "[]",
        "{",
        "{\"operation\":\"echo\",\"operation\":\"embed\"}",
        "{\"colour\":1}",
        "{} {}",
        "{\"text\":5}",
        "{\"limit\":\"5\"}"
      })
  void what_is_not_exactly_the_expected_json_is_refused_without_repeating_it(String json) {
    assertThatThrownBy(() -> StrictJson.read(json.getBytes(StandardCharsets.UTF_8), Sample.class))
        .isInstanceOfSatisfying(
            Unreadable.class, e -> assertThat(e.code()).isEqualTo(ProblemCode.JSON_MALFORMED))
        .hasMessageNotContaining("colour");
  }

  @Test
  void other_encodings_are_refused_by_name() {
    var latin = "{\"text\":\"\u00e9\"}".getBytes(StandardCharsets.ISO_8859_1);

    assertThatThrownBy(() -> StrictJson.read(latin, Sample.class))
        .isInstanceOfSatisfying(
            Unreadable.class, e -> assertThat(e.code()).isEqualTo(ProblemCode.NOT_UTF8));
  }
}
