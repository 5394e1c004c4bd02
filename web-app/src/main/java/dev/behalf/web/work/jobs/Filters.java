package dev.behalf.web.work.jobs;

import java.util.ArrayList;
import java.util.List;

/**
 * The words and filters of a query as chips, each with the query that a reader gets by removing it.
 */
record Filters(List<Chip> chips, String text) {

  /**
   * @param without the query without this word or filter
   */
  record Chip(String text, String without) {}

  static Filters of(JobQuery query) {
    var all = query.filters();
    var chips = new ArrayList<Chip>();
    for (int i = 0; i < all.size(); i++) {
      var others = new ArrayList<>(all);
      others.remove(i);
      chips.add(new Chip(all.get(i), String.join(" ", others)));
    }
    return new Filters(List.copyOf(chips), query.text());
  }

  /** Returns the query with a filter in place of the one that begins alike; empty removes that. */
  public String with(String name, String value) {
    var kept = chips.stream().map(Chip::text).filter(text -> !text.startsWith(name + ":")).toList();
    var all = new ArrayList<>(kept);
    if (!value.isEmpty()) {
      all.add(name + ":" + value);
    }
    return String.join(" ", all);
  }

  public boolean has(String name, String value) {
    return value.isEmpty()
        ? chips.stream().noneMatch(chip -> chip.text().startsWith(name + ":"))
        : chips.stream().anyMatch(chip -> chip.text().equals(name + ":" + value));
  }
}
