package dev.behalf.web.identity.apikeys;

import dev.behalf.web.identity.apikeys.KeyTraffic.KeyDay;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A bar chart of the calls per day (UTC) with the old key and the new one.
 *
 * @param most maximum number of calls with one key on one day: the height of the highest bar
 */
record RotationChart(List<Day> days, long most) {

  static final int DAYS = 14;

  private static final int WIDTH_OF_DAY = 40;
  private static final int HEIGHT = 120;

  /**
   * One day.
   *
   * @param x left edge of its bars
   */
  record Day(LocalDate day, long old, long fresh, int x, int oldHeight, int freshHeight) {

    /** Returns the distance of the bar from the top of the chart. */
    public int oldTop() {
      return HEIGHT - oldHeight;
    }

    public int freshTop() {
      return HEIGHT - freshHeight;
    }
  }

  /** Builds the chart of the last two weeks, oldest day first; a day without calls has no bar. */
  static RotationChart of(List<KeyDay> counted, String old, String fresh, Instant now) {
    var first = now.atOffset(ZoneOffset.UTC).toLocalDate().minusDays(DAYS - 1);
    var most =
        counted.stream()
            .filter(day -> day.keyId().equals(old) || day.keyId().equals(fresh))
            .filter(day -> !day.day().isBefore(first))
            .mapToLong(KeyDay::calls)
            .max()
            .orElse(0);
    return new RotationChart(
        IntStream.range(0, DAYS)
            .mapToObj(
                index -> {
                  var day = first.plusDays(index);
                  var olds = calls(counted, old, day);
                  var freshs = calls(counted, fresh, day);
                  return new Day(
                      day,
                      olds,
                      freshs,
                      index * WIDTH_OF_DAY + 4,
                      height(olds, most),
                      height(freshs, most));
                })
            .toList(),
        most);
  }

  private static long calls(List<KeyDay> counted, String key, LocalDate day) {
    return counted.stream()
        .filter(one -> one.keyId().equals(key) && one.day().equals(day))
        .mapToLong(KeyDay::calls)
        .sum();
  }

  /** Returns the height of a bar, at least 2, so that a single call among thousands is visible. */
  private static int height(long calls, long most) {
    return calls == 0 ? 0 : (int) Math.max(2, calls * HEIGHT / most);
  }
}
