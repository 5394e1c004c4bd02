package dev.behalf.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.time.Instant;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FutureTimeTest {

  private static final Instant NOW = Instant.parse("2026-12-31T23:59:30Z");

  @ParameterizedTest
  @CsvSource({
    "0s, 2026-12-31T23:59:30Z",
    "30s, 2027-01-01T00:00:00Z",
    "5m, 2027-01-01T00:04:30Z",
    "12h, 2027-01-01T11:59:30Z",
    "59d, 2027-02-28T23:59:30Z",
    "60d, 2027-03-01T23:59:30Z",
    "999999s, 2027-01-12T13:46:09Z"
  })
  void a_delay_counts_from_now(String text, Instant time) {
    assertThat(FutureTime.parse(text, NOW)).isEqualTo(time);
  }

  @ParameterizedTest
  @CsvSource({
    "2027-01-31, 2027-01-31T00:00:00Z",
    "2028-02-29, 2028-02-29T00:00:00Z",
    "2027-01-31T10:00:00Z, 2027-01-31T10:00:00Z",
    "2027-01-31T10:00Z, 2027-01-31T10:00:00Z",
    "2027-01-31T10:00:00.5+08:00, 2027-01-31T02:00:00.5Z",
    "2027-01-01T00:30:00+01:00, 2026-12-31T23:30:00Z"
  })
  void a_date_is_the_start_of_that_day_in_utc_and_a_timestamp_has_its_offset(
      String text, Instant time) {
    assertThat(FutureTime.parse(text, NOW)).isEqualTo(time);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "soon",
        "5",
        "5w",
        "-5m",
        "1.5h",
        "5 m",
        "5M",
        "1000000s",
        "٣m",
        "2027-02-29",
        "2027-1-31",
        "31.01.2027",
        "2027-01-31T10:00:00",
        "2027-01-31T25:00:00Z",
        "2027-01-31 10:00:00Z",
        "T"
      })
  void what_is_no_time_is_told_with_the_forms_that_are(String text) {
    assertThatExceptionOfType(WrongUsage.class)
        .isThrownBy(() -> FutureTime.parse(text, NOW))
        .withMessage("\"%s\" is not a time: write %s.", text, FutureTime.FORMS);
  }

  @ParameterizedTest
  @ValueSource(strings = {"2027-01-31T10:00:00Z", "2027-01-31", "30m", "12h", "7d"})
  void every_form_of_the_message_can_be_written(String form) {
    assertThat(FutureTime.FORMS).contains(form);
    assertThat(FutureTime.parse(form, NOW)).isAfter(NOW);
  }
}
