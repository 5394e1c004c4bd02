package dev.behalf.web.billing.usage;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URLEncoder;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The amounts of each group over time.
 *
 * @param groups the groups, the largest first
 */
record Series(List<Group> groups, List<Slot> slots) {

  /** The number of colours that readers can tell apart. */
  private static final int MAX_GROUPS = 6;

  private static final String OTHER = "other";

  /**
   * A group of jobs, drawn in one colour.
   *
   * @param query the job list's filter for the group; empty for {@code other}
   */
  record Group(String id, String query, String colour, long jobs, long amount) {

    /** Returns whether this is the sum of the groups that have no colour of their own. */
    boolean isRest() {
      return id.equals(OTHER) && query.isEmpty();
    }
  }

  /** An hour or a day, with one amount per group in the order of {@link Series#groups}. */
  record Slot(Instant from, Instant until, List<Long> amounts) {

    /** Returns the start of the slot in UTC: a date, or a date and time for an hour. */
    public String label() {
      var text = from.toString();
      return isDay() ? text.substring(0, 10) : text.substring(0, 16).replace('T', ' ');
    }

    /** Returns the job list's filters for the jobs of this slot. */
    public String query() {
      return isDay()
          ? "since:"
              + from.toString().substring(0, 10)
              + " until:"
              + until.toString().substring(0, 10)
          : "since:" + from + " until:" + until;
    }

    boolean isDay() {
      return from.plus(Duration.ofDays(1)).equals(until);
    }

    boolean isMidnight() {
      return from.truncatedTo(ChronoUnit.DAYS).equals(from);
    }

    public long total() {
      return amounts.stream().mapToLong(Long::longValue).sum();
    }
  }

  /**
   * A table cell.
   *
   * @param find the URL query that lists the jobs behind the amount; null for an amount of 0
   */
  record Cell(String amount, @Nullable String find) {}

  public List<Cell> cells(Slot slot) {
    var cells = new ArrayList<Cell>();
    for (int at = 0; at < groups.size(); at++) {
      long amount = slot.amounts().get(at);
      var find = "?q=" + URLEncoder.encode(groups.get(at).query() + slot.query(), UTF_8);
      cells.add(new Cell(exact(amount), amount > 0 ? find : null));
    }
    return cells;
  }

  /** Returns an amount with all its digits. */
  static String exact(long amount) {
    return String.format(Locale.ROOT, "%,d", amount);
  }

  public long max() {
    return slots.stream().mapToLong(Slot::total).max().orElse(0);
  }

  public long total() {
    return groups.stream().mapToLong(Group::amount).sum();
  }

  static Series of(
      List<HourlyUsage.Hour> hours, Grouping by, Instant from, Instant until, Duration step) {
    var inside =
        hours.stream().filter(h -> !h.at().isBefore(from) && h.at().isBefore(until)).toList();
    var groups = groups(inside, by);
    var place = new HashMap<String, Integer>();
    for (int at = 0; at < groups.size(); at++) {
      place.put(groups.get(at).id(), at);
    }
    var amounts = new ArrayList<long[]>();
    for (var start = from; start.isBefore(until); start = start.plus(step)) {
      amounts.add(new long[groups.size()]);
    }
    for (var hour : inside) {
      var slot = amounts.get((int) Duration.between(from, hour.at()).dividedBy(step));
      slot[place.getOrDefault(by.group(hour), groups.size() - 1)] += by.amount(hour);
    }
    var slots = new ArrayList<Slot>();
    for (int at = 0; at < amounts.size(); at++) {
      var start = from.plus(step.multipliedBy(at));
      slots.add(new Slot(start, start.plus(step), Arrays.stream(amounts.get(at)).boxed().toList()));
    }
    return new Series(groups, slots);
  }

  private static List<Group> groups(List<HourlyUsage.Hour> hours, Grouping by) {
    var all =
        hours.stream().collect(Collectors.groupingBy(by::group)).entrySet().stream()
            .map(
                entry ->
                    new Group(
                        entry.getKey(),
                        by.query(entry.getKey()),
                        "",
                        entry.getValue().stream().mapToLong(HourlyUsage.Hour::jobs).sum(),
                        entry.getValue().stream().mapToLong(by::amount).sum()))
            .sorted(Comparator.comparingLong(Group::amount).reversed().thenComparing(Group::id))
            .toList();
    var shown = new ArrayList<>(all.size() <= MAX_GROUPS ? all : all.subList(0, MAX_GROUPS - 1));
    if (shown.size() < all.size()) {
      var rest = all.subList(shown.size(), all.size());
      shown.add(
          new Group(
              OTHER,
              "",
              "",
              rest.stream().mapToLong(Group::jobs).sum(),
              rest.stream().mapToLong(Group::amount).sum()));
    }
    var coloured = new ArrayList<Group>();
    for (var group : shown) {
      var colour = by == Grouping.STATE ? group.id() : "part-" + coloured.size();
      coloured.add(new Group(group.id(), group.query(), colour, group.jobs(), group.amount()));
    }
    return coloured;
  }
}
