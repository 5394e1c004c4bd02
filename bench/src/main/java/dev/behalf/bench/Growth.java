package dev.behalf.bench;

import java.util.List;

/** The same drain, and the same page, with more and more finished jobs in the tables. */
final class Growth {

  static final List<Integer> FINISHED = List.of(10_000, 100_000, 1_000_000);

  private final Stand stand;
  private final int jobs;

  Growth(Stand stand, int jobs) {
    this.stand = stand;
    this.jobs = jobs;
  }

  void measure(Figures figures) throws Exception {
    long there = stand.system.count("select count(*) from jobs.jobs");
    double first = 0;
    for (var finished : FINISHED) {
      stand.finish((int) Math.max(0, finished - there));
      there = Math.max(there, finished);
      new Drain(stand, jobs).once("growth.warm");
      var rate = new Drain(stand, jobs).once("growth.with_" + finished).perSecond();
      first = first == 0 ? rate : first;
      figures.put("growth.with_" + finished + ".drain_jobs_per_second", rate);
      figures.put("growth.with_" + finished + ".drain_ratio_to_first", rate / first);
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
