package dev.behalf.web.work.jobs;

import dev.behalf.contract.Environment;
import dev.behalf.contract.Hop;
import dev.behalf.contract.JobPayload;
import dev.behalf.contract.JobState;
import dev.behalf.contract.ProblemCode;
import dev.behalf.contract.RawJson;
import dev.behalf.contract.StrictJson;
import dev.behalf.server.problem.Problem;
import dev.behalf.server.sql.Timestamps;
import dev.behalf.web.identity.keylookup.JobsInFlight;
import dev.behalf.web.site.UuidV7;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/** A user's jobs. Every question and every answer is about one user. */
@Component
public class Jobs implements JobsInFlight {

  /**
   * Channel: there is work for the dispatchers of other replicas. A submit says nothing there: its
   * own replica is awake, the others look twice a second, and PostgreSQL lets only one transaction
   * at a time commit that has something to say.
   */
  public static final String QUEUED = "behalf_jobs_queued";

  private static final String COLUMNS =
      """
      j.id, j.environment, j.payload, j.state, j.priority, j.asked_not_before, j.not_before, j.attempt, j.units, j.code, j.detail, j.hops,
      j.created_at, j.finished_at, j.retry_of, j.origin_key_id""";

  private static final String INSERT =
      """
      insert into jobs.jobs as j
        (user_id, id, environment, pool, operation, payload, state, priority, asked_not_before, not_before, hops,
         traceparent, idempotency_key, fingerprint, origin_key_id, retry_of, created_at)
      values (:user, :id, :environment, :pool, :operation, :payload, 'queued', :priority,
              :not_before, greatest(:not_before::timestamptz, now()), :hops::jsonb,
              :traceparent, :key, :fingerprint, :origin_key, :retry_of, now())
      on conflict (user_id, idempotency_key) where idempotency_key is not null do nothing
      returning %s, null as result
      """
          .formatted(COLUMNS);

  private static final String OF_USER =
      """
      select %s, r.result, octet_length(j.payload) + coalesce(octet_length(r.result), 0) as bytes
      from jobs.jobs j
      left join compute.results r on r.user_id = j.user_id and r.job_id = j.id and r.environment = j.environment
        and j.state = 'succeeded'
      where j.user_id = :user
      """
          .formatted(COLUMNS);

  /**
   * A page of them as {@code found}, cut off where its texts and results are more than is to be
   * held at once; its first row is always there.
   */
  private static final String PAGE =
      """
      select * from (
        select found.*, count(*) over () as fetched,
               sum(bytes) over (order by id desc rows unbounded preceding) - bytes as bytes_before
        from (%s order by j.id desc limit :limit) found
      ) page
      where bytes_before < :bytes order by id desc
      """;

  private static final int PAGE_BYTES = 4 * 1024 * 1024;

  private final JdbcClient database;
  private final TransactionTemplate transaction;
  private final TraceParent traces;
  private final JobsSettings settings;
  private final ApplicationEventPublisher events;
  private final InstantSource clock;

  Jobs(
      JdbcClient database,
      TransactionTemplate transaction,
      TraceParent traces,
      JobsSettings settings,
      ApplicationEventPublisher events,
      InstantSource clock) {
    this.database = database;
    this.transaction = transaction;
    this.traces = traces;
    this.settings = settings;
    this.events = events;
    this.clock = clock;
  }

  /**
   * A job that is stored. {@code replayed}: it was there before, under the same idempotency key.
   */
  public record Accepted(Job job, boolean replayed) {}

  /**
   * Stores a job and its place in the queue in one commit: from then on it is not lost.
   *
   * @throws Problem where the payload has a fault, or the key was used for another payload
   */
  public Accepted submit(UUID userId, Submission submission) {
    var now = clock.instant();
    submission.check(now);
    var id = UuidV7.at(now);
    var accepted =
        Objects.requireNonNull(
            transaction.execute(
                status ->
                    insert(userId, id, submission, now)
                        .map(job -> new Accepted(job, false))
                        .orElseGet(() -> new Accepted(first(userId, submission), true))));
    if (!accepted.replayed()) {
      events.publishEvent(
          new JobEvent.Submitted(
              userId,
              id,
              submission.environment(),
              Objects.requireNonNull(submission.payload().operation())));
    }
    return accepted;
  }

  /**
   * A job of a batch.
   *
   * @param line where it stands in its file
   * @param json the payload as it is stored
   */
  public record Numbered(int line, JobPayload payload, RawJson json) {
    public static Numbered of(int line, JobPayload payload) {
      return new Numbered(line, payload, RawJson.of(payload));
    }
  }

  /** Stores many, whose payloads have no fault, inside the caller's transaction. */
  public void submitAll(
      UUID userId, Environment environment, UUID batchId, List<Numbered> numbered) {
    var now = clock.instant();
    database
        .sql(
            """
            insert into jobs.jobs (user_id, id, environment, pool, operation, payload, state, not_before, hops,
                                   traceparent, fingerprint, created_at, batch_id, batch_line)
            select :user, id, :environment, pool, operation, payload, 'queued', now(), :hops::jsonb,
                   :traceparent, fingerprint, now(), :batch, line
            from unnest(:ids::uuid[], :pools::text[], :operations::text[], :payloads::text[], :fingerprints::bytea[], :lines::integer[])
              as n (id, pool, operation, payload, fingerprint, line)
            """)
        .param("user", userId)
        .param("environment", environment.wire())
        .param("hops", text(List.of(new Hop(Hop.Station.SUBMITTED, now))))
        .param("traceparent", traces.current())
        .param("batch", batchId)
        .param("ids", numbered.stream().map(one -> UuidV7.at(now)).toArray(UUID[]::new))
        .param("pools", numbered.stream().map(n -> pool(n.payload())).toArray(String[]::new))
        .param(
            "operations",
            numbered.stream().map(n -> n.payload().operation()).toArray(String[]::new))
        .param("payloads", numbered.stream().map(n -> n.json().text()).toArray(String[]::new))
        .param(
            "fingerprints",
            numbered.stream()
                .map(n -> Submission.now(environment, n.payload(), null, null).fingerprint())
                .toArray(byte[][]::new))
        .param("lines", numbered.stream().mapToInt(Numbered::line).toArray())
        .update();
  }

  /** After the commit: there is work. */
  public void queued(Environment environment, int count) {
    events.publishEvent(new JobEvent.BatchSubmitted(environment, count));
  }

  public Optional<Job> find(UUID userId, UUID id) {
    return database
        .sql(OF_USER + " and j.id = :id")
        .param("user", userId)
        .param("id", id)
        .query(Jobs::job)
        .optional();
  }

  /**
   * Some of a list.
   *
   * @param next the {@code before} of the page after it, where there is more
   */
  public record Page(List<Job> jobs, @Nullable UUID next) {}

  /**
   * The newest first: as many as asked for, or fewer where they are large.
   *
   * @param environment only of this one, if given
   * @param before the id of the last one on the page before
   */
  public Page list(
      UUID userId,
      @Nullable Environment environment,
      JobQuery query,
      @Nullable UUID before,
      int limit) {
    var fetched = new AtomicInteger();
    var jobs =
        matching(PAGE, OF_USER, userId, environment, query, before)
            .param("limit", limit)
            .param("bytes", PAGE_BYTES)
            .query(
                (row, index) -> {
                  fetched.set(row.getInt("fetched"));
                  return job(row, index);
                })
            .list();
    var isMore = fetched.get() == limit || jobs.size() < fetched.get();
    return new Page(jobs, isMore ? jobs.getLast().id() : null);
  }

  /** The ids alone, the newest first. */
  public List<UUID> ids(
      UUID userId, Environment environment, JobQuery query, UUID before, int limit) {
    return matching(
            "%s order by j.id desc limit :limit",
            "select j.id from jobs.jobs j where j.user_id = :user",
            userId,
            environment,
            query,
            before)
        .param("limit", limit)
        .query((row, index) -> row.getObject("id", UUID.class))
        .list();
  }

  /** How many there are; above {@code most} it does not go on counting. */
  public int count(UUID userId, Environment environment, JobQuery query, int most) {
    return matching(
            "select count(*) from (%s limit :most) found",
            "select from jobs.jobs j where j.user_id = :user", userId, environment, query, null)
        .param("most", most + 1)
        .query(Integer.class)
        .single();
  }

  /** The statement with the select, and what must fit, in its place. */
  private JdbcClient.StatementSpec matching(
      String statementText,
      String select,
      UUID userId,
      @Nullable Environment environment,
      JobQuery query,
      @Nullable UUID before) {
    // Said in the text and not as a parameter: the index of test jobs is seen to fit.
    var of = environment == null ? "" : " and j.environment = '" + environment.wire() + "'";
    var older = before == null ? "" : " and j.id < :before";
    var statement =
        database
            .sql(statementText.formatted(select + of + query.sql() + older))
            .param("user", userId)
            .params(query.parameters());
    return before == null ? statement : statement.param("before", before);
  }

  /** Notes when its owner has first seen how it ended. */
  public void shown(UUID userId, UUID id) {
    database
        .sql(
            """
            update jobs.jobs set hops = hops || :hop::jsonb
            where user_id = :user and id = :id and finished_at is not null
              and not hops @> '[{"station": "shown"}]'
            """)
        .param("hop", text(List.of(new Hop(Hop.Station.SHOWN, clock.instant()))))
        .param("user", userId)
        .param("id", id)
        .update();
  }

  /**
   * Whether a worker may hold this job now: it is dispatched, or due, since a worker can be quicker
   * than the commit that says "dispatched".
   */
  @Override
  public boolean isInFlight(UUID userId, UUID id, Environment environment) {
    return database
        .sql(
            """
            select 1 from jobs.jobs where user_id = :user and id = :id and environment = :environment
              and (state = 'dispatched' or (state = 'queued' and not_before <= now()))
            """)
        .param("user", userId)
        .param("id", id)
        .param("environment", environment.wire())
        .query((row, index) -> true)
        .optional()
        .isPresent();
  }

  /** So often a job is tried that could not be computed. */
  public int maxAttempts() {
    return settings.maxAttempts();
  }

  /** Nothing, where the idempotency key was used before. */
  private Optional<Job> insert(UUID userId, UUID id, Submission submission, Instant now) {
    var notBefore = submission.notBefore();
    return database
        .sql(INSERT)
        .param("user", userId)
        .param("id", id)
        .param("environment", submission.environment().wire())
        .param("pool", pool(submission.payload()))
        .param("operation", submission.payload().operation())
        .param("payload", text(submission.payload()))
        .param("priority", submission.priority().rank())
        .param("not_before", notBefore == null ? null : Timestamps.of(notBefore))
        .param("hops", text(List.of(new Hop(Hop.Station.SUBMITTED, now))))
        .param("traceparent", traces.current())
        .param("key", submission.idempotencyKey())
        .param("fingerprint", submission.fingerprint())
        .param("origin_key", submission.originKeyId())
        .param("retry_of", submission.retryOf())
        .query(Jobs::job)
        .optional();
  }

  private static String pool(JobPayload payload) {
    return payload.pool().wire();
  }

  /** The job that was stored under the same idempotency key. */
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
            .single();
    if (!Arrays.equals(first.fingerprint(), submission.fingerprint())) {
      throw new Problem(
          ProblemCode.IDEMPOTENCY_KEY_REUSED,
          "Use a new key for another job; nothing was queued by this request.");
    }
    return find(userId, first.id()).orElseThrow(Problem::notFound);
  }

  private static Job job(ResultSet row, int index) throws SQLException {
    return new Job(
        row.getObject("id", UUID.class),
        Environment.of(row.getString("environment")),
        StrictJson.MAPPER.readValue(row.getString("payload"), JobPayload.class),
        JobState.of(row.getString("state")),
        Priority.ofRank(row.getInt("priority")),
        Timestamps.instantOrNull(row, "asked_not_before"),
        Timestamps.instant(row, "not_before"),
        row.getInt("attempt"),
        row.getObject("units", Long.class),
        row.getString("code"),
        row.getString("detail"),
        List.of(StrictJson.MAPPER.readValue(row.getString("hops"), Hop[].class)),
        Timestamps.instant(row, "created_at"),
        Timestamps.instantOrNull(row, "finished_at"),
        row.getObject("retry_of", UUID.class),
        row.getString("origin_key_id"),
        row.getString("result"));
  }

  private static String text(Object value) {
    return StrictJson.text(value);
  }
}
