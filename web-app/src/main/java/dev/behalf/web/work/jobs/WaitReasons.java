package dev.behalf.web.work.jobs;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.behalf.contract.Environment;
import dev.behalf.contract.JobState;
import dev.behalf.contract.Period;
import dev.behalf.contract.Pool;
import dev.behalf.contract.ProblemCode;
import dev.behalf.contract.WireName;
import dev.behalf.server.sql.Timestamps;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Finds out why a job is not running yet, from the same rows that the dispatcher uses. */
@Component
public class WaitReasons {

  /** Most jobs to count; above this, the exact number helps nobody. */
  private static final int COUNT_TO = 10_000;

  private final JdbcClient database;
  private final JobsSettings settings;
  private final EnginePlaces engines;
  private final InstantSource clock;

  WaitReasons(
      JdbcClient database, JobsSettings settings, EnginePlaces engines, InstantSource clock) {
    this.database = database;
    this.settings = settings;
    this.engines = engines;
    this.clock = clock;
  }

  /**
   * Why a job waits. The reasons are ordered from the longest-lasting; the first that applies
   * counts.
   */
  public enum Reason implements WireName {
    /** An operator has paused the queue or this user's jobs. */
    PAUSED_BY_OPERATOR,
    /** The user has paused their own jobs. */
    PAUSED,
    /** The job would be refused, because the units of the month are used up or held. */
    QUOTA,
    /** The job is not due yet. */
    NOT_BEFORE,
    /** The compute server did not answer in the last attempt. */
    COMPUTE_DOWN,
    /** The engine of the operation cannot be reached at present. */
    ENGINE,
    /** The user has the maximum number of jobs in flight. */
    CAP,
    /** The operation has the maximum number of jobs in flight, of all users. */
    PLACES,
    /** Earlier jobs of the same user, or other users' jobs in the fair queue, go first. */
    TURN
  }

  /**
   * The reason why a job waits, and how long.
   *
   * @param ahead number of jobs of the same user that go first, counted up to 10,000
   * @param until end of the wait, if known
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Wait(Reason reason, long ahead, @Nullable Instant until) {}

  /** Returns why a job waits, or empty if the job is dispatched or has ended. */
  public Optional<Wait> why(UUID userId, Job job) {
    if (job.state() != JobState.QUEUED) {
      return Optional.empty();
    }
    var later = job.dueAt().isAfter(clock.instant()) ? job.dueAt() : null;
    var held = held(userId, job.environment());
    return Optional.of(
        new Wait(
            held.orElseGet(() -> later == null ? turn(userId, job) : retryOrLater(job)),
            ahead(userId, job),
            held.isPresent() ? null : later));
  }

  private static Reason retryOrLater(Job job) {
    if (ProblemCode.ENGINE_UNAVAILABLE.wire().equals(job.code())) {
      return Reason.ENGINE;
    }
    return ProblemCode.UNAVAILABLE.wire().equals(job.code())
        ? Reason.COMPUTE_DOWN
        : Reason.NOT_BEFORE;
  }

  private Optional<Reason> held(UUID userId, Environment environment) {
    return database
        .sql(
            """
            select case when bool_or(by_operator) then 'PAUSED_BY_OPERATOR' when bool_or(by_user) then 'PAUSED'
                        when bool_or(used_up) then 'QUOTA' end
            from (
              select paused_by <> 'user' as by_operator, paused_by = 'user' as by_user, false as used_up
              from jobs.pauses where environment = :environment and (user_id is null or user_id = :user)
              union all
              select false, false, used + held >= limit_units from compute.quota
              where user_id = :user and environment = :environment and period = :period
            ) held
            """)
        .param("environment", environment.wire())
        .param("user", userId)
        .param("period", Period.at(clock.instant()).name())
        .query((row, index) -> Optional.ofNullable(row.getString(1)))
        .single()
        .map(Reason::valueOf);
  }

  private Reason turn(UUID userId, Job job) {
    if (!job.pool().isOfOperation()) {
      return isFull(userId, job, settings.perUser(), Integer.MAX_VALUE) ? Reason.CAP : Reason.TURN;
    }
    var places = engines.of(job.pool());
    if (places.health() != EnginePlaces.Health.SOUND) {
      return Reason.ENGINE;
    }
    if (isFull(userId, job, places.perUser(), places.perUser())) {
      return Reason.CAP;
    }
    return inFlight(job.pool()) >= places.atOnce() ? Reason.PLACES : Reason.TURN;
  }

  private long inFlight(Pool pool) {
    return database
        .sql(
            """
            select (select count(*) from jobs.jobs where environment in ('live', 'test') and pool = :pool
                      and state = 'dispatched')
                 + (select count(*) from jobs.jobs where environment in ('live', 'test') and pool = :pool
                      and state = 'running')
            """)
        .param("pool", pool.name())
        .query(Long.class)
        .single();
  }

  /** Returns whether the user has as many jobs in flight in the job's pool as they may have. */
  private boolean isFull(UUID userId, Job job, int cap, int most) {
    return database
        .sql(
            """
                select (select count(*) from jobs.jobs
                        where environment = :environment and pool = :pool and user_id = :user and state = 'dispatched')
                    + (select count(*) from jobs.jobs
                       where environment = :environment and pool = :pool and user_id = :user and state = 'running')
                    >= least(coalesce((select cap from jobs.lanes where user_id = :user and environment = :environment
                                         and pool = 'quick'), :cap), :most)
                """)
        .param("environment", job.environment().wire())
        .param("user", userId)
        .param("pool", job.pool().name())
        .param("cap", cap)
        .param("most", most)
        .query(Boolean.class)
        .single();
  }

  private long ahead(UUID userId, Job job) {
    return database
        .sql(
            """
            select count(*) from (
              select from jobs.jobs
              where environment = :environment and pool = :pool and user_id = :user and state = 'queued'
                and (priority, not_before, id) < (:priority, :not_before, :id) limit :limit) before
            """)
        .param("environment", job.environment().wire())
        .param("user", userId)
        .param("pool", job.pool().name())
        .param("priority", job.priority().rank())
        .param("not_before", Timestamps.of(job.dueAt()))
        .param("id", job.id())
        .param("limit", COUNT_TO)
        .query(Long.class)
        .single();
  }
}
