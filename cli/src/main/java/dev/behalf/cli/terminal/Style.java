package dev.behalf.cli.terminal;

/**
 * The styles of the output. A colour shows a state, and never says anything that the text does not.
 */
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

  /** Returns the style for a state of a job or key; an unknown state is plain. */
  public static Style ofState(String state) {
    return switch (state) {
      case "succeeded", "active" -> GOOD;
      case "failed", "revoked" -> BAD;
      case "running", "rotating" -> BUSY;
      case "queued" -> WAITING;
      case "cancelled", "disabled", "expired" -> FAINT;
      default -> PLAIN;
    };
  }

  String apply(String text) {
    return start.isEmpty() || text.isEmpty() ? text : start + text + END;
  }
}
