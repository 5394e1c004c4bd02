package dev.behalf.web.work.dispatch;

import dev.behalf.contract.Environment;
import dev.behalf.contract.WireName;
import dev.behalf.server.notifications.Notifications;
import dev.behalf.server.sql.Timestamps;
import dev.behalf.web.identity.accounts.AccountAccess;
import dev.behalf.web.work.jobs.ActivePauses;
import dev.behalf.web.work.jobs.Submissions;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.context.event.EventListener;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/**
 * Pauses and resumes whole queues and single users' jobs. Accepted jobs stay queued, and running
 * jobs finish. Only the side that paused can resume.
 */
@Component
public class Pauses implements ActivePauses {

  /** The side that paused. */
  public enum By implements WireName {
    USER,
    OPERATOR,
    /** The account is disabled, no matter by whom. */
    DISABLEMENT
  }

  /** A pause of one user's jobs or, without a user, of the whole queue. */
  public record Pause(Environment environment, @Nullable UUID userId, Instant pausedAt) {}

  private final JdbcClient database;
  private final Notifications notifications;
  private final InstantSource clock;

  Pauses(JdbcClient database, Notifications notifications, InstantSource clock) {
    this.database = database;
    this.notifications = notifications;
    this.clock = clock;
  }

  /** Holds the jobs of an account that is disabled, in the transaction that disables it. */
  @EventListener
  void on(AccountAccess.Disabled event) {
    for (var environment : Environment.values()) {
      pause(environment, event.userId(), By.DISABLEMENT);
    }
  }

  @EventListener
  void on(AccountAccess.Enabled event) {
    for (var environment : Environment.values()) {
      resume(environment, event.userId(), By.DISABLEMENT);
    }
  }

  /** Starts a pause; does nothing if there is one already. */
  public void pause(Environment environment, @Nullable UUID userId, By by) {
    database
        .sql(
            """
            insert into jobs.pauses (environment, user_id, paused_at, paused_by)
            values (:environment, :user, :now, :by) on conflict do nothing
            """)
        .param("environment", environment.wire())
        .param("user", userId)
        .param("now", Timestamps.of(clock.instant()))
        .param("by", by.wire())
        .update();
  }

  /** Ends a pause and returns whether there was one. */
  @Transactional
  public boolean resume(Environment environment, @Nullable UUID userId, By by) {
    // Wakes the dispatchers of all replicas.
    notifications.send(Submissions.QUEUED, "");
    return database
            .sql(
                """
                delete from jobs.pauses
                where environment = :environment and user_id is not distinct from :user and paused_by = :by
                """)
            .param("environment", environment.wire())
            .param("user", userId)
            .param("by", by.wire())
            .update()
        > 0;
  }

  /** Returns the pauses of one side, for one user or, without a user, all of them. */
  public List<Pause> list(By by, @Nullable UUID userId) {
    return database
        .sql(
            """
            select environment, user_id, paused_at from jobs.pauses
            where paused_by = :by and (:user::uuid is null or user_id = :user) order by paused_at
            """)
        .param("by", by.wire())
        .param("user", userId)
        .query(
            (row, index) ->
                new Pause(
                    Environment.of(row.getString("environment")),
                    row.getObject("user_id", UUID.class),
                    Timestamps.instant(row, "paused_at")))
        .list();
  }

  @Override
  public List<ActivePause> of(UUID userId, Environment environment) {
    return database
        .sql(
            """
            select paused_by = 'user' as is_own, min(paused_at) as since from jobs.pauses
            where environment = :environment and (user_id = :user or user_id is null) group by 1 order by 1 desc
            """)
        .param("environment", environment.wire())
        .param("user", userId)
        .query(
            (row, index) ->
                new ActivePause(row.getBoolean("is_own"), Timestamps.instant(row, "since")))
        .list();
  }
}
