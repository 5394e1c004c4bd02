package dev.behalf.web.identity.accounts;

import dev.behalf.contract.Environment;
import dev.behalf.contract.Period;
import java.time.InstantSource;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** The limits of users' quotas. Only compute-server counts the units used. */
@Component
public class QuotaLimits {

  private final JdbcClient database;
  private final InstantSource clock;

  QuotaLimits(JdbcClient database, InstantSource clock) {
    this.database = database;
    this.clock = clock;
  }

  /**
   * Sets the limit of this and later months, inside the caller's transaction.
   *
   * @return the month from which on the limit is valid
   */
  public Period set(UUID userId, Environment environment, long units) {
    var period = Period.at(clock.instant());
    database
        .sql(
            """
            insert into compute.quota (user_id, environment, period, limit_units)
            values (:user, :environment, :period, :units)
            on conflict (user_id, environment, period) do update set limit_units = excluded.limit_units
            """)
        .param("user", userId)
        .param("environment", environment.wire())
        .param("period", period.name())
        .param("units", units)
        .update();
    return period;
  }
}
