package dev.behalf.e2e.faults;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Compares what clients were told with what the database says. */
record Audit(
    long known,
    long succeeded,
    long failed,
    long cancelled,
    long open,
    long withoutResult,
    long wrongResult,
    long charges,
    long units) {

  private static final String COMPARE =
      """
      select count(j.id),
             count(*) filter (where j.state = 'succeeded'),
             count(*) filter (where j.state = 'failed'),
             count(*) filter (where j.state = 'cancelled'),
             count(*) filter (where j.state in ('queued', 'dispatched', 'running')),
             count(*) filter (where j.state = 'succeeded' and r.job_id is null),
             count(*) filter (where r.result::json ->> 'text' <> t.text),
             count(l.job_id), coalesce(sum(l.units), 0)
      from unnest(?::uuid[], ?::uuid[], ?::text[]) as t (user_id, job_id, text)
      left join jobs.jobs j on j.user_id = t.user_id and j.id = t.job_id
      left join compute.results r on r.user_id = t.user_id and r.job_id = t.job_id
      left join compute.ledger l on l.user_id = t.user_id and l.job_id = t.job_id
      """;

  static Audit of(Connection database, List<Acknowledged> accepted) throws SQLException {
    try (var statement = database.prepareStatement(COMPARE)) {
      statement.setArray(
          1, database.createArrayOf("uuid", accepted.stream().map(Acknowledged::userId).toArray()));
      statement.setArray(
          2, database.createArrayOf("uuid", accepted.stream().map(Acknowledged::jobId).toArray()));
      statement.setArray(
          3, database.createArrayOf("text", accepted.stream().map(Acknowledged::text).toArray()));
      try (var rows = statement.executeQuery()) {
        rows.next();
        return new Audit(
            rows.getLong(1),
            rows.getLong(2),
            rows.getLong(3),
            rows.getLong(4),
            rows.getLong(5),
            rows.getLong(6),
            rows.getLong(7),
            rows.getLong(8),
            rows.getLong(9));
      }
    }
  }

  /** How many jobs have not ended, of anybody. */
  static long open(Connection database) throws SQLException {
    return count(
        database,
        "select count(*) from jobs.jobs where state in ('queued', 'dispatched', 'running')");
  }

  /** How many units are held, of anybody, and by how many holds. */
  static long held(Connection database) throws SQLException {
    return count(
        database,
        "select (select count(*) from compute.holds) + (select coalesce(sum(held), 0) from compute.quota)");
  }

  /** How often the runs of all jobs have begun. */
  static long runs(Connection database) throws SQLException {
    return count(database, "select coalesce(sum(epoch), 0) from compute.runs");
  }

  /** How many jobs are in a state, of anybody. */
  static long inState(Connection database, String state) throws SQLException {
    return count(database, "select count(*) from jobs.jobs where state = '" + state + "'");
  }

  /** All jobs there are of these users. */
  static long jobsOf(Connection database, List<Client> users) throws SQLException {
    try (var statement =
        database.prepareStatement("select count(*) from jobs.jobs where user_id = any (?)")) {
      statement.setArray(
          1,
          database.createArrayOf("uuid", users.stream().map(Client::userId).toArray(UUID[]::new)));
      try (var rows = statement.executeQuery()) {
        rows.next();
        return rows.getLong(1);
      }
    }
  }

  /** From a moment to the first result after it. */
  static @Nullable Duration firstResultAfter(Connection database, Instant end) throws SQLException {
    try (var statement =
        database.prepareStatement(
            "select min(created_at) from compute.results where created_at > ?")) {
      statement.setTimestamp(1, Timestamp.from(end));
      try (var rows = statement.executeQuery()) {
        rows.next();
        var first = rows.getTimestamp(1);
        return first == null ? null : Duration.between(end, first.toInstant());
      }
    }
  }

  private static long count(Connection database, String sql) throws SQLException {
    try (var statement = database.createStatement();
        var rows = statement.executeQuery(sql)) {
      rows.next();
      return rows.getLong(1);
    }
  }
}
