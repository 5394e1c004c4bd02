package dev.behalf.web.usage;

import dev.behalf.contract.Environment;
import java.time.InstantSource;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.List;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Units of this month, as compute-server has charged them. web-app only reads. */
@Component
public class Usage {

  private final JdbcClient database;
  private final InstantSource clock;

  Usage(JdbcClient database, InstantSource clock) {
    this.database = database;
    this.clock = clock;
  }

  /** One environment's units in a calendar month (UTC). */
  public record Month(Environment environment, String period, long used, long limit) {

    public long left() {
      return Math.max(0, limit - used);
    }
  }

  public List<Month> of(UUID userId) {
    var period = YearMonth.from(clock.instant().atOffset(ZoneOffset.UTC)).toString();
    return database
        .sql(
            """
            select d.environment, coalesce(q.limit_units, d.limit_units) as limit_units,
                   case when q.period = :period then q.used else 0 end as used
            from compute.quota_defaults d
            left join lateral (select * from compute.quota q
                               where q.user_id = :user and q.environment = d.environment
                               order by q.period desc limit 1) q on true
            order by d.environment
            """)
        .param("user", userId)
        .param("period", period)
        .query(
            (row, index) ->
                new Month(
                    Environment.of(row.getString("environment")),
                    period,
                    row.getLong("used"),
                    row.getLong("limit_units")))
        .list();
  }
}
