package dev.example.site;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** The states of a job at Behalf, and one before them. */
enum State {
  UNSENT("Sending", 0),
  QUEUED("Queued", 1),
  RUNNING("Running", 1),
  FAILED("Failed", 2),
  CANCELLED("Cancelled", 2),
  SUCCEEDED("Succeeded", 3);

  private final String title;
  private final int stage;

  State(String title, int stage) {
    this.title = title;
    this.stage = stage;
  }

  /** Returns the state of a job; one that this site does not know is on the way to its end. */
  static State of(String name) {
    return Arrays.stream(values())
        .filter(state -> state.css().equals(name))
        .findFirst()
        .orElse(RUNNING);
  }

  public String title() {
    return title;
  }

  public String css() {
    return name().toLowerCase(Locale.ROOT);
  }

  boolean isEnd() {
    return stage >= FAILED.stage;
  }

  /**
   * Returns the names of the states from which a task moves to this one. It moves only forward, so
   * a stale answer changes nothing. A failed job may still succeed if its result arrives late.
   */
  List<String> before() {
    return Arrays.stream(values()).filter(state -> state.stage <= stage).map(Enum::name).toList();
  }
}
