package dev.behalf.web.billing.usage;

import dev.behalf.contract.Environment;
import dev.behalf.contract.JobState;
import dev.behalf.contract.Period;
import dev.behalf.server.sql.Timestamps;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Reads charged and uncharged jobs per hour, and refused calls. */
@Component
class HourlyUsage {

  static final String CHARGED =
      """
      select hour, case when :by = 'operation' then operation else '' end as operation,
             case when :by = 'key' then key_id else '' end as key_id,
             case when :by = 'state' then outcome else 'succeeded' end as outcome, sum(jobs) as jobs, sum(units) as units
      from compute.ledger_hours
      where user_id = :user and environment = :environment and period >= :period and hour >= :since
      group by 1, 2, 3, 4
      """;

  static final String UNCHARGED =
      """
      select date_trunc('hour', finished_at, 'UTC') as hour, state, count(*) as jobs from jobs.jobs
      where user_id = :user and environment = :environment and state %s
        and finished_at >= :since and units is null
      group by 1, 2
      """
          .formatted(JobState.in(JobState::isUnsuccessful));

  static final String REFUSED =
      """
      select r.key_id, k.name, r.reason, sum(r.calls) as calls
      from accounts.key_refusals r join accounts.api_keys k using (user_id, key_id)
      where r.user_id = :user and k.environment = :environment and r.day >= :since::date
      group by 1, 2, 3 order by 4 desc, 1, 3
      """;

  private final JdbcClient database;

  HourlyUsage(JdbcClient database) {
    this.database = database;
  }

  /**
   * The jobs of one hour that share an operation, a key or a state.
   *
   * @param keyId the key that the jobs count towards
   */
  record Hour(Instant at, String operation, String keyId, String state, long jobs, long units) {}

  /** The refused calls of one key for one reason. */
  record Refusal(String keyId, String key, String reason, long calls) {}

  /** Returns the charges per hour, summed over every property but {@code by}. */
  List<Hour> charged(UUID userId, Environment environment, Grouping by, Instant since) {
    return database
        .sql(CHARGED)
        .param("by", by.wire())
        .param("user", userId)
        .param("environment", environment.wire())
        .param("period", Period.at(since).name())
        .param("since", Timestamps.of(since))
        .query(
            (row, index) ->
                new Hour(
                    Timestamps.instant(row, "hour"),
                    row.getString("operation"),
                    row.getString("key_id"),
                    row.getString("outcome"),
                    row.getLong("jobs"),
                    row.getLong("units")))
        .list();
  }

  /** Returns the charged and the uncharged jobs per hour and final state. */
  List<Hour> ended(UUID userId, Environment environment, Instant since) {
    var ended = new ArrayList<>(charged(userId, environment, Grouping.STATE, since));
    ended.addAll(
        database
            .sql(UNCHARGED)
            .param("user", userId)
            .param("environment", environment.wire())
            .param("since", Timestamps.of(since))
            .query(
                (row, index) ->
                    new Hour(
                        Timestamps.instant(row, "hour"),
                        "",
                        "",
                        row.getString("state"),
                        row.getLong("jobs"),
                        0))
            .list());
    return ended;
  }

  List<Refusal> refused(UUID userId, Environment environment, Period period) {
    return database
        .sql(REFUSED)
        .param("user", userId)
        .param("environment", environment.wire())
        .param("since", period.month().atDay(1).toString())
        .query(
            (row, index) ->
                new Refusal(
                    row.getString("key_id"),
                    KeyNames.label(
                        java.util.Map.of(row.getString("key_id"), row.getString("name")),
                        row.getString("key_id")),
                    row.getString("reason"),
                    row.getLong("calls")))
        .list();
  }
}
