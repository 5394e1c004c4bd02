package dev.behalf.bench;

import java.nio.charset.StandardCharsets;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Measures overload: eight users queue three times the costly work that the engines can do in a
 * minute. Compares the rate under overload with the rate of the engines alone, and another user's
 * quick jobs with those on an idle system.
 */
final class Overload {

  private static final int BUSY = 8;
  private static final int SECONDS = 60;
  private static final int QUICK = 100;

  /** A text of 8 KiB in sentences, which takes some seconds to compute. */
  private static final String TEXT =
      IntStream.range(0, 128)
          .mapToObj(
              i -> "Sentence " + i + " says once more what was said of the tide in the harbour.")
          .collect(Collectors.joining(" "))
          .substring(0, 8 * 1024);

  private final TestBed stand;

  Overload(TestBed stand) {
    this.stand = stand;
  }

  void measure(Figures figures) throws Exception {
    quick();
    figures.put("overload.idle.quick_p50_ms", quick().p50());
    var idle = quick();
    figures.put("overload.idle.quick_p95_ms", idle.p95());
    var alone = alone();
    figures.put("overload.alone_jobs_per_second", alone);
    queue((int) Math.ceil(3 * alone * SECONDS));
    // Until the first jobs are dispatched and their compute times are known.
    LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(10));
    var before = finished();
    var start = System.nanoTime();
    var busy = quick();
    LockSupport.parkNanos(start + TimeUnit.SECONDS.toNanos(SECONDS) - System.nanoTime());
    var perSecond = (finished() - before) / ((System.nanoTime() - start) / 1e9);
    figures.put("overload.jobs_per_second", perSecond);
    figures.put("overload.share_of_alone", perSecond / alone);
    figures.put("overload.quick_p95_ms", busy.p95());
    figures.put("overload.quick_p95_ratio", busy.p95() / idle.p95());
    figures.put(
        "overload.failed",
        Double.parseDouble(
            stand.system.text(
                "select count(*)::text from jobs.jobs where state = 'failed' and operation = 'summarize'")));
    stand.execute("delete from jobs.jobs where state = 'queued' and operation = 'summarize'");
    stand.awaitDrained(2);
  }

  /**
   * Returns the engines' rate alone: calls as a worker makes them, as many at once as there are
   * compute slots, one after the other in each.
   */
  private double alone() throws Exception {
    var user = stand.users.getFirst();
    stand.execute(
        "update accounts.api_keys set kind = 'managed' where key_id = '%s'"
            .formatted(user.key().substring("bh_live_".length(), "bh_live_".length() + 12)));
    int places =
        Integer.parseInt(
            stand.system.text("select coalesce(sum(places), 1)::text from compute.replicas"));
    var load = new HttpLoad(stand.system.compute(), places);
    load.send(places, i -> call(user), false);
    var start = System.nanoTime();
    int calls = 10 * places;
    var wrong =
        load.send(calls, i -> call(user), true).stream()
            .filter(answer -> answer.status() != 200)
            .findFirst();
    if (wrong.isPresent()) {
      throw new IllegalStateException("A call was answered " + wrong.get());
    }
    return calls / ((System.nanoTime() - start) / 1e9);
  }

  private static byte[] call(TestBed.User user) {
    return HttpLoad.post(
        "/v1/ai/jobs",
        "{\"job_id\":\"%s\",\"payload\":{\"operation\":\"summarize\",\"text\":\"%s\"}}"
            .formatted(UUID.randomUUID(), TEXT),
        "Authorization: Api-Key " + user.key());
  }

  private void queue(int jobs) throws Exception {
    var body =
        "{\"payload\":{\"operation\":\"summarize\",\"text\":\"%s\"}}"
            .formatted(TEXT)
            .getBytes(StandardCharsets.US_ASCII);
    new HttpLoad(stand.system.web(), BUSY)
        .send(
            jobs,
            i ->
                HttpLoad.post(
                    "/api/v1/jobs",
                    new String(body, StandardCharsets.US_ASCII),
                    "Authorization: Api-Key " + stand.users.get(1 + i % BUSY).key()),
            false);
  }

  private long finished() {
    return Long.parseLong(
        stand.system.text(
            "select count(*)::text from jobs.jobs where state = 'succeeded' and operation = 'summarize'"));
  }

  private record Waits(double p50, double p95) {}

  /**
   * Submits quick jobs of a user without other jobs, one after the other, and returns their times
   * from their rows.
   */
  private Waits quick() throws Exception {
    var since = stand.system.text("select clock_timestamp()::text");
    var quiet = stand.users.getLast();
    var load = new HttpLoad(stand.system.web(), 1);
    for (int i = 0; i < QUICK; i++) {
      int number = i;
      load.send(1, n -> TestBed.job(quiet, "quiet " + number), false);
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(100));
    }
    stand.awaitNone(
        "created_at >= '%s' and operation = 'echo' and state in ('queued', 'dispatched')"
            .formatted(since));
    var waits =
        stand
            .system
            .text(
                """
                select (percentile_cont(0.5) within group (order by w))::text || ' '
                    || (percentile_cont(0.95) within group (order by w))::text
                from (select extract(epoch from finished_at - created_at)::float8 * 1000 as w from jobs.jobs
                      where created_at >= '%s' and operation = 'echo') x
                """
                    .formatted(since))
            .split(" ", -1);
    return new Waits(Double.parseDouble(waits[0]), Double.parseDouble(waits[1]));
  }
}
