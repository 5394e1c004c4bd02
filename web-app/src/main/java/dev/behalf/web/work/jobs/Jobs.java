package dev.behalf.web.work.jobs;

import dev.behalf.contract.Environment;
import dev.behalf.contract.Hop;
import dev.behalf.contract.JobPayload;
import dev.behalf.contract.JobState;
import dev.behalf.contract.Pool;
import dev.behalf.contract.StrictJson;
import dev.behalf.operation.Engine;
import dev.behalf.server.operations.OperationCatalogue;
import dev.behalf.server.sql.Timestamps;
import dev.behalf.web.identity.keylookup.JobsInFlight;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Reads the jobs of one user per query. {@link Submissions} stores jobs. */
@Component
public class Jobs implements JobsInFlight {

  static final String COLUMNS =
      """
      j.id, j.environment, j.payload, j.operation_version, j.pool, j.state, j.priority, j.asked_not_before, j.not_before, j.attempt, j.units, j.code, j.detail, j.hops,
      j.created_at, j.finished_at, j.cancel_asked_at, j.retry_of, j.origin_key_id, j.tags, j.metadata""";

  /** With one look-up of a result for each job: a join may read all results of the user. */
  private static final String OF_USER =
      """
      select %s, r.result, octet_length(j.payload) + coalesce(octet_length(r.result), 0) as bytes
      from jobs.jobs j
      left join lateral (
        select result from compute.results
        where user_id = j.user_id and job_id = j.id and environment = j.environment and j.state = 'succeeded'
        offset 0
      ) r on true
      where j.user_id = :user
      """
          .formatted(COLUMNS);

  /**
   * Selects a page of jobs, cut off where its payloads and results exceed {@link #PAGE_BYTES}, the
   * most to hold in memory at once; the first row is always included.
   */
  private static final String PAGE =
      """
      select * from (
        select found.*, count(*) over () as fetched,
               sum(bytes) over (order by id ${order} rows unbounded preceding) - bytes as bytes_before
        from (%s order by j.id ${order} limit :limit) found
      ) page
      where bytes_before < :bytes order by id ${order}
      """;

  private static final int PAGE_BYTES = 4 * 1024 * 1024;

  private final JdbcClient database;
  private final JobsSettings settings;
  private final OperationCatalogue operations;
  private final InstantSource clock;

  Jobs(
      JdbcClient database,
      JobsSettings settings,
      OperationCatalogue operations,
      InstantSource clock) {
    this.database = database;
    this.settings = settings;
    this.operations = operations;
    this.clock = clock;
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
   * A page of a list.
   *
   * @param next value of {@code before} for the next page; null on the last page
   */
  public record Page(List<Job> jobs, @Nullable UUID next) {}

  /**
   * Returns a page of jobs in the order of the query: at most {@code limit}, fewer if they are
   * large.
   *
   * @param environment the only environment to list; null for both
   * @param before id of the last job on the previous page; null for the first page
   */
  public Page list(
      UUID userId,
      @Nullable Environment environment,
      JobQuery query,
      @Nullable UUID before,
      int limit) {
    var fetched = new AtomicInteger();
    var order = query.isOldestFirst() ? "asc" : "desc";
    var jobs =
        matching(PAGE.replace("${order}", order), OF_USER, userId, environment, query, before)
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

  /** Returns only the ids of jobs, the newest first whatever the order of the query. */
  public List<UUID> ids(
      UUID userId, Environment environment, JobQuery query, UUID before, int limit) {
    return matching(
            "%s order by j.id desc limit :limit",
            "select j.id from jobs.jobs j where j.user_id = :user",
            userId,
            environment,
            query.newestFirst(),
            before)
        .param("limit", limit)
        .query((row, index) -> row.getObject("id", UUID.class))
        .list();
  }

  /** Counts the matching jobs, but stops at {@code most} + 1. */
  public int count(UUID userId, Environment environment, JobQuery query, int most) {
    return matching(
            "select count(*) from (%s limit :most) found",
            "select from jobs.jobs j where j.user_id = :user", userId, environment, query, null)
        .param("most", most + 1)
        .query(Integer.class)
        .single();
  }

  /** Returns the statement with the select and its conditions filled in. */
  private JdbcClient.StatementSpec matching(
      String statementText,
      String select,
      UUID userId,
      @Nullable Environment environment,
      JobQuery query,
      @Nullable UUID before) {
    // A literal, so that the planner can use the partial index of test jobs.
    var of = environment == null ? "" : " and j.environment = '" + environment.wire() + "'";
    var older =
        before == null ? "" : " and j.id " + (query.isOldestFirst() ? ">" : "<") + " :before";
    var statement =
        database
            .sql(statementText.formatted(select + of + query.sql(environment) + older))
            .param("user", userId)
            .params(query.parameters());
    return before == null ? statement : statement.param("before", before);
  }

  /** Records when the owner first saw how the job ended. */
  public void shown(UUID userId, UUID id) {
    database
        .sql(
            """
            update jobs.jobs set hops = hops || :hop::jsonb
            where user_id = :user and id = :id and finished_at is not null
              and not hops @> '[{"station": "shown"}]'
            """)
        .param("hop", StrictJson.text(List.of(new Hop(Hop.Station.SHOWN, clock.instant()))))
        .param("user", userId)
        .param("id", id)
        .update();
  }

  /**
   * Returns a job that a worker may hold now: the job is dispatched or running, or it is queued and
   * due, because a worker can be faster than the commit that marks the job dispatched.
   */
  @Override
  public Optional<InFlight> find(UUID userId, UUID id, Environment environment) {
    return database
        .sql(
            """
            select operation, operation_version from jobs.jobs
            where user_id = :user and id = :id and environment = :environment
              and (state in ('dispatched', 'running') or (state = 'queued' and not_before <= now()))
            """)
        .param("user", userId)
        .param("id", id)
        .param("environment", environment.wire())
        .query(
            (row, index) -> inFlight(row.getString("operation"), row.getInt("operation_version")))
        .optional();
  }

  private InFlight inFlight(String operation, int version) {
    var audience =
        operations
            .version(operation, version)
            .map(known -> known.definition().engine())
            .map(engine -> engine instanceof Engine.Http http ? http.audience() : null)
            .orElse(null);
    return new InFlight(operation + "@" + version, audience);
  }

  /** Returns the number of attempts after which a job fails. */
  int maxAttempts(Job job) {
    return operations
        .version(job.payload().operation(), job.version())
        .map(known -> Math.min(settings.maxAttempts(), known.definition().limits().attempts()))
        .orElse(settings.maxAttempts());
  }

  static Job job(ResultSet row, int index) throws SQLException {
    return new Job(
        row.getObject("id", UUID.class),
        Environment.of(row.getString("environment")),
        JobPayload.parse(row.getString("payload")),
        row.getInt("operation_version"),
        new Pool(row.getString("pool")),
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
        Timestamps.instantOrNull(row, "cancel_asked_at"),
        row.getObject("retry_of", UUID.class),
        row.getString("origin_key_id"),
        Annotations.read(row),
        row.getString("result"));
  }
}
