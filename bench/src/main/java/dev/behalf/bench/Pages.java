package dev.behalf.bench;

import static org.awaitility.Awaitility.await;

import dev.behalf.testkit.Person;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * Measures the pages of a user with 100,000 finished jobs, and those of an operator: one request at
 * a time, from the request to the last byte of the page, without what it loads.
 */
final class Pages {

  private static final int JOBS = 100_000;

  /** What 95 of 100 requests of a page should not exceed, in milliseconds. */
  private static final int GOAL = 50;

  private static final int WARM_UP = 100;
  private static final int REQUESTS = 200;

  private final TestBed stand;

  Pages(TestBed stand) {
    this.stand = stand;
  }

  /**
   * Measures all pages.
   *
   * @param name of the figures, such as {@code pages}
   */
  void measure(Figures figures, String name) throws Exception {
    var person = stand.system.signUp();
    var user = stand.user(person);
    var keyId =
        stand.system.text(
            "select key_id from accounts.api_keys where name = 'bench' and user_id = '%s'"
                .formatted(user.id()));
    ManyJobs.give(stand, user.id(), keyId, JOBS);
    stand.execute("vacuum analyze");
    measure(figures, name, person, pages(user.id(), keyId));
    measure(figures, name, operator(), operatorPages());
  }

  private Map<String, String> pages(UUID user, String keyId) {
    var month = YearMonth.now(ZoneOffset.UTC);
    var pages = new LinkedHashMap<String, String>();
    pages.put("home", "/home");
    pages.put("jobs", "/jobs");
    pages.put("jobs_failed", "/jobs?q=state:failed");
    pages.put("jobs_with_a_word", "/jobs?q=number");
    pages.put("jobs_with_a_rare_word", "/jobs?q=95000");
    pages.put("jobs_of_a_week_and_operation", "/jobs?q=since:7d+op:echo");
    pages.put("jobs_later_page", "/jobs?before=" + job(user, 40_000));
    pages.put("job", "/jobs/" + job(user, 2));
    pages.put("bulk_action", "/jobs/bulk/new?action=retry&q=state:failed");
    pages.put("batches", "/batches");
    pages.put("batch", "/batches/" + batch(user));
    pages.put("usage", "/usage");
    pages.put("billing", "/billing");
    pages.put("statement", "/billing/" + month);
    pages.put("charges", "/billing/" + month + "/charges");
    pages.put("keys", "/keys");
    pages.put("key", "/keys/" + keyId);
    pages.put("key_requests", "/keys/" + keyId + "/requests");
    pages.put("webhooks", "/webhooks");
    pages.put("activity", "/activity");
    pages.put("settings", "/settings");
    return pages;
  }

  /** Returns the job of the user before which this number of later ones came. */
  private String job(UUID user, int later) {
    return stand.system.text(
        "select id::text from jobs.jobs where user_id = '%s' order by id desc offset %d limit 1"
            .formatted(user, later));
  }

  private String batch(UUID user) {
    return stand.system.text(
        "select id::text from jobs.batches where user_id = '%s' order by created_at desc limit 1"
            .formatted(user));
  }

  private static Map<String, String> operatorPages() {
    var pages = new LinkedHashMap<String, String>();
    pages.put("ops", "/ops");
    pages.put("ops_fairness", "/ops/fairness");
    pages.put("ops_accounts", "/ops/accounts");
    pages.put("ops_ledger", "/ops/ledger");
    return pages;
  }

  private Person operator() throws Exception {
    var person = stand.system.signUp();
    stand.execute(
        "update accounts.users set scopes = scopes || ' ops:read ops:write' where email = '%s'"
            .formatted(person.email()));
    // Permissions are cached for a moment.
    await().until(() -> person.page("/ops").statusCode() == 200);
    return person;
  }

  private void measure(Figures figures, String part, Person person, Map<String, String> pages)
      throws Exception {
    // All before the first is measured: pages share most of their code.
    for (var path : pages.values()) {
      send(person, path, WARM_UP);
    }
    var above = new ArrayList<String>();
    for (var page : pages.entrySet()) {
      var before = stand.cpu.read();
      var times = new Percentiles(send(person, page.getValue(), REQUESTS));
      var name = part + "." + page.getKey();
      figures.put(name + "_cpu_ms", cpu(before));
      figures.put(name + "_p50_ms", times.millis(50));
      figures.put(name + "_p95_ms", times.millis(95));
      figures.put(name + "_max_ms", times.millis(100));
      if (times.millis(95) > GOAL) {
        above.add(page.getValue());
      }
    }
    TestBed.log("p95 above the goal of %d ms: %s", GOAL, above);
  }

  private static long[] send(Person person, String path, int count) throws Exception {
    var times = new long[count];
    for (int i = 0; i < count; i++) {
      var start = System.nanoTime();
      var answer = person.page(path);
      times[i] = System.nanoTime() - start;
      if (answer.statusCode() != 200 || !path.startsWith(answer.uri().getPath())) {
        throw new IllegalStateException(
            path + " was answered " + answer.statusCode() + " at " + answer.uri());
      }
    }
    return times;
  }

  /** Returns the milliseconds of CPU time of a request, in web-app and the database. */
  private double cpu(Map<String, Double> before) {
    var after = stand.cpu.read();
    return Stream.of("web-app", "database")
            .mapToDouble(name -> after.getOrDefault(name, 0.0) - before.getOrDefault(name, 0.0))
            .sum()
        / REQUESTS
        * 1_000;
  }
}
