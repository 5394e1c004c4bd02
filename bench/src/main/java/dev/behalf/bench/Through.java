package dev.behalf.bench;

/** Measures throughput: 16 clients submit jobs over HTTP while the workers run. */
final class Through {

  private static final int CLIENTS = 16;
  private static final int WARM_UPS = 3;

  private final TestBed stand;
  private final int jobs;

  Through(TestBed stand, int jobs) {
    this.stand = stand;
    this.jobs = jobs;
  }

  /**
   * Measures after some warm-up: submitting a job runs the most code, for which the compiler needs
   * some 15,000 requests.
   */
  void measure(Figures figures) throws Exception {
    for (int i = 0; i < WARM_UPS; i++) {
      once(new Figures());
    }
    once(figures);
  }

  private void once(Figures figures) throws Exception {
    var since = stand.system.text("select now()::text");
    var cpu = stand.cpu.read();
    var start = System.nanoTime();
    var answers =
        new HttpLoad(stand.system.web(), CLIENTS)
            .send(
                jobs,
                i -> TestBed.job(stand.users.get(i % stand.users.size()), "through " + i),
                false);
    var accepted = (System.nanoTime() - start) / 1e9;
    stand.awaitDrained(10);
    var seconds = (System.nanoTime() - start) / 1e9;
    var refused = answers.stream().filter(answer -> answer.status() != 202).count();
    figures.put("through.jobs", jobs);
    figures.put("through.not_accepted", (double) refused);
    figures.put("through.accepted_per_second", jobs / accepted);
    figures.put("through.finished_per_second", jobs / seconds);
    for (var percent : new int[] {50, 95, 99}) {
      figures.put(
          "through.submit_to_result_p" + percent + "_ms",
          Double.parseDouble(
              stand.system.text(
                  "select (percentile_cont(0.%d) within group (order by extract(epoch from finished_at - created_at)) * 1000)::text from jobs.jobs where created_at >= '%s'"
                      .formatted(percent, since))));
    }
    stand.putCpu(figures, "through.cpu_seconds_per_1000_jobs", cpu, jobs / 1000.0);
    Limits.putShares(figures, "through", "finished_per_second");
  }
}
