package dev.behalf.contract;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The outcome of one attempt. The result itself is in the database, saved by compute-server. */
public record JobOutcome(
    int v,
    UUID jobId,
    UUID userId,
    Environment environment,
    int attempt,
    Verdict verdict,
    List<Hop> hops) {

  public static final int VERSION = 1;
  public static final String EXCHANGE = "behalf.outcomes";
  public static final String QUEUE = "job-outcomes";

  @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
  @JsonSubTypes({
    @JsonSubTypes.Type(value = Started.class, name = "started"),
    @JsonSubTypes.Type(value = Succeeded.class, name = "succeeded"),
    @JsonSubTypes.Type(value = Failed.class, name = "failed"),
    @JsonSubTypes.Type(value = Deferred.class, name = "deferred")
  })
  public sealed interface Verdict {}

  /** A run of the job is open: its end is the end of the job, and no worker reports it. */
  public record Started() implements Verdict {}

  /** The result and the charge are stored. */
  public record Succeeded(long units, String keyId, boolean replayed) implements Verdict {}

  /**
   * The maximum length of a code in characters. Longer texts from other servers are cut off; {@link
   * #MAX_DETAIL} limits details.
   */
  private static final int MAX_CODE = 64;

  private static final int MAX_DETAIL = 1_000;

  /** A permanent failure: a retry would not help. */
  public record Failed(String code, String detail) implements Verdict {
    public Failed {
      code = bounded(code, MAX_CODE);
      detail = bounded(detail, MAX_DETAIL);
    }
  }

  /**
   * A transient failure: the job is to be retried.
   *
   * @param retryAfterSeconds the pause that compute-server asked for, in seconds; null if none
   */
  public record Deferred(String code, String detail, @Nullable Integer retryAfterSeconds)
      implements Verdict {
    public Deferred {
      code = bounded(code, MAX_CODE);
      detail = bounded(detail, MAX_DETAIL);
    }
  }

  /**
   * Truncates the text to {@code most} characters, and replaces those that a database cannot store.
   */
  private static String bounded(String text, int most) {
    // Jackson reads a missing property as null, even if its type is not nullable.
    return text == null
        ? text
        : StorableText.cleaned(
            text.substring(
                0,
                text.offsetByCodePoints(0, Math.min(most, text.codePointCount(0, text.length())))));
  }

  /** Returns the approximate size as JSON, in bytes: the detail, and the hops. */
  public int bytes() {
    return switch (verdict) {
      case Started started -> 1_000;
      case Succeeded succeeded -> 1_000;
      case Failed failed -> 1_000 + 6 * failed.detail().length();
      case Deferred deferred -> 1_000 + 6 * deferred.detail().length();
    };
  }

  public static JobOutcome of(JobMessage job, Verdict verdict, List<Hop> hops) {
    return new JobOutcome(
        VERSION, job.jobId(), job.userId(), job.environment(), job.attempt(), verdict, hops);
  }
}
