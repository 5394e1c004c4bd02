package dev.behalf.contract;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.behalf.contract.StrictJson.Unreadable;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class IsoInstantTest {

  private record At(@Nullable Instant notBefore) {}

  private record Many(List<At> times) {}

  @ParameterizedTest
  @CsvSource({
    "2026-11-24T10:00:00Z, 2026-11-24T10:00:00Z",
    "2026-11-24t10:00:00z, 2026-11-24T10:00:00Z",
    "2026-11-24T10:00:00.123456789Z, 2026-11-24T10:00:00.123456789Z",
    "2026-11-24T10:00:00+02:00, 2026-11-24T08:00:00Z",
    "2026-11-24T23:30:00-05:30, 2026-11-25T05:00:00Z",
    "2028-02-29T00:00:00Z, 2028-02-29T00:00:00Z",
    "0001-01-01T00:00:00Z, 0001-01-01T00:00:00Z",
    "0000-12-31T23:00:00-01:00, 0001-01-01T00:00:00Z",
    "9999-12-31T23:59:59.999999Z, 9999-12-31T23:59:59.999999Z"
  })
  void a_time_of_the_years_1_to_9999_is_read(String text, Instant time) {
    assertThat(read("\"" + text + "\"").notBefore()).isEqualTo(time);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0000-12-31T23:59:59Z",
        "0001-01-01T00:00:00+00:01",
        "-0001-06-01T00:00:00Z",
        "9999-12-31T23:59:59.9999991Z",
        "9999-12-31T23:59:59-00:01",
        "+10000-01-01T00:00:00Z",
        "+999999999-12-31T23:59:59Z"
      })
  void a_time_outside_these_years_is_refused_with_its_field(String text) {
    var refused = refused("\"" + text + "\"");

    assertThat(refused.code()).isEqualTo(ProblemCode.PAYLOAD_INVALID);
    assertThat(refused.detail()).isEqualTo("Choose a time between the years 1 and 9999.");
    assertThat(refused.field()).isEqualTo("not_before");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"\"",
        "\" \"",
        "\"tomorrow\"",
        "\"2026-11-24\"",
        "\"2026-11-24T10:00:00\"",
        "\"2026-11-24 10:00:00Z\"",
        "\" 2026-11-24T10:00:00Z\"",
        "\"2026-02-29T10:00:00Z\"",
        "\"2026-13-01T10:00:00Z\"",
        "\"2026-11-24T24:00:00Z\"",
        "\"2026-11-24T10:00:00+19:00\"",
        "\"2026-11-24T10:00:00.1234567891Z\"",
        "\"2026-11-24T10:00:00Z[UTC]\"",
        "1795514400",
        "1795514400.5",
        "true",
        "[\"2026-11-24T10:00:00Z\"]",
        "{}"
      })
  void anything_else_is_refused_with_an_example(String json) {
    var refused = refused(json);

    assertThat(refused.code()).isEqualTo(ProblemCode.JSON_MALFORMED);
    assertThat(refused.detail()).startsWith("Write a time as in 2026-11-24T10:00:00Z");
    assertThat(refused.field()).isEqualTo("not_before");
  }

  @Test
  void null_is_no_time_and_no_error() {
    assertThat(read("null").notBefore()).isNull();
  }

  @Test
  void a_time_deep_in_the_body_is_refused_by_the_name_of_its_field() {
    var json = "{\"times\":[{\"not_before\":null},{\"not_before\":\"+10000-01-01T00:00:00Z\"}]}";

    var refused =
        catchThrowableOfType(
            Unreadable.class, () -> StrictJson.read(json.getBytes(UTF_8), Many.class));

    assertThat(refused.code()).isEqualTo(ProblemCode.PAYLOAD_INVALID);
    assertThat(refused.field()).isEqualTo("not_before");
  }

  @ParameterizedTest
  @ValueSource(strings = {"2026-11-24T10:00:00Z", "2026-11-24T10:00:00.000000001Z"})
  void a_time_that_was_written_is_read_back(Instant time) {
    assertThat(StrictJson.read(StrictJson.write(new At(time)), At.class)).isEqualTo(new At(time));
  }

  private static At read(String time) {
    return StrictJson.read(("{\"not_before\":" + time + "}").getBytes(UTF_8), At.class);
  }

  private static Unreadable refused(String time) {
    return Objects.requireNonNull(
        catchThrowableOfType(Unreadable.class, () -> read(time)), "a time was read: " + time);
  }
}
