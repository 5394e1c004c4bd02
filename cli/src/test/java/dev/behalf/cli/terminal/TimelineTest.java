package dev.behalf.cli.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.behalf.client.Job;
import dev.behalf.client.Job.Hop;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.node.MissingNode;

class TimelineTest {

  private static final Instant START = Instant.parse("2026-11-24T23:59:59.900Z");

  private final Timeline timeline = new Timeline(plain());

  @ParameterizedTest
  @CsvSource({
    "-1, 0 ms",
    "0, 0 ms",
    "999, 999 ms",
    "1000, 1.0 s",
    "1949, 1.9 s",
    "59999, 60.0 s",
    "119999, 120.0 s",
    "120000, 2 min 0 s",
    "3661999, 61 min 1 s"
  })
  void a_duration_is_told_in_the_unit_that_fits(long millis, String text) {
    assertThat(Timeline.text(Duration.ofMillis(millis))).isEqualTo(text);
  }

  @Test
  void each_hop_is_a_line_with_its_time_and_the_time_since_the_one_before() {
    assertThat(timeline.stations(job("queued", "submitted", "dispatched", "key_found")))
        .containsExactly(
            "● submitted   23:59:59.900",
            "● dispatched  00:00:01.400    +1.5 s",
            "● key found   00:00:02.900    +1.5 s");
  }

  @Test
  void a_hop_is_told_once() {
    timeline.stations(job("queued", "submitted", "dispatched"));

    assertThat(timeline.stations(job("queued", "submitted", "dispatched"))).isEmpty();
    assertThat(timeline.stations(job("queued", "submitted", "dispatched", "taken")))
        .containsExactly("● taken       00:00:02.900    +1.5 s");
  }

  @Test
  void each_attempt_but_the_first_has_a_heading_over_several_calls() {
    timeline.stations(job("queued", "submitted", "dispatched"));

    assertThat(timeline.stations(job("queued", "submitted", "dispatched", "dispatched")))
        .first()
        .isEqualTo("↻ attempt 2");
    assertThat(
            timeline.stations(job("queued", "submitted", "dispatched", "dispatched", "dispatched")))
        .first()
        .isEqualTo("↻ attempt 3");
  }

  @Test
  void a_clock_that_is_behind_does_not_turn_time_back() {
    var hops = List.of(new Hop("submitted", START), new Hop("taken", START.minusSeconds(1)));

    assertThat(timeline.stations(job("queued", "", "", hops)).getLast()).endsWith("     +0 ms");
  }

  @Test
  void an_unknown_station_is_shown_safely_however_long_it_is() {
    assertThat(timeline.stations(job("queued", "a_station_of_the_future\u001B")))
        .containsExactly("● a station of the future\uFFFD 23:59:59.900");
  }

  @Test
  void a_reason_is_told_when_it_is_new() {
    assertThat(timeline.news(failing("unavailable", "Later.")))
        .containsExactly("! unavailable: Later.");
    assertThat(timeline.news(failing("unavailable", "Later."))).isEmpty();
    assertThat(timeline.news(failing("timeout", ""))).containsExactly("! timeout");
  }

  @Test
  void a_reason_that_has_gone_and_comes_back_is_told_again() {
    timeline.news(failing("unavailable", ""));
    timeline.news(failing("", ""));

    assertThat(timeline.news(failing("unavailable", ""))).containsExactly("! unavailable");
  }

  @Test
  void the_reason_of_an_ended_job_is_left_to_the_last_line() {
    assertThat(timeline.news(job("failed", "too_long", "Shorten it.", List.of()))).isEmpty();
  }

  @Test
  void a_reason_is_one_line_and_without_a_code_there_is_none() {
    assertThat(Timeline.reason(failing("code", "two\nlines"))).isEqualTo("code: two lines");
    assertThat(Timeline.reason(failing("", "A detail."))).isEmpty();
  }

  private static Job failing(String code, String detail) {
    return job("queued", code, detail, List.of());
  }

  /** A job with hops 1.5 s apart. */
  private static Job job(String state, String... stations) {
    return job(
        state,
        "",
        "",
        IntStream.range(0, stations.length)
            .mapToObj(i -> new Hop(stations[i], START.plusMillis(1_500L * i)))
            .toList());
  }

  private static Job job(String state, String code, String detail, List<Hop> hops) {
    return new Job(
        new UUID(0, 1),
        "test",
        state,
        "echo",
        MissingNode.getInstance(),
        "normal",
        1,
        null,
        null,
        code,
        detail,
        List.of(),
        Map.of(),
        hops,
        START,
        null,
        null,
        MissingNode.getInstance());
  }

  private static Terminal plain() {
    var nowhere = new PrintStream(new ByteArrayOutputStream());
    return new Terminal(nowhere, nowhere, false, Map.of());
  }
}
