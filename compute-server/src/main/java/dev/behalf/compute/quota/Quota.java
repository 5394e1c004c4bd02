package dev.behalf.compute.quota;

import dev.behalf.contract.Environment;
import dev.behalf.contract.ProblemCode;
import dev.behalf.problem.Problem;
import java.time.InstantSource;
import java.util.List;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * A user's units of a month, apart for live and test, however many keys there are. What a job costs
 * is known before it is computed, so nothing is reserved: the charge itself is the check, in one
 * statement.
 */
@Component
public class Quota {

  private final JdbcClient database;
  private final InstantSource clock;

  Quota(JdbcClient database, InstantSource clock) {
    this.database = database;
    this.clock = clock;
  }

  /** The month that a charge made now counts for. */
  public Period period() {
    return Period.at(clock.instant());
  }

  /**
   * Spares the work where it could not be charged.
   *
   * @throws Problem {@code quota_exceeded}
   */
  public void require(UUID userId, Environment environment, long units) {
    var standing = standing(userId, environment, period());
    if (standing.used() + units > standing.limit()) {
      throw exceeded(standing);
    }
  }

  /**
   * Charges, inside the caller's transaction.
   *
   * @throws Problem {@code quota_exceeded}; nothing is charged then
   */
  public void charge(UUID userId, Environment environment, Period period, long units) {
    if (!tryCharge(userId, environment, period, units)) {
      open(userId, environment, period);
      if (!tryCharge(userId, environment, period, units)) {
        throw exceeded(standing(userId, environment, period));
      }
    }
  }

  public List<Standing> standings(UUID userId) {
    return List.of(
        standing(userId, Environment.LIVE, period()), standing(userId, Environment.TEST, period()));
  }

  private boolean tryCharge(UUID userId, Environment environment, Period period, long units) {
    return database
            .sql(
                """
                update compute.quota set used = used + :units
                where user_id = :user and environment = :environment and period = :period
                  and used + :units <= limit_units
                """)
            .param("units", units)
            .param("user", userId)
            .param("environment", environment.wire())
            .param("period", period.name())
            .update()
        == 1;
  }

  /** A new month starts with the limit of the month before, or with the default. */
  private void open(UUID userId, Environment environment, Period period) {
    database
        .sql(
            """
            insert into compute.quota (user_id, environment, period, limit_units, used)
            select :user, d.environment, :period,
                   coalesce((select limit_units from compute.quota
                             where user_id = :user and environment = :environment
                             order by period desc limit 1), d.limit_units), 0
            from compute.quota_defaults d where d.environment = :environment
            on conflict do nothing
            """)
        .param("user", userId)
        .param("environment", environment.wire())
        .param("period", period.name())
        .update();
  }

  private Standing standing(UUID userId, Environment environment, Period period) {
    return database
        .sql(
            """
            select coalesce(q.limit_units, d.limit_units) as limit_units,
                   case when q.period = :period then q.used else 0 end as used
            from compute.quota_defaults d
            left join lateral (select * from compute.quota
                               where user_id = :user and environment = :environment
                               order by period desc limit 1) q on true
            where d.environment = :environment
            """)
        .param("user", userId)
        .param("environment", environment.wire())
        .param("period", period.name())
        .query(
            (row, index) ->
                new Standing(environment, period, row.getLong("limit_units"), row.getLong("used")))
        .single();
  }

  private Problem exceeded(Standing standing) {
    var seconds = standing.period().secondsLeft(clock.instant());
    var name = standing.environment().wire();
    return new Problem(
            ProblemCode.QUOTA_EXCEEDED,
            "Of %,d %s units of %s, %,d are left: wait for the next month or ask for more."
                .formatted(standing.limit(), name, standing.period().name(), standing.left()))
        .with(
            "RateLimit-Policy",
            "\"%s\";q=%d;w=%d".formatted(name, standing.limit(), standing.period().seconds()))
        .with("RateLimit", "\"%s\";r=%d;t=%d".formatted(name, standing.left(), seconds))
        .with("Retry-After", String.valueOf(seconds));
  }
}
