package dev.behalf.web.work.jobs;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.behalf.contract.Environment;
import dev.behalf.contract.JobState;
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

/** Answers why a job is not running yet, from the rows that the dispatcher goes by. */
@Component
public class WaitReasons {

  /** Beyond that many the exact number helps nobody. */
  private static final int COUNT_TO = 10_000;

  private final JdbcClient database;
  private final JobsSettings settings;
  private final InstantSource clock;

  WaitReasons(JdbcClient database, JobsSettings settings, InstantSource clock) {
    this.database = database;
    this.settings = settings;
    this.clock = clock;
  }

  /** The one thing that holds it, the most lasting first. */
  public enum Reason implements WireName {
    /** An operator has stopped the queue, or this user's jobs. */
    PAUSED_BY_OPERATOR,
    /** The user has. */
    PAUSED,
    /** It would be refused: the units of the month are used up. */
    QUOTA,
    /** Its time has not come. */
    NOT_BEFORE,
    /** The compute server did not answer the last time. */
    COMPUTE_DOWN,
    /** As many of the user's jobs as may are being worked on. */
    CAP,
    /** Jobs of the same user, and of others in turn, are before it. */
    TURN
  }

  /**
   * Why it waits.
   *
   * @param ahead jobs of the same user that go before it, counted up to 10,000
   * @param until when that ends, where that is known
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Wait(Reason reason, long ahead, @Nullable Instant until) {}

  /** Nothing for a job that a worker has, or that has ended. */
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
              select paused_by = 'operator' as by_operator, paused_by = 'user' as by_user, false as used_up
              from jobs.pauses where environment = :environment and (user_id is null or user_id = :user)
              union all
              select false, false, used >= limit_units from compute.quota
              where user_id = :user and environment = :environment and period = :period
            ) held
            """)
        .param("environment", environment.wire())
        .param("user", userId)
        .param("period", clock.instant().toString().substring(0, "2026-11".length()))
        .query((row, index) -> Optional.ofNullable(row.getString(1)))
        .single()
        .map(Reason::valueOf);
  }

  private Reason turn(UUID userId, Job job) {
    var full =
        database
            .sql(
                """
                select (select count(*) from jobs.jobs
                        where environment = :environment and pool = :pool and user_id = :user and state = 'dispatched')
                    >= coalesce((select cap from jobs.lanes
                                 where user_id = :user and environment = :environment and pool = :pool), :cap)
                """)
            .param("environment", job.environment().wire())
            .param("user", userId)
            .param("pool", job.payload().pool().wire())
            .param("cap", settings.perUser())
            .query(Boolean.class)
            .single();
    return full ? Reason.CAP : Reason.TURN;
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
        .param("pool", job.payload().pool().wire())
        .param("priority", job.priority().rank())
        .param("not_before", Timestamps.of(job.dueAt()))
        .param("id", job.id())
        .param("limit", COUNT_TO)
        .query(Long.class)
        .single();
  }
}
