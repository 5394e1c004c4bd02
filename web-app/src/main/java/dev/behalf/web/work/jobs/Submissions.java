package dev.behalf.web.work.jobs;

import dev.behalf.contract.Environment;
import dev.behalf.contract.Hop;
import dev.behalf.contract.JobPayload;
import dev.behalf.contract.ProblemCode;
import dev.behalf.contract.RawJson;
import dev.behalf.contract.StrictJson;
import dev.behalf.server.operations.Operation;
import dev.behalf.server.problem.Problem;
import dev.behalf.web.site.UuidV7;
import dev.behalf.web.work.operations.Operations;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Accepts new jobs, one at a time or as the lines of a batch. */
@Component
public class Submissions {

  /**
   * Channel that wakes the dispatchers of all replicas. A submit sends nothing on it: it wakes its
   * own replica directly, the others poll twice a second, and PostgreSQL commits only one
   * transaction with a notification at a time.
   */
  public static final String QUEUED = "behalf_jobs_queued";

  private final JdbcClient database;
  private final SubmissionRows rows;
  private final Operations operations;
  private final Jobs jobs;
  private final TraceParent traces;
  private final ApplicationEventPublisher events;
  private final InstantSource clock;

  Submissions(
      JdbcClient database,
      SubmissionRows rows,
      Operations operations,
      Jobs jobs,
      TraceParent traces,
      ApplicationEventPublisher events,
      InstantSource clock) {
    this.database = database;
    this.rows = rows;
    this.operations = operations;
    this.jobs = jobs;
    this.traces = traces;
    this.events = events;
    this.clock = clock;
  }

  /** A stored job; {@code replayed} if the same idempotency key had stored it before. */
  public record Accepted(Job job, boolean replayed) {}

  /**
   * Stores a job and its place in the queue in one commit; from then on the job is never lost.
   *
   * @throws Problem if the payload is invalid, or the key was used for another payload
   */
  public Accepted submit(UUID userId, Submission submission) {
    var now = clock.instant();
    submission.checkTime(now);
    var operation = operations.check(userId, submission.payload());
    var row =
        new SubmissionRows.Row(
            userId,
            UuidV7.at(now),
            submission,
            operation,
            RawJson.of(submission.payload()).text(),
            submission.fingerprint(),
            List.of(new Hop(Hop.Station.SUBMITTED, now)),
            traces.current());
    var accepted =
        rows.store(row)
            // Stored already, if the answer to its first commit was lost.
            .or(() -> jobs.find(userId, row.id()))
            .map(job -> new Accepted(job, false))
            .orElseGet(() -> new Accepted(first(userId, submission), true));
    if (!accepted.replayed()) {
      events.publishEvent(
          new JobEvent.Submitted(userId, row.id(), submission.environment(), operation.name()));
    }
    return accepted;
  }

  /**
   * A job of a batch.
   *
   * @param number number of its line in the file
   * @param json payload as it is stored
   */
  public record Line(int number, Operation operation, JobPayload payload, RawJson json) {
    public static Line of(int number, Operation operation, JobPayload payload) {
      return new Line(number, operation, payload, RawJson.of(payload));
    }
  }

  /**
   * What the jobs of a batch have in common.
   *
   * @param originKeyId id of the API key that asks; null for another credential
   * @param actor the credential that asks, as the audit log names it
   */
  public record Common(
      UUID userId,
      Environment environment,
      @Nullable String originKeyId,
      String actor,
      Annotations annotations,
      UUID batchId) {}

  /** Stores jobs with valid payloads, inside the caller's transaction. */
  public void storeAll(Common common, List<Line> lines) {
    var now = clock.instant();
    database
        .sql(
            """
            insert into jobs.jobs (user_id, id, environment, pool, operation, operation_version, payload, state, not_before, hops,
                                   traceparent, fingerprint, origin_key_id, actor, tags, metadata, created_at, batch_id, batch_line,
                                   retention_hours)
            select :user, id, :environment, pool, operation, version, payload, 'queued', now(), :hops::jsonb,
                   :traceparent, fingerprint, :origin_key, :actor, :tags::text[], :metadata::jsonb, now(), :batch, line,
                   retention
            from unnest(:ids::uuid[], :pools::text[], :operations::text[], :versions::integer[],
                        :payloads::text[], :fingerprints::bytea[], :lines::integer[], :retentions::integer[])
              as n (id, pool, operation, version, payload, fingerprint, line, retention)
            """)
        .param("user", common.userId())
        .param("environment", common.environment().wire())
        .param("hops", StrictJson.text(List.of(new Hop(Hop.Station.SUBMITTED, now))))
        .param("traceparent", traces.current())
        .param("origin_key", common.originKeyId())
        .param("actor", common.actor())
        .param("tags", common.annotations().tagsColumn())
        .param("metadata", common.annotations().metadataColumn())
        .param("batch", common.batchId())
        .param("ids", lines.stream().map(one -> UuidV7.at(now)).toArray(UUID[]::new))
        .param(
            "pools",
            lines.stream()
                .map(n -> n.operation().definition().pool().name())
                .toArray(String[]::new))
        .param("operations", lines.stream().map(n -> n.operation().name()).toArray(String[]::new))
        .param("versions", lines.stream().mapToInt(n -> n.operation().version()).toArray())
        .param("payloads", lines.stream().map(n -> n.json().text()).toArray(String[]::new))
        .param(
            "fingerprints",
            lines.stream()
                .map(n -> n.payload().fingerprint(common.environment()))
                .toArray(byte[][]::new))
        .param("lines", lines.stream().mapToInt(Line::number).toArray())
        .param(
            "retentions",
            lines.stream()
                .map(n -> n.operation().definition().retentionHours())
                .toArray(Integer[]::new))
        .update();
  }

  /** Reports, after the commit, that jobs of a batch are queued. */
  public void queued(Environment environment, int count) {
    events.publishEvent(new JobEvent.BatchSubmitted(environment, count));
  }

  /** Returns the job that was stored under the same idempotency key. */
  private Job first(UUID userId, Submission submission) {
    record First(UUID id, byte[] fingerprint) {}
    var first =
        database
            .sql(
                "select id, fingerprint from jobs.jobs where user_id = :user and idempotency_key = :key")
            .param("user", userId)
            .param("key", submission.idempotencyKey())
            .query(
                (row, index) ->
                    new First(row.getObject("id", UUID.class), row.getBytes("fingerprint")))
            .optional()
            // Deleted a moment ago, because it was old: a repeated request makes a new job.
            .orElseThrow(Problem::unavailable);
    var job = jobs.find(userId, first.id()).orElseThrow(Problem::notFound);
    if (!Arrays.equals(first.fingerprint(), submission.fingerprint())) {
      throw new Problem(
          ProblemCode.IDEMPOTENCY_KEY_REUSED,
          "The Idempotency-Key belongs to another request: use a new one. Nothing was queued.");
    }
    return job;
  }
}
