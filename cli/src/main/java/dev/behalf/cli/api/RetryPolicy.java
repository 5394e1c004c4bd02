package dev.behalf.cli.api;

import java.time.Duration;

/**
 * How often a request is sent when no answer comes, or one that may be another later.
 *
 * @param attempts all together
 * @param longest a server that asks for a longer pause is not waited for
 */
public record RetryPolicy(int attempts, Duration longest) {

  /** For what a person can repeat as well, and for what must not happen twice. */
  public static final RetryPolicy NEVER = new RetryPolicy(1, Duration.ZERO);

  /** For what is the same however often it is sent: a quarter of a minute and more. */
  public static final RetryPolicy SAFELY = new RetryPolicy(6, Duration.ofMinutes(1));

  private static final Duration FIRST = Duration.ofMillis(500);

  boolean allow(int attempt, Duration pause) {
    return attempt < attempts && pause.compareTo(longest) <= 0;
  }

  /** Without a word of the server: doubled each time. */
  static Duration pauseAfter(int attempt) {
    return FIRST.multipliedBy(1L << (attempt - 1));
  }
}
