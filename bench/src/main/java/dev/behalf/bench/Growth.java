package dev.behalf.bench;

import java.util.List;

/**
 * Measures the same drain, and the same page of jobs, with more and more finished jobs in the
 * tables. Each drain adds its own jobs to them.
 */
final class Growth {

  static final List<Integer> FINISHED = List.of(10_000, 100_000, 1_000_000);

  /** Number of drains, whose median counts: single drains differ by up to 15 %. */
  private static final int DRAINS = 3;

  private final TestBed stand;
  private final int jobs;

  Growth(TestBed stand, int jobs) {
    this.stand = stand;
    this.jobs = jobs;
  }

  void measure(Figures figures) throws Exception {
    stand.forgetJobs();
    double first = 0;
    for (var finished : FINISHED) {
      long there = stand.system.count("select count(*) from jobs.jobs");
      stand.finish((int) Math.max(0, finished - there));
      var drain = new Drain(stand, jobs);
      drain.once("growth.warm");
      var rate = drain.median("growth.with_" + finished, DRAINS).perSecond();
      first = first == 0 ? rate : first;
      figures.put("growth.with_" + finished + ".drain_jobs_per_second", rate);
      figures.put("growth.with_" + finished + ".drain_ratio_to_first", rate / first);
      Limits.putShares(figures, "growth.with_" + finished, "drain_jobs_per_second");
      figures.put("growth.with_" + finished + ".list_p50_ms", list());
    }
  }

  private double list() throws Exception {
    var user = stand.users.getFirst();
    var answers =
        new HttpLoad(stand.system.web(), 1)
            .send(
                200,
                i -> HttpLoad.get("/api/v1/jobs?limit=20", "Authorization: Api-Key " + user.key()),
                false);
    return new Percentiles(answers.stream().mapToLong(HttpLoad.Answer::nanos).toArray()).millis(50);
  }
}
