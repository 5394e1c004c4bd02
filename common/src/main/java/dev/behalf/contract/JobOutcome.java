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

  /** Trying again would not help. */
  public record Failed(String code, String detail) implements Verdict {}

  /**
   * May pass: to be tried again.
   *
   * @param retryAfterSeconds what compute-server asked for, if it did
   */
  public record Deferred(String code, String detail, @Nullable Integer retryAfterSeconds)
      implements Verdict {}

  public static JobOutcome of(JobMessage job, Verdict verdict, List<Hop> hops) {
    return new JobOutcome(
        VERSION, job.jobId(), job.userId(), job.environment(), job.attempt(), verdict, hops);
  }
}
