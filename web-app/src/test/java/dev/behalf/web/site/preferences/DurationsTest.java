package dev.behalf.web.site.preferences;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DurationsTest {

  @ParameterizedTest
  @CsvSource({
    "PT-5S, 0.00 ms",
    "PT0S, 0.00 ms",
    "PT0.00125S, 1.25 ms",
    "PT0.00999S, 9.99 ms",
    "PT0.01S, 10 ms",
    "PT9.999S, 9999 ms",
    "PT10S, 10.0 s",
    "PT119.9S, 119.9 s",
    "PT2M, 2 min",
    "PT119M, 119 min",
    "PT2H, 2 h",
    "PT48H, 48 h"
  })
  void precise(Duration time, String expected) {
    assertThat(Durations.precise(time)).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({
    "PT-5S, 0 ms",
    "PT0S, 0 ms",
    "PT0.0004S, 0 ms",
    "PT0.999S, 999 ms",
    "PT1S, 1.0 s",
    "PT59.9S, 59.9 s",
    "PT1M, 1 min",
    "PT59M, 59 min",
    "PT1H, 1 h",
    "PT23H, 23 h",
    "PT24H, 1 d",
    "PT8760H, 365 d"
  })
  void rounded(Duration time, String expected) {
    assertThat(Durations.rounded(time)).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({
    "UTC, 2026-11-30 23:30:00",
    "Asia/Shanghai, 2026-12-01 07:30:00",
    "America/New_York, 2026-11-30 18:30:00"
  })
  void a_time_is_told_in_the_readers_zone(String zone, String expected) {
    var format = new TimeFormat(ZoneId.of(zone));
    var at = Instant.parse("2026-11-30T23:30:00.999Z");

    assertThat(format.second(at)).isEqualTo(expected);
    assertThat(format.minute(at)).isEqualTo(expected.substring(0, 16));
    assertThat(format.day(at)).isEqualTo(expected.substring(0, 10));
    assertThat(format.milli(at)).isEqualTo(expected.substring(11) + ".999");
    assertThat(format.zone()).isEqualTo(zone);
  }

  @Test
  void the_offset_zero_is_called_utc() {
    assertThat(new TimeFormat(ZoneOffset.UTC).zone()).isEqualTo("UTC");
  }
}
