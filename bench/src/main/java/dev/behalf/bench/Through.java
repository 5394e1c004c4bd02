package dev.behalf.bench;

import java.sql.SQLException;
import java.time.OffsetDateTime;

/** Measures throughput: 16 clients submit jobs over HTTP while the workers run. */
final class Through {

  private static final int CLIENTS = 16;
  private static final int WARM_UPS = 3;

  private final JobSystem system;
  private final int jobs;

  Through(JobSystem system, int jobs) {
    this.system = system;
    this.jobs = jobs;
  }

  /**
   * Measures after some warm-up: submitting a job runs the most code, for which the compiler needs
   * some 15,000 requests.
   */
  void measure(Figures figures, String name) throws Exception {
    for (int i = 0; i < WARM_UPS; i++) {
      once(new Figures(), name);
    }
    figures.put(name + ".warm_up_jobs", WARM_UPS * jobs);
    once(figures, name);
  }

  private void once(Figures figures, String name) throws Exception {
    var since = now();
    var cpu = system.cpu().read();
    var start = System.nanoTime();
    var answers =
        new HttpLoad(system.web(), CLIENTS).send(jobs, i -> system.job(i, "through " + i), false);
    var accepted = (System.nanoTime() - start) / 1e9;
    system.awaitDrained(10);
    var seconds = (System.nanoTime() - start) / 1e9;
    var refused = answers.stream().filter(answer -> answer.status() != 202).count();
    figures.put(name + ".jobs", jobs);
    figures.put(name + ".not_accepted", (double) refused);
    figures.put(name + ".accepted_per_second", jobs / accepted);
    figures.put(name + ".finished_per_second", jobs / seconds);
    putWaits(figures, name, since);
    system.cpu().put(figures, name + ".cpu_seconds_per_1000_jobs", cpu, jobs / 1000.0);
    Limits.putShares(figures, name, "finished_per_second");
  }

  /** Returns the database's time. */
  private OffsetDateTime now() throws SQLException {
    try (var connection = system.database();
        var rows = connection.createStatement().executeQuery("select now()")) {
      rows.next();
      return rows.getObject(1, OffsetDateTime.class);
    }
  }

  private void putWaits(Figures figures, String name, OffsetDateTime since) throws SQLException {
    try (var connection = system.database();
        var query =
            connection.prepareStatement(
                """
                select p, percentile_cont(p / 100.0) within group (order by extract(epoch from finished_at - created_at)) * 1000
                from unnest(array[50, 95, 99]) p, %s where created_at >= ? group by p order by p
                """
                    .formatted(system.table()))) {
      query.setObject(1, since);
      try (var rows = query.executeQuery()) {
        while (rows.next()) {
          figures.put(name + ".submit_to_result_p" + rows.getInt(1) + "_ms", rows.getDouble(2));
        }
      }
    }
  }
}
