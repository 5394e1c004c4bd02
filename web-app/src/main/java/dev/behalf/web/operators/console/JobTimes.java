package dev.behalf.web.operators.console;

import dev.behalf.contract.Environment;
import dev.behalf.server.sql.Timestamps;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Reads how long succeeded jobs waited and ran, from a sample. */
@Component
class JobTimes {

  private static final int SAMPLE = 1_000;

  /** Samples one charge in {@code :one_in} by the last byte of the job's id, which is random. */
  private static final String TIMES =
      """
      with picked as (
        select user_id, job_id, environment from compute.ledger
        where created_at > :from and created_at <= :until
          and get_byte(uuid_send(job_id), 15) % :one_in = 0
        limit :sample
      ), hops as (
        select p.environment, (jsonb_path_query_first(j.hops, '$[*] ? (@.station == "submitted").at') #>> '{}')::timestamptz as submitted,
               (jsonb_path_query_first(j.hops, '$[*] ? (@.station == "taken").at') #>> '{}')::timestamptz as taken,
               (jsonb_path_query_first(j.hops, '$[*] ? (@.station == "answered").at') #>> '{}')::timestamptz as answered
        from picked p join jobs.jobs j on j.user_id = p.user_id and j.id = p.job_id and j.environment = p.environment
      ), times as (
        select environment, extract(epoch from taken - submitted)::float8 as wait, extract(epoch from answered - taken)::float8 as run
        from hops where taken is not null
      )
      select environment, percentile_disc(0.5) within group (order by wait) as wait, percentile_disc(0.95) within group (order by wait) as long_wait,
             percentile_disc(0.5) within group (order by run) as run, percentile_disc(0.95) within group (order by run) as long_run
      from times group by 1
      """;

  private final JdbcClient database;

  JobTimes(JdbcClient database) {
    this.database = database;
  }

  /** The median and 95th percentile of wait and run times, in seconds. */
  record Times(double halfWait, double longWait, double halfRun, double longRun) {}

  /**
   * Returns the times of the jobs charged after {@code from} and until {@code until}; none for an
   * environment without such jobs.
   *
   * @param charges the number of these jobs, which decides how many of them are sampled
   */
  Map<Environment, Times> between(Instant from, Instant until, long charges) {
    var times = new EnumMap<Environment, Times>(Environment.class);
    database
        .sql(TIMES)
        .param("from", Timestamps.of(from))
        .param("until", Timestamps.of(until))
        .param("one_in", Math.clamp(charges / SAMPLE, 1, 256))
        .param("sample", 2 * SAMPLE)
        .query(
            row -> {
              times.put(
                  Environment.of(row.getString("environment")),
                  new Times(
                      Math.max(0, row.getDouble("wait")),
                      Math.max(0, row.getDouble("long_wait")),
                      row.getDouble("run"),
                      row.getDouble("long_run")));
            });
    return times;
  }
}
