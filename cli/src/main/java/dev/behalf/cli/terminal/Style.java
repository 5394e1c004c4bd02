package dev.behalf.cli.terminal;

/** Colour is for states, and never says what a word does not say as well. */
public enum Style {
  PLAIN(""),
  GOOD("\033[32m"),
  BAD("\033[31m"),
  BUSY("\033[36m"),
  WAITING("\033[33m"),
  FAINT("\033[2m"),
  HEADING("\033[1m");

  private static final String END = "\033[0m";

  private final String start;

  Style(String start) {
    this.start = start;
  }

  /** Of a job's or a key's state; a state that is new here has none. */
  public static Style ofState(String state) {
    return switch (state) {
      case "succeeded", "active" -> GOOD;
      case "failed", "revoked" -> BAD;
      case "dispatched", "rotating" -> BUSY;
      case "queued" -> WAITING;
      case "cancelled", "disabled", "expired" -> FAINT;
      default -> PLAIN;
    };
  }

  String apply(String text) {
    return start.isEmpty() || text.isEmpty() ? text : start + text + END;
  }
}
