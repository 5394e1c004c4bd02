package dev.behalf.cli.api;

import java.time.Duration;

/**
 * The policy for requests that get no answer or a temporary error.
 *
 * @param attempts maximum number of attempts, including the first
 * @param longest longest pause between attempts; if the server asks for a longer one, the client
 *     gives up
 */
public record RetryPolicy(int attempts, Duration longest) {

  /** One attempt, for requests that a person can repeat as easily or that must not happen twice. */
  public static final RetryPolicy NEVER = new RetryPolicy(1, Duration.ZERO);

  /**
   * Six attempts, for idempotent requests. The pauses add up to 15.5 s unless the server asks for
   * others.
   */
  public static final RetryPolicy SAFELY = new RetryPolicy(6, Duration.ofMinutes(1));

  private static final Duration FIRST = Duration.ofMillis(500);

  boolean allow(int attempt, Duration pause) {
    return attempt < attempts && pause.compareTo(longest) <= 0;
  }

  /** Returns the pause if the server names none: 500 ms, doubled after each attempt. */
  static Duration pauseAfter(int attempt) {
    return FIRST.multipliedBy(1L << (attempt - 1));
  }
}
