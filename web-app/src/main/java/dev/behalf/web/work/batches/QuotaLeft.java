package dev.behalf.web.work.batches;

import dev.behalf.contract.Environment;
import dev.behalf.contract.Period;
import java.time.InstantSource;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Reads how many units of the month are neither used nor held. */
@Component
class QuotaLeft {

  private final JdbcClient database;
  private final InstantSource clock;

  QuotaLeft(JdbcClient database, InstantSource clock) {
    this.database = database;
    this.clock = clock;
  }

  /** Returns the units left in an environment, at least 0. */
  long of(UUID userId, Environment environment) {
    return database
        .sql(
            """
            select greatest(0, coalesce(q.limit_units, d.limit_units)
                               - case when q.period = :period then q.used + q.held else 0 end)
            from compute.quota_defaults d
            left join lateral (select * from compute.quota q
                               where q.user_id = :user and q.environment = d.environment
                               order by q.period desc limit 1) q on true
            where d.environment = :environment
            """)
        .param("period", Period.at(clock.instant()).name())
        .param("user", userId)
        .param("environment", environment.wire())
        .query(Long.class)
        .single();
  }
}
