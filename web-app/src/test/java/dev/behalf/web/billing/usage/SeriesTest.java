package dev.behalf.web.billing.usage;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SeriesTest {

  private static final Instant FROM = Instant.parse("2026-11-24T00:00:00Z");
  private static final Instant UNTIL = FROM.plus(Duration.ofDays(2));
  private static final Duration HOUR = Duration.ofHours(1);
  private static final Duration DAY = Duration.ofDays(1);

  @Test
  void six_groups_are_shown_as_they_are() {
    var series = byOperation(operations(6));

    assertThat(series.groups())
        .extracting(Series.Group::id)
        .containsExactly("op6", "op5", "op4", "op3", "op2", "op1");
  }

  @Test
  void of_seven_groups_the_two_smallest_are_other() {
    var series = byOperation(operations(7));

    assertThat(series.groups())
        .extracting(Series.Group::id)
        .containsExactly("op7", "op6", "op5", "op4", "op3", "other");
    assertThat(series.groups().getLast())
        .returns(3L, Series.Group::amount)
        .returns(2L, Series.Group::jobs)
        .returns("", Series.Group::query);
    assertThat(series.slots().getFirst().amounts()).containsExactly(7L, 6L, 5L, 4L, 3L, 3L);
  }

  @Test
  void equal_groups_are_in_the_order_of_their_names() {
    var hours = List.of(hour(FROM, "embed", 5), hour(FROM, "classify", 5), hour(FROM, "echo", 5));

    assertThat(byOperation(hours).groups())
        .extracting(Series.Group::id)
        .containsExactly("classify", "echo", "embed");
  }

  @Test
  void a_state_has_its_own_colour_and_any_other_group_that_of_its_place() {
    var hours =
        List.of(
            new HourlyUsage.Hour(FROM, "echo", "", "failed", 1, 0),
            new HourlyUsage.Hour(FROM, "embed", "", "succeeded", 2, 9));

    assertThat(Series.of(hours, Grouping.STATE, FROM, UNTIL, DAY).groups())
        .extracting(Series.Group::colour)
        .containsExactly("succeeded", "failed");
    assertThat(Series.of(hours, Grouping.OPERATION, FROM, UNTIL, DAY).groups())
        .extracting(Series.Group::colour)
        .containsExactly("part-0", "part-1");
  }

  @Test
  void the_start_is_inside_and_the_end_is_not() {
    var hours =
        List.of(
            hour(FROM.minus(HOUR), "echo", 1_000),
            hour(FROM, "echo", 1),
            hour(UNTIL.minus(HOUR), "echo", 2),
            hour(UNTIL, "echo", 1_000));

    var series = byOperation(hours);

    assertThat(series.total()).isEqualTo(3);
    assertThat(series.slots()).extracting(Series.Slot::total).containsExactly(1L, 2L);
  }

  @Test
  void hours_without_charges_are_slots_too() {
    var series = Series.of(List.of(), Grouping.OPERATION, FROM, UNTIL, HOUR);

    assertThat(series.slots()).hasSize(48).allMatch(slot -> slot.total() == 0);
    assertThat(series.max()).isZero();
    assertThat(series.total()).isZero();
  }

  @Test
  void the_largest_slot_gives_the_maximum() {
    var hours =
        List.of(
            hour(FROM, "echo", 3),
            hour(FROM.plus(HOUR), "embed", 4),
            hour(FROM.plus(DAY), "echo", 6));

    assertThat(byOperation(hours).max()).isEqualTo(7);
  }

  @Test
  void no_unit_is_lost_or_counted_twice() {
    for (int seed = 0; seed < 50; seed++) {
      var random = new Random(seed);
      var hours = new ArrayList<HourlyUsage.Hour>();
      for (int i = random.nextInt(200); i > 0; i--) {
        hours.add(
            hour(FROM.plus(HOUR.multipliedBy(random.nextInt(48))), "op" + i % 11, 1 + i * 7L));
      }
      var units = hours.stream().mapToLong(HourlyUsage.Hour::units).sum();

      for (var step : List.of(HOUR, DAY)) {
        var series = Series.of(hours, Grouping.OPERATION, FROM, UNTIL, step);
        assertThat(series.total()).as("groups, seed %d", seed).isEqualTo(units);
        assertThat(series.slots().stream().mapToLong(Series.Slot::total).sum())
            .as("slots of %s, seed %d", step, seed)
            .isEqualTo(units);
      }
    }
  }

  @Test
  void a_day_is_named_by_its_date_and_lists_the_jobs_of_that_day() {
    var day = byOperation(List.of()).slots().getFirst();

    assertThat(day.label()).isEqualTo("2026-11-24");
    assertThat(day.query()).isEqualTo("since:2026-11-24 until:2026-11-25");
  }

  @Test
  void an_hour_is_named_by_its_date_and_time() {
    var hour = Series.of(List.of(), Grouping.OPERATION, FROM, UNTIL, HOUR).slots().get(13);

    assertThat(hour.label()).isEqualTo("2026-11-24 13:00");
    assertThat(hour.query()).isEqualTo("since:2026-11-24T13:00:00Z until:2026-11-24T14:00:00Z");
  }

  @Test
  void an_amount_leads_to_its_jobs_and_nothing_leads_nowhere() {
    var series =
        byOperation(List.of(hour(FROM, "embed", 1_234_567), hour(FROM.plus(DAY), "echo", 1)));

    var cells = series.cells(series.slots().getFirst());

    assertThat(cells)
        .containsExactly(
            new Series.Cell("1,234,567", "?q=op%3Aembed+since%3A2026-11-24+until%3A2026-11-25"),
            new Series.Cell("0", null));
  }

  private static Series byOperation(List<HourlyUsage.Hour> hours) {
    return Series.of(hours, Grouping.OPERATION, FROM, UNTIL, DAY);
  }

  private static List<HourlyUsage.Hour> operations(int count) {
    return IntStream.rangeClosed(1, count).mapToObj(i -> hour(FROM, "op" + i, i)).toList();
  }

  private static HourlyUsage.Hour hour(Instant at, String operation, long units) {
    return new HourlyUsage.Hour(at, operation, "", "succeeded", 1, units);
  }
}
