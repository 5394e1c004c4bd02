package dev.behalf.contract;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What became of one attempt. The result itself is in the database, saved by compute-server. */
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
    @JsonSubTypes.Type(value = Succeeded.class, name = "succeeded"),
    @JsonSubTypes.Type(value = Failed.class, name = "failed"),
    @JsonSubTypes.Type(value = Deferred.class, name = "deferred")
  })
  public sealed interface Verdict {}

  /** Result and charge are stored. */
  public record Succeeded(long units, String keyId, boolean replayed) implements Verdict {}

  /** Characters of a code and of a detail: what another server has said is cut off there. */
  private static final int MAX_CODE = 64;

  private static final int MAX_DETAIL = 1_000;

  /** Trying again would not help. */
  public record Failed(String code, String detail) implements Verdict {
    public Failed {
      code = bounded(code, MAX_CODE);
      detail = bounded(detail, MAX_DETAIL);
    }
  }

  /**
   * May pass: to be tried again.
   *
   * @param retryAfterSeconds what compute-server asked for, if it did
   */
  public record Deferred(String code, String detail, @Nullable Integer retryAfterSeconds)
      implements Verdict {
    public Deferred {
      code = bounded(code, MAX_CODE);
      detail = bounded(detail, MAX_DETAIL);
    }
  }

  /** No longer than that, and nothing in it that a database could not hold. */
  private static String bounded(String text, int most) {
    // A property that is absent is null here, whatever its type says.
    return text == null
        ? text
        : StorableText.cleaned(
            text.substring(
                0,
                text.offsetByCodePoints(0, Math.min(most, text.codePointCount(0, text.length())))));
  }

  /** About how much it takes as JSON: a detail, and some stations. */
  public int bytes() {
    return switch (verdict) {
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
