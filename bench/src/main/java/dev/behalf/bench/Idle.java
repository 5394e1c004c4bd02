package dev.behalf.bench;

import dev.behalf.contract.StrictJson;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.postgresql.PGConnection;

/** Measures one job at a time on an otherwise idle system: how long a user waits, hop by hop. */
final class Idle {

  private static final int JOBS = 500;
  private static final int WARM_UP = 300;

  private final JobSystem system;

  Idle(JobSystem system) {
    this.system = system;
  }

  /**
   * A finished job.
   *
   * @param nanos the time from its submit until its outcome was stored
   */
  record Finished(UUID id, long nanos) {}

  /** Measures Behalf, with the hops from its jobs' rows. */
  void measure(Figures figures) throws Exception {
    hops(figures, "idle", measure(figures, "idle"));
  }

  /** Measures any system, and returns the ids of the jobs that count. */
  List<UUID> measure(Figures figures, String name) throws Exception {
    var jobs = oneByOne(WARM_UP + JOBS).stream().skip(WARM_UP).toList();
    figures.put(name + ".warm_up_jobs", WARM_UP);
    new Percentiles(jobs.stream().mapToLong(Finished::nanos).toArray())
        .put(figures, name + ".submit_to_stored_outcome");
    Limits.putCommits(figures, name, "submit_to_stored_outcome_p50_ms");
    return jobs.stream().map(Finished::id).toList();
  }

  /** Runs jobs, each after the end of the one before. */
  List<Finished> oneByOne(int jobs) throws Exception {
    var finished = new ArrayList<Finished>();
    try (var connection = listening()) {
      for (int i = 0; i < jobs; i++) {
        var start = System.nanoTime();
        var id = once(connection.unwrap(PGConnection.class), i);
        finished.add(new Finished(id, System.nanoTime() - start));
      }
    }
    return finished;
  }

  private Connection listening() throws SQLException {
    var connection = system.database();
    try (var statement = connection.createStatement()) {
      statement.execute("listen " + system.channel());
    }
    return connection;
  }

  /** Submits a job, waits for its end and returns its id. */
  private UUID once(PGConnection connection, int number) throws Exception {
    var id = submit(number);
    awaitEnd(connection, id);
    return id;
  }

  /**
   * Waits for the notification of a job's success, which is sent at the commit, as an open page of
   * Behalf does.
   */
  private static void awaitEnd(PGConnection connection, UUID id) throws SQLException {
    while (true) {
      var words = connection.getNotifications(30_000);
      if (words == null || words.length == 0) {
        throw new IllegalStateException("Nothing was heard of a job for 30 s.");
      }
      for (var word : words) {
        if (word.getParameter().contains(id + " succeeded")) {
          return;
        }
      }
    }
  }

  private UUID submit(int number) throws Exception {
    var answer =
        new HttpLoad(system.web(), 1)
            .send(1, i -> system.job(number, "idle " + number), true)
            .getFirst();
    if (answer.status() != 202) {
      throw new IllegalStateException("A job was answered " + answer.status());
    }
    var body = answer.body();
    return UUID.fromString(
        StrictJson.MAPPER
            .readTree(body.substring(body.indexOf('{'), body.lastIndexOf('}') + 1))
            .required("id")
            .asString());
  }

  /** Adds the median times between consecutive stations, from the hops in the jobs' rows. */
  void hops(Figures figures, String name, List<UUID> ids) throws SQLException {
    var steps = new LinkedHashMap<String, List<Double>>();
    try (var connection = system.database();
        var query =
            connection.prepareStatement(
                """
                select h->>'station', extract(epoch from (h->>'at')::timestamptz
                         - lag((h->>'at')::timestamptz) over (partition by id order by n)) * 1000
                from jobs.jobs, jsonb_array_elements(hops) with ordinality as x (h, n)
                where id = any (?) order by n
                """)) {
      query.setArray(1, connection.createArrayOf("uuid", ids.toArray()));
      try (var rows = query.executeQuery()) {
        while (rows.next()) {
          if (rows.getObject(2) != null) {
            steps.computeIfAbsent(rows.getString(1), s -> new ArrayList<>()).add(rows.getDouble(2));
          }
        }
      }
    }
    steps.forEach(
        (station, millis) ->
            figures.put(
                name + ".hops.until_" + station.toLowerCase(Locale.ROOT) + "_p50_ms",
                millis.stream().sorted().toList().get(millis.size() / 2)));
  }
}
