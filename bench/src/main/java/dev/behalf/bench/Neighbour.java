package dev.behalf.bench;

/** Measures fairness: one user queues a large backlog, then ten others queue one job each. */
final class Neighbour {

  private static final int QUIET = 10;

  private final TestBed stand;
  private final int backlog;

  Neighbour(TestBed stand, int backlog) {
    this.stand = stand;
    this.backlog = backlog;
  }

  void measure(Figures figures) throws Exception {
    quiet("warm up");
    stand.awaitDrained(1);
    put(figures, "neighbour.idle", quiet("alone"));
    stand.awaitDrained(1);
    figures.put("neighbour.backlog", backlog);
    stand.queue(backlog, 1);
    stand.awaitBacklog(backlog - backlog / 20);
    put(figures, "neighbour.busy", quiet("beside"));
    figures.put(
        "neighbour.worst_ratio",
        figures.get("neighbour.busy.worst_ms") / figures.get("neighbour.idle.worst_ms"));
    stand.execute(
        "delete from jobs.jobs where state = 'queued' and user_id = '"
            + stand.users.getFirst().id()
            + "'");
    stand.awaitDrained(2);
  }

  private String quiet(String text) throws Exception {
    var since = stand.system.text("select clock_timestamp()::text");
    new HttpLoad(stand.system.web(), QUIET)
        .send(QUIET, i -> TestBed.job(stand.users.get(1 + i), text), false);
    stand.awaitNone(
        "created_at >= '"
            + since
            + "' and state in ('queued', 'dispatched') and user_id <> '"
            + stand.users.getFirst().id()
            + "'");
    return since;
  }

  private void put(Figures figures, String name, String since) {
    var waits =
        stand.system.text(
            """
            select (percentile_cont(0.5) within group (order by w))::text || ' ' || max(w)::text
            from (select extract(epoch from finished_at - created_at)::float8 * 1000 as w from jobs.jobs
                  where created_at >= '%s' and user_id <> '%s') x
            """
                .formatted(since, stand.users.getFirst().id()));
    figures.put(name + ".p50_ms", Double.parseDouble(waits.split(" ", -1)[0]));
    figures.put(name + ".worst_ms", Double.parseDouble(waits.split(" ", -1)[1]));
  }
}
