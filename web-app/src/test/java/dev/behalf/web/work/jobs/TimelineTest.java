package dev.behalf.web.work.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.behalf.contract.Hop;
import dev.behalf.contract.Hop.Station;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The drawing says the truth about the hops. */
class TimelineTest {

  private static Hop at(Station station, long millis) {
    return new Hop(station, Instant.ofEpochMilli(millis));
  }

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
          at(Station.ANSWERED, 400),
          at(Station.SETTLED, 500));

  @Test
  void pieces_are_as_long_as_they_took() {
    var pieces = Timeline.of(WHOLE).lanes().getFirst().pieces();

    assertThat(pieces)
        .extracting(Timeline.Piece::what)
        .containsExactly(
            "turn",
            "broker",
            "signature",
            "lookup",
            "request",
            "engine",
            "charge",
            "answer",
            "outcome");
    assertThat(pieces.get(5).width()).isEqualTo(200.0, within(0.1));
    assertThat(pieces.stream().mapToDouble(Timeline.Piece::width).sum())
        .isEqualTo(Timeline.WIDTH, within(1.0));
  }

  @Test
  void waiting_and_working_are_apart_and_together_the_whole() {
    var way = Timeline.of(WHOLE);

    assertThat(way.total()).isEqualTo("500 ms");
    assertThat(way.waited()).isEqualTo("300 ms");
    assertThat(way.worked()).isEqualTo("200 ms");
  }

  @Test
  void each_attempt_has_a_lane() {
    var way =
        Timeline.of(
            List.of(
                at(Station.SUBMITTED, 0),
                at(Station.DISPATCHED, 10),
                at(Station.TAKEN, 20),
                at(Station.VERIFIED, 30),
                at(Station.SETTLED, 40),
                at(Station.DISPATCHED, 60),
                at(Station.TAKEN, 80)));

    assertThat(way.lanes()).extracting(Timeline.Lane::attempt).containsExactly(1, 2);
    assertThat(way.lanes().get(1).pieces())
        .extracting(Timeline.Piece::what)
        .containsExactly("pause", "broker");
    assertThat(way.stops()).filteredOn(Timeline.Stop::isFirstOfAttempt).hasSize(1);
  }

  @Test
  void work_that_would_be_too_small_to_see_is_drawn_once_more_and_larger() {
    var way =
        Timeline.of(
            List.of(
                at(Station.SUBMITTED, 0),
                at(Station.DISPATCHED, 60_000),
                at(Station.TAKEN, 60_010),
                at(Station.VERIFIED, 60_020),
                at(Station.KEY_FOUND, 60_050)));

    assertThat(way.lanes()).extracting(Timeline.Lane::isLarger).containsExactly(false, true);
    assertThat(way.lanes().get(1).pieces().get(1).width()).isEqualTo(750, within(0.1));
  }

  @Test
  void clocks_that_differ_give_no_piece_shorter_than_nothing() {
    var way =
        Timeline.of(
            List.of(at(Station.SUBMITTED, 0), at(Station.DISPATCHED, 50), at(Station.TAKEN, 40)));

    assertThat(way.lanes().getFirst().pieces()).allMatch(piece -> piece.width() > 0);
  }

  @Test
  void when_it_was_looked_at_is_no_part_of_how_long_it_took() {
    var way =
        Timeline.of(
            List.of(at(Station.SUBMITTED, 0), at(Station.SETTLED, 10), at(Station.SHOWN, 99_000)));

    assertThat(way.total()).isEqualTo("10 ms");
    assertThat(way.stops()).hasSize(3);
  }

  @Test
  void a_job_with_one_hop_is_not_drawn() {
    var way = Timeline.of(List.of(at(Station.SUBMITTED, 0)));

    assertThat(way.isDrawn()).isFalse();
    assertThat(way.height()).isZero();
    assertThat(way.stops()).hasSize(1);
  }

  @Test
  void a_lease_that_ended_without_an_outcome_was_an_attempt() {
    var way =
        Timeline.of(
            List.of(
                at(Station.SUBMITTED, 0),
                at(Station.DISPATCHED, 10),
                at(Station.DISPATCHED, 120_010),
                at(Station.TAKEN, 120_020)));

    assertThat(way.lanes()).extracting(Timeline.Lane::attempt).containsExactly(1, 2);
    assertThat(way.stops()).extracting(Timeline.Stop::attempt).containsExactly(1, 1, 2, 2);
    assertThat(way.lanes().get(1).pieces().getFirst().what()).isEqualTo("pause");
  }

  @Test
  void hops_at_the_same_time_stay_inside_the_drawing() {
    var way =
        Timeline.of(
            List.of(at(Station.SUBMITTED, 5), at(Station.DISPATCHED, 5), at(Station.VERIFIED, 5)));

    assertThat(way.total()).isEqualTo("0.00 ms");
    assertThat(way.lanes().getFirst().pieces())
        .hasSize(2)
        .allMatch(piece -> piece.x() >= 0 && piece.x() + piece.width() <= Timeline.WIDTH);
  }

  @Test
  void the_last_piece_of_a_long_wait_stays_inside_the_drawing() {
    var pieces =
        Timeline.of(List.of(at(Station.SUBMITTED, 0), at(Station.DISPATCHED, 86_400_000)))
            .lanes()
            .getFirst()
            .pieces();
    var brief =
        Timeline.of(
                List.of(
                    at(Station.SUBMITTED, 0),
                    at(Station.DISPATCHED, 86_400_000),
                    at(Station.TAKEN, 86_400_001)))
            .lanes()
            .getFirst()
            .pieces();

    assertThat(pieces.getLast().width()).isEqualTo(Timeline.WIDTH);
    assertThat(brief.getLast().x() + brief.getLast().width()).isLessThanOrEqualTo(Timeline.WIDTH);
  }

  @Test
  void work_of_one_part_in_twenty_is_large_enough() {
    assertThat(workOf(50, 1_000).lanes()).hasSize(1);
    assertThat(workOf(49, 1_000).lanes()).hasSize(2);
  }

  private static Timeline workOf(long work, long total) {
    return Timeline.of(
        List.of(
            at(Station.SUBMITTED, 0),
            at(Station.TAKEN, total - work),
            at(Station.VERIFIED, total)));
  }

  @Test
  void a_label_stands_in_a_piece_that_has_room_for_it() {
    var pieces =
        Timeline.of(
                List.of(
                    at(Station.SUBMITTED, 0),
                    at(Station.DISPATCHED, 90),
                    at(Station.TAKEN, 179),
                    at(Station.SETTLED, 1_000)))
            .lanes()
            .getFirst()
            .pieces();

    assertThat(pieces).extracting(Timeline.Piece::isLabelled).containsExactly(true, false, true);
  }

  @Test
  void a_clock_that_went_back_shortens_nothing_else() {
    var way =
        Timeline.of(
            List.of(at(Station.SUBMITTED, 0), at(Station.DISPATCHED, 100), at(Station.TAKEN, 50)));

    assertThat(way.total()).isEqualTo("100 ms");
    assertThat(way.stops().getLast().since()).isEqualTo("+0.00 ms");
  }
}
