package dev.behalf.client;

import java.time.Duration;

/**
 * What happens to a request that gets no answer, or 429 or 5xx. Only requests that can safely be
 * sent twice are retried: those that read, those that the API makes idempotent, and submissions,
 * which always carry an idempotency key.
 *
 * @param attempts maximum number of attempts, including the first
 * @param longest longest pause between attempts; if the server asks for a longer one, the client
 *     gives up
 */
public record RetryPolicy(int attempts, Duration longest) {

  /** One attempt. */
  public static final RetryPolicy NEVER = new RetryPolicy(1, Duration.ZERO);

  /**
   * Six attempts, within which a server can be restarted. The pauses add up to 15.5 s unless the
   * server asks for others.
   */
  public static final RetryPolicy SAFELY = new RetryPolicy(6, Duration.ofMinutes(1));

  private static final Duration FIRST = Duration.ofMillis(500);
  private static final int MOST_DOUBLED = 6;

  boolean allow(int attempt, Duration pause) {
    return attempt < attempts && pause.compareTo(longest) <= 0;
  }

  /** Returns the pause if the server names none: 500 ms, doubled after each attempt up to 32 s. */
  static Duration pauseAfter(int attempt) {
    return FIRST.multipliedBy(1L << Math.min(attempt - 1, MOST_DOUBLED));
  }
}
