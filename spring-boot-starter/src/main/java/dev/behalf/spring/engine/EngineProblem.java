package dev.behalf.spring.engine;

import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Thrown by the method of an engine: why there is no result. The owner of the job reads it. */
public final class EngineProblem extends RuntimeException {

  /** As many characters of a detail are kept. */
  private static final int MAX_DETAIL = 1_000;

  private static final Pattern CODE = Pattern.compile("[a-z][a-z0-9_]{0,62}");

  private final String code;
  private final Kind kind;
  private final @Nullable Duration retryAfter;

  /** What Behalf does with the job. */
  enum Kind {
    REFUSED,
    FAILED,
    BUSY
  }

  private EngineProblem(String code, String detail, Kind kind, @Nullable Duration retryAfter) {
    super(detail.substring(0, Math.min(detail.length(), MAX_DETAIL)));
    if (!CODE.matcher(code).matches()) {
      throw new IllegalArgumentException("A code has the form [a-z][a-z0-9_]{0,62}: " + code);
    }
    this.code = code;
    this.kind = kind;
    this.retryAfter = retryAfter;
  }

  /**
   * The input cannot be worked on: the job fails.
   *
   * @param code a word of this engine's own, such as {@code audio_unreadable}
   * @param detail a sentence for the owner of the job
   */
  public static EngineProblem refused(String code, String detail) {
    return new EngineProblem(code, detail, Kind.REFUSED, null);
  }

  /** The attempt failed: Behalf repeats it, up to the attempts of the operation. */
  public static EngineProblem failed(String code, String detail) {
    return new EngineProblem(code, detail, Kind.FAILED, null);
  }

  /**
   * The engine has no room: the job waits, and the call was no attempt. After something was said,
   * it is a failed attempt.
   *
   * @param retryAfter the pause before the next call, at most a minute
   */
  public static EngineProblem busy(Duration retryAfter) {
    return new EngineProblem("busy", "The engine is busy.", Kind.BUSY, retryAfter);
  }

  public String code() {
    return code;
  }

  public String detail() {
    return String.valueOf(getMessage());
  }

  Kind kind() {
    return kind;
  }

  Optional<Duration> retryAfter() {
    return Optional.ofNullable(retryAfter);
  }
}
