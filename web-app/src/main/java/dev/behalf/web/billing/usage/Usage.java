package dev.behalf.web.billing.usage;

import dev.behalf.contract.Environment;
import dev.behalf.contract.Period;
import dev.behalf.server.security.Scope;
import dev.behalf.web.site.security.Caller;
import java.time.InstantSource;
import java.util.List;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Reads the units that compute-server has charged this month. */
@Component
public class Usage {

  static final String MONTHS =
      """
      select d.environment, coalesce(q.limit_units, d.limit_units) as limit_units,
             case when q.period = :period then q.used else 0 end as used,
             case when q.period = :period then q.held else 0 end as held
      from compute.quota_defaults d
      left join lateral (select * from compute.quota q
                         where q.user_id = :user and q.environment = d.environment
                         order by q.period desc limit 1) q on true
      order by d.environment
      """;

  private final JdbcClient database;
  private final InstantSource clock;

  Usage(JdbcClient database, InstantSource clock) {
    this.database = database;
    this.clock = clock;
  }

  /**
   * One environment's units in a calendar month (UTC).
   *
   * @param held what work under way may still cost
   */
  public record Month(Environment environment, String period, long used, long held, long limit) {

    public long left() {
      return Math.max(0, limit - used - held);
    }
  }

  /** A month as pages show it; {@code environment} is live or test. */
  public record Quota(
      String environment, String period, long used, long held, long limit, long left, int percent) {

    static Quota of(Month month) {
      return new Quota(
          month.environment().wire(),
          month.period(),
          month.used(),
          month.held(),
          month.limit(),
          month.left(),
          (int) tenths(month.used() + month.held(), month.limit()) / 10);
    }

    /** Returns the percentage with one decimal, rounded down: 100 means that nothing is left. */
    public double exactPercent() {
      return tenths(used + held, limit) / 10.0;
    }

    /** Returns the percentage as text, below 10 with one decimal. */
    public String share() {
      if (exactPercent() == 0) {
        return used + held == 0 ? "0 %" : "< 0.1 %";
      }
      return (percent < 10 ? String.valueOf(exactPercent()) : String.valueOf(percent)) + " %";
    }

    private static long tenths(long taken, long limit) {
      return limit == 0 ? 1000 : Math.min(1000, taken * 1000 / limit);
    }
  }

  /** Returns this month in one environment; empty if the caller may not see it. */
  public List<Quota> months(Caller caller, Environment environment) {
    if (!caller.scopes().contains(Scope.USAGE_READ) || !caller.maySee(environment)) {
      return List.of();
    }
    return of(caller.userId()).stream()
        .filter(month -> month.environment() == environment)
        .map(Quota::of)
        .toList();
  }

  public List<Month> of(UUID userId) {
    var period = Period.at(clock.instant()).name();
    return database
        .sql(MONTHS)
        .param("user", userId)
        .param("period", period)
        .query(
            (row, index) ->
                new Month(
                    Environment.of(row.getString("environment")),
                    period,
                    row.getLong("used"),
                    row.getLong("held"),
                    row.getLong("limit_units")))
        .list();
  }
}
