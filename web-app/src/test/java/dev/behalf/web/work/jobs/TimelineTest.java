package dev.behalf.web.work.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.behalf.contract.Hop;
import dev.behalf.contract.Hop.Station;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The waterfall shows what was measured, and says what was not. */
class TimelineTest {

  private static final List<Hop> WHOLE =
      List.of(
          at(Station.SUBMITTED, 0),
          at(Station.DISPATCHED, 100),
          at(Station.TAKEN, 200),
          at(Station.VERIFIED, 210),
          at(Station.KEY_FOUND, 240),
          at(Station.RECEIVED, 250),
          at(Station.COMPUTED, 350),
          at(Station.CHARGED, 380),
          at(Station.ANSWERED, 390),
          at(Station.SETTLED, 500));

  private static Hop at(Station station, long millis) {
    return new Hop(station, Instant.ofEpochMilli(millis));
  }

  private static Timeline ended(long millis, Hop... hops) {
    return timeline(Instant.ofEpochMilli(millis), millis, hops);
  }

  private static Timeline open(long now, Hop... hops) {
    return timeline(null, now, hops);
  }

  private static Timeline timeline(@Nullable Instant finished, long now, Hop... hops) {
    return Timeline.of(List.of(hops), finished, Instant.ofEpochMilli(now));
  }

  private static List<Timeline.Row> rows(Timeline timeline) {
    return timeline.attempts().stream().flatMap(attempt -> attempt.rows().stream()).toList();
  }

  @Test
  void each_step_is_a_row_with_a_bar_at_its_offset_and_as_long_as_it_took() {
    var rows = rows(Timeline.of(WHOLE, Instant.ofEpochMilli(500), Instant.ofEpochMilli(9_000)));

    assertThat(rows)
        .extracting(Timeline.Row::step)
        .containsExactly(
            "queued",
            "broker",
            "signature",
            "key",
            "request",
            "engine",
            "charge",
            "response",
            "outcome");
    assertThat(rows.get(5).x()).isEqualTo(500, within(0.1));
    assertThat(rows.get(5).width()).isEqualTo(200, within(0.1));
    assertThat(rows.get(5).time()).isEqualTo("100 ms");
    assertThat(rows.stream().mapToDouble(Timeline.Row::width).sum())
        .isEqualTo(Timeline.WIDTH, within(1.0));
  }

  @Test
  void waiting_processing_and_network_together_are_the_total() {
    var timeline = Timeline.of(WHOLE, Instant.ofEpochMilli(500), Instant.ofEpochMilli(9_000));

    assertThat(timeline.total()).isEqualTo("500 ms");
    assertThat(timeline.waiting()).isEqualTo("310 ms");
    assertThat(timeline.processing()).isEqualTo("170 ms");
    assertThat(timeline.network()).isEqualTo("20 ms");
  }

  @Test
  void the_two_ways_over_the_network_are_marked_since_only_their_sum_is_measured() {
    var timeline = Timeline.of(WHOLE, Instant.ofEpochMilli(500), Instant.ofEpochMilli(9_000));

    assertThat(rows(timeline))
        .filteredOn(row -> row.kind().equals("network"))
        .extracting(Timeline.Row::step)
        .containsExactly("request", "response");
    assertThat(timeline.attempts().getFirst().isNetworkShown()).isTrue();
  }

  @Test
  void a_call_whose_parts_are_not_known_is_one_step() {
    var timeline =
        ended(
            60,
            at(Station.SUBMITTED, 0),
            at(Station.DISPATCHED, 10),
            at(Station.TAKEN, 20),
            at(Station.KEY_FOUND, 30),
            at(Station.ANSWERED, 50),
            at(Station.SETTLED, 60));

    assertThat(rows(timeline)).extracting(Timeline.Row::step).contains("call");
    assertThat(timeline.network()).isNull();
  }

  @Test
  void each_attempt_is_a_group_with_its_offset() {
    var timeline =
        open(
            100,
            at(Station.SUBMITTED, 0),
            at(Station.DISPATCHED, 10),
            at(Station.TAKEN, 20),
            at(Station.VERIFIED, 30),
            at(Station.SETTLED, 40),
            at(Station.DISPATCHED, 60),
            at(Station.TAKEN, 80));

    assertThat(timeline.attempts()).extracting(Timeline.Attempt::number).containsExactly(1, 2);
    assertThat(timeline.attempts().get(1).offset()).isEqualTo("40 ms");
    assertThat(timeline.attempts().get(1).rows())
        .extracting(Timeline.Row::step)
        .containsExactly("backoff", "broker", "outcome");
  }

  @Test
  void a_lease_that_ended_without_an_outcome_was_an_attempt() {
    var timeline =
        open(
            120_020,
            at(Station.SUBMITTED, 0),
            at(Station.DISPATCHED, 10),
            at(Station.DISPATCHED, 120_010),
            at(Station.TAKEN, 120_020));

    assertThat(timeline.attempts()).extracting(Timeline.Attempt::number).containsExactly(1, 2);
  }

  @Test
  void a_wait_that_would_hide_the_other_steps_is_cut_and_says_so() {
    var attempt =
        ended(
                60_050,
                at(Station.SUBMITTED, 0),
                at(Station.DISPATCHED, 60_000),
                at(Station.TAKEN, 60_010),
                at(Station.KEY_FOUND, 60_050))
            .attempts()
            .getFirst();

    assertThat(attempt.isCut()).isTrue();
    assertThat(attempt.rows().getFirst().time()).isEqualTo("60.0 s");
    assertThat(attempt.rows().get(2).x()).isEqualTo(200, within(0.1));
    assertThat(attempt.rows().get(2).width()).isEqualTo(800, within(0.1));
  }

  @Test
  void a_wait_of_four_times_the_other_steps_is_still_to_scale() {
    assertThat(waited(400).isCut()).isFalse();
    assertThat(waited(401).isCut()).isTrue();
  }

  private static Timeline.Attempt waited(long millis) {
    return ended(
            millis + 100,
            at(Station.SUBMITTED, 0),
            at(Station.DISPATCHED, millis),
            at(Station.SETTLED, millis + 100))
        .attempts()
        .getFirst();
  }

  @Test
  void the_total_of_an_open_job_goes_until_now() {
    var timeline = open(7_000, at(Station.SUBMITTED, 0), at(Station.DISPATCHED, 1_000));

    assertThat(timeline.isOpen()).isTrue();
    assertThat(timeline.total()).isEqualTo("7000 ms");
    assertThat(rows(timeline).getLast())
        .satisfies(
            row -> {
              assertThat(row.step()).isEqualTo("in_flight");
              assertThat(row.isOpen()).isTrue();
              assertThat(row.time()).isEqualTo("6000 ms");
            });
  }

  @Test
  void the_total_of_a_cancelled_job_goes_until_it_was_cancelled() {
    var timeline = timeline(Instant.ofEpochMilli(5_000), 90_000, at(Station.SUBMITTED, 0));

    assertThat(timeline.total()).isEqualTo("5000 ms");
    assertThat(rows(timeline)).extracting(Timeline.Row::step).containsExactly("queued");
    assertThat(rows(timeline).getFirst().isOpen()).isFalse();
  }

  @Test
  void a_job_that_waits_for_its_next_attempt_is_in_backoff() {
    var timeline =
        open(
            90,
            at(Station.SUBMITTED, 0),
            at(Station.DISPATCHED, 10),
            at(Station.TAKEN, 20),
            at(Station.SETTLED, 30));

    assertThat(timeline.attempts()).hasSize(2);
    assertThat(rows(timeline).getLast().step()).isEqualTo("backoff");
  }

  @Test
  void the_time_at_which_the_owner_saw_the_outcome_is_no_part_of_the_job() {
    var timeline =
        ended(10, at(Station.SUBMITTED, 0), at(Station.SETTLED, 10), at(Station.SHOWN, 99_000));

    assertThat(timeline.total()).isEqualTo("10 ms");
    assertThat(rows(timeline)).hasSize(1);
  }

  @Test
  void clocks_that_differ_give_no_bar_that_is_negative_or_outside() {
    var timeline =
        ended(
            50,
            at(Station.SUBMITTED, 0),
            at(Station.DISPATCHED, 50),
            at(Station.TAKEN, 40),
            at(Station.SETTLED, 40));

    assertThat(timeline.total()).isEqualTo("50 ms");
    assertThat(rows(timeline))
        .allMatch(row -> row.x() >= 0 && row.width() > 0 && row.x() + row.width() <= 1_004);
  }

  @Test
  void hops_at_the_same_time_are_drawn() {
    var timeline =
        ended(5, at(Station.SUBMITTED, 5), at(Station.DISPATCHED, 5), at(Station.SETTLED, 5));

    assertThat(timeline.total()).isEqualTo("0.00 ms");
    assertThat(rows(timeline)).hasSize(2);
  }
}
