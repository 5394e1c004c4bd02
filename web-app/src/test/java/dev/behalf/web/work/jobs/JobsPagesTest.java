package dev.behalf.web.work.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.behalf.contract.Environment;
import dev.behalf.contract.JobPayload;
import dev.behalf.contract.StrictJson;
import dev.behalf.testkit.Person;
import dev.behalf.web.Api;
import dev.behalf.web.WebAppTest;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Lists of jobs, and what is done to all of a list. Nobody computes: jobs end by SQL. */
class JobsPagesTest extends WebAppTest {

  private Person ada;

  @BeforeEach
  void somebody() throws Exception {
    ada = signUp();
  }

  @Test
  void the_address_says_which_jobs_are_listed() throws Exception {
    var failed = failed("over there", "unavailable");
    var queued = submit("right here");

    assertThat(ada.page("/jobs").body()).contains("job-" + failed, "job-" + queued);
    assertThat(ada.page("/jobs?q=state:failed").body())
        .contains("job-" + failed)
        .doesNotContain("job-" + queued);
    assertThat(ada.page("/jobs?q=state:failed+op:embed").body()).doesNotContain("job-" + failed);
    assertThat(ada.page("/jobs?q=since:1h+id:" + queued).body()).contains("job-" + queued);
  }

  @Test
  void a_word_that_is_not_known_is_named_beside_the_field() throws Exception {
    var answer = ada.page("/jobs?q=colour:blue");

    assertThat(answer.statusCode()).isEqualTo(422);
    assertThat(answer.body()).contains("colour").contains("aria-invalid=\"true\"");

    var chinese =
        ada.http()
            .send(
                HttpRequest.newBuilder(site().resolve("/jobs?q=colour:blue"))
                    .header("Accept-Language", "zh-CN")
                    .build(),
                HttpResponse.BodyHandlers.ofString());
    assertThat(chinese.body()).contains("未知的筛选条件：colour");
  }

  @Test
  void an_error_in_the_query_lists_no_jobs() throws Exception {
    var id = submit("not asked for");

    assertThat(ada.page("/jobs?q=colour:blue").body()).doesNotContain("job-" + id);
  }

  @Test
  void words_are_found_in_the_input_and_in_the_answer_and_as_a_short_id() throws Exception {
    var asked = submit("The parcel was to arrive 100% dry");
    var answered = submit("a question");
    var other = submit("something else");
    sql(
        """
        insert into compute.results (user_id, job_id, environment, operation, fingerprint, result, units, created_at)
        values ('%s', '%s', 'live', 'echo', '', '{"text": "Parcels arrive dry"}', 1, now())
        """
            .formatted(userId(ada), answered));
    sql(
        "update jobs.jobs set state = 'succeeded', finished_at = now(), lease_until = null where id = '%s'"
            .formatted(answered));

    assertThat(ada.page("/jobs?q=PARCEL+dry").body())
        .contains("job-" + asked, "job-" + answered, "Parcels arrive dry")
        .doesNotContain("job-" + other);
    assertThat(ada.page("/jobs?q=100%25").body())
        .contains("job-" + asked)
        .doesNotContain("job-" + answered);
    assertThat(ada.page("/jobs?q=" + other.toString().substring(28)).body())
        .contains("job-" + other)
        .doesNotContain("job-" + asked);
  }

  @Test
  void a_list_says_why_a_job_failed_and_whether_no_job_is_there_or_none_matches() throws Exception {
    assertThat(ada.page("/jobs").body()).contains("No jobs yet.");
    assertThat(ada.page("/jobs?q=state:failed").body()).contains("No jobs match.");
    var id = submit("in vain");
    sql(
        "update jobs.jobs set state = 'failed', code = 'engine_failed', finished_at = now(), lease_until = null where id = '%s'"
            .formatted(id));

    assertThat(ada.page("/jobs").body()).contains("<code class=\"id\">engine_failed</code>");
  }

  @Test
  void a_failed_job_says_once_that_nothing_was_charged() throws Exception {
    var id = failed("in vain", "engine_failed");

    for (var view : new String[] {"/view", "/panel"}) {
      assertThat(ada.page("/jobs/" + id + view).body())
          .containsOnlyOnce("nothing")
          .containsPattern("Charged(: |</dt>\\s*<dd>)nothing")
          .doesNotContain("Nothing was charged");
    }
  }

  @Test
  void the_panel_of_a_job_says_what_it_waits_for_and_since_when_it_runs() throws Exception {
    var first = submit("first");
    var waiting = submit("second");
    var later = "'2100-01-01 00:00Z'";
    sql("update jobs.jobs set not_before = %s where id = '%s'".formatted(later, first));
    assertThat(ada.page("/jobs/" + first + "/panel").body())
        .contains("Earliest start: 2100-01-01 00:00:00.")
        .doesNotContain("Running since");

    sql(
        """
        update jobs.jobs set state = 'dispatched', lease_until = %s,
          hops = '[{"station": "submitted", "at": "2026-01-02T03:04:05Z"}, {"station": "dispatched", "at": "2026-01-02T03:04:06Z"}]'
        where id = '%s'
        """
            .formatted(later, waiting));
    assertThat(ada.page("/jobs/" + waiting + "/panel").body())
        .contains("Running since 2026-01-02 03:04:06.")
        .doesNotContain("Its engine has sent no output yet.");

    sql("update jobs.jobs set pool = 'op:shout' where id = '%s'".formatted(waiting));
    assertThat(ada.page("/jobs/" + waiting + "/panel").body())
        .contains("Its engine has sent no output yet.");
  }

  @Test
  void a_job_that_is_not_due_yet_says_when_it_can_start() throws Exception {
    var id = submit("later");
    sql("update jobs.jobs set not_before = '2100-01-01 00:00Z' where id = '%s'".formatted(id));

    assertThat(ada.page("/jobs/" + id).body()).contains("Earliest start: 2100-01-01 00:00:00.");
  }

  @Test
  void the_oldest_job_is_first_if_asked_so_and_the_next_page_goes_on() throws Exception {
    var first = submit("first");
    for (int i = 0; i < JobsPage.SHOWN; i++) {
      submit("later");
    }

    var page = ada.page("/jobs?q=sort:oldest").body();
    var newest = ada.page("/jobs").body();

    assertThat(page).contains("job-" + first, "51 jobs");
    assertThat(newest).doesNotContain("job-" + first);
    var next =
        Pattern.compile("before=([0-9a-f-]{36})")
            .matcher(page)
            .results()
            .map(found -> found.group(1))
            .findFirst()
            .orElseThrow();
    assertThat(ada.page("/jobs?q=sort:oldest&before=" + next).body())
        .containsOnlyOnce("<tr id=\"job-")
        .doesNotContain("job-" + first);
  }

  @Test
  void selected_jobs_are_retried_and_those_in_another_state_are_counted() throws Exception {
    var failed = failed("again", "unavailable");
    var open = submit("still open");

    var answer =
        ada.form("/jobs/selection/retry", Map.of("id", failed + "," + open, "q", "op:echo"));

    assertThat(answer.uri().getQuery()).contains("retried=1", "skipped=1", "q=op:echo");
    assertThat(answer.body()).contains("1 job was retried.", "1 job was skipped");
    assertThat(number("select count(*) from jobs.jobs where retry_of = '" + failed + "'"))
        .isEqualTo(1);
  }

  @Test
  void selected_jobs_are_cancelled_but_never_those_of_somebody_else() throws Exception {
    var open = submit("mine");

    var answer = signUp().form("/jobs/selection/cancellation", Map.of("id", open.toString()));

    assertThat(answer.body()).contains("No job was cancelled.");
    ada.form("/jobs/selection/cancellation", Map.of("id", open.toString()));
    await().until(() -> ada.job(open).required("state").asString().equals("cancelled"));
  }

  @Test
  void a_job_is_run_again_with_changes_from_a_form_that_holds_its_input() throws Exception {
    var id = submit("change me");

    assertThat(ada.page("/jobs/new?from=" + id).body()).contains("change me");
    assertThat(signUp().page("/jobs/new?from=" + id).statusCode()).isEqualTo(404);
  }

  @Test
  void home_and_a_waiting_job_say_that_jobs_are_paused_and_resume_them() throws Exception {
    ada.form("/jobs/pauses", Map.of());
    var id = submit("paused");

    assertThat(ada.page("/home").body()).contains("You paused your jobs").contains(">Resume");
    for (var view : new String[] {"", "/view", "/panel"}) {
      assertThat(ada.page("/jobs/" + id + view).body())
          .contains("You have paused your jobs")
          .containsOnlyOnce("action=\"/jobs/pauses/end");
    }

    ada.form("/jobs/pauses/end", Map.of());
    assertThat(ada.page("/home").body()).doesNotContain("You paused your jobs");
  }

  @Test
  void why_a_job_failed_is_told_in_the_language_of_the_page() throws Exception {
    var id = failed("in vain", "engine_failed");

    for (var path : List.of("/jobs/" + id, "/home")) {
      var chinese =
          ada.http()
              .send(
                  HttpRequest.newBuilder(site().resolve(path))
                      .header("Accept-Language", "zh-CN")
                      .build(),
                  HttpResponse.BodyHandlers.ofString());
      assertThat(chinese.body()).as(path).contains("操作无法处理此输入");
    }
  }

  @Test
  void the_first_steps_are_done_once_a_call_for_tests_has_its_result() throws Exception {
    assertThat(ada.page("/home").body()).contains("id=\"steps-title\"");
    var key =
        StrictJson.MAPPER
            .readTree(
                ada.post(
                        "/api/v1/keys",
                        "{\"environment\":\"test\",\"name\":\"first\",\"scopes\":[\"jobs:write\"]}"
                            .getBytes(StandardCharsets.UTF_8))
                    .body())
            .required("secret")
            .asString();
    var answer =
        HttpClient.newHttpClient()
            .send(
                HttpRequest.newBuilder(site().resolve("/api/v1/jobs"))
                    .header("Authorization", "Api-Key " + key)
                    .POST(
                        HttpRequest.BodyPublishers.ofString(
                            "{\"payload\":{\"operation\":\"echo\",\"text\":\"called\"}}"))
                    .build(),
                HttpResponse.BodyHandlers.ofString());
    assertThat(answer.statusCode()).isEqualTo(202);
    assertThat(ada.page("/home").body()).contains("id=\"steps-title\"");

    sql(
        "update jobs.jobs set state = 'succeeded', finished_at = now(), lease_until = null where user_id = '%s'"
            .formatted(userId(ada)));

    await().until(() -> !ada.page("/home").body().contains("id=\"steps-title\""));
    assertThat(ada.page("/test/home").body()).doesNotContain("id=\"steps-title\"");
  }

  @Test
  void the_playground_shows_the_job_beside_the_form_that_sent_it() throws Exception {
    var answer =
        ada.form("/jobs", Map.of("operation", "echo", "/text", "in the playground", "to", "home"));

    assertThat(answer.uri().getPath()).isEqualTo("/home");
    assertThat(answer.body())
        .contains("data-src=\"/jobs/" + answer.uri().getQuery().substring(4) + "/panel\"")
        .contains(">in the playground</textarea>");
    assertThat(signUp().page("/home?" + answer.uri().getQuery()).body())
        .doesNotContain("in the playground");
  }

  @Test
  void the_same_address_answers_a_program_and_a_terminal() throws Exception {
    var id = failed("=1+1, \"quoted\"", "unavailable");

    var csv = get("/jobs?q=state:failed", "text/csv");
    var json = get("/jobs?q=state:failed", "application/json");
    var plain = get("/jobs?q=state:failed", "text/plain");

    assertThat(csv.body().lines()).hasSize(2);
    assertThat(csv.body()).contains(id + ",live,failed,echo").contains("\"'=1+1, \"\"quoted\"\"\"");
    assertThat(StrictJson.MAPPER.readTree(json.body()).required("id").asString())
        .isEqualTo(id.toString());
    assertThat(plain.body()).startsWith(id + "  failed");
    assertThat(ada.page("/jobs?q=state:failed&format=csv").body()).isEqualTo(csv.body());
  }

  @Test
  void a_download_has_the_results_and_the_reasons_of_failures() throws Exception {
    var done = submit("works");
    sql(
        """
        update jobs.jobs set state = 'succeeded', units = 1, finished_at = now() where id = '%1$s';
        insert into compute.results
        values ('%2$s', '%1$s', 'live', 'echo', '', '{"text":"=1+1","length":4}', 1, now())
        """
            .formatted(done, userId(ada)));
    var failed = failed("breaks", "unavailable");
    sql("update jobs.jobs set detail = 'Too long.' where id = '" + failed + "'");

    var csv = get("/jobs", "text/csv").body().lines().toList();
    var json = get("/jobs", "application/json").body().lines().map(Api::parse).toList();

    assertThat(csv.getFirst()).endsWith(",metadata,detail,answer,result");
    assertThat(csv.get(1)).startsWith(failed + ",").endsWith(",Too long.,,");
    assertThat(csv.get(2))
        .startsWith(done + ",")
        .endsWith(",,'=1+1,\"{\"\"text\"\":\"\"=1+1\"\",\"\"length\"\":4}\"");
    assertThat(json.getFirst().required("detail").asString()).isEqualTo("Too long.");
    assertThat(json.getFirst().required("result").isNull()).isTrue();
    assertThat(json.getLast().required("result").required("length").asInt()).isEqualTo(4);
  }

  @Test
  void test_mode_is_the_same_site_with_other_data() throws Exception {
    var live = submit("live one");
    var test = ada.submit(Environment.TEST, JobPayload.of("echo", "test one"));

    var page = ada.page("/test/jobs").body();

    assertThat(page)
        .contains("job-" + test, "href=\"/test/jobs/" + test, "action=\"/test/jobs\"")
        .doesNotContain("job-" + live);
    assertThat(ada.page("/jobs").body()).doesNotContain("job-" + test);
    assertThat(ada.page("/jobs/" + test).uri()).hasPath("/test/jobs/" + test);
    assertThat(ada.page("/test/jobs/" + live).uri()).hasPath("/jobs/" + live);
    assertThat(ada.page("/test/api/v1/jobs").statusCode()).isEqualTo(404);
  }

  @Test
  void a_job_from_the_form_of_test_mode_is_a_test_job() throws Exception {
    var answer =
        ada.form("/test/jobs", Map.of("operation", "echo", "/text", "hi", "request_id", "1"));

    assertThat(answer.uri().getPath()).startsWith("/test/jobs/");
    assertThat(text("select environment from jobs.jobs where user_id = '" + userId(ada) + "'"))
        .isEqualTo("test");
  }

  @Test
  void before_it_is_queued_a_job_says_what_it_would_cost_and_how_a_program_asks() throws Exception {
    var answer =
        ada.form(
            "/jobs",
            Map.of("operation", "echo", "/text", "it's " + "x".repeat(1_500), "preview", "1"));

    assertThat(answer.body()).contains("Estimated cost: 2 units").contains("it&#39;\\&#39;&#39;s");
    assertThat(ada.jobs()).isEmpty();
  }

  @Test
  void a_view_is_kept_under_its_name_and_dropped() throws Exception {
    ada.form("/jobs/views", Map.of("name", "my failures", "q", "state:failed"));

    assertThat(ada.page("/jobs").body()).contains("my failures").contains("q=state:failed");
    ada.form("/jobs/views/removal", Map.of("name", "my failures"));
    assertThat(ada.page("/jobs").body()).doesNotContain("my failures");
  }

  @Test
  void a_failed_job_is_done_again_once_however_often_it_is_asked() throws Exception {
    var id = failed("once more", "unavailable");

    var first = ada.form("/jobs/" + id + "/retry", Map.of());
    var second = ada.form("/jobs/" + id + "/retry", Map.of());

    assertThat(second.uri()).isEqualTo(first.uri());
    assertThat(number("select count(*) from jobs.jobs where retry_of = '" + id + "'")).isEqualTo(1);
    assertThat(ada.form("/jobs/" + submit("open") + "/retry", Map.of()).statusCode())
        .isEqualTo(409);
  }

  @Test
  void all_that_match_are_done_again_after_a_look_at_how_many() throws Exception {
    var mine = failed("one", "unavailable");
    failed("two", "unavailable");
    failed("not meant", "no_key");
    var open = submit("open");

    var preview = ada.page("/jobs/bulk/new?action=retry&q=code:unavailable").body();
    assertThat(preview).contains("Retry 2 jobs");
    var page =
        ada.form("/jobs/bulk", Map.of("action", "retry", "q", "code:unavailable")).uri().getPath();

    await().until(() -> ada.page(page).body().contains("Finished: 2 of 2"));
    assertThat(
            number(
                "select count(*) from jobs.jobs where retry_of is not null and user_id = '"
                    + userId(ada)
                    + "'"))
        .isEqualTo(2);
    assertThat(ada.job(open).required("state").asString()).isIn("queued", "running");
    assertThat(signUp().page(page).statusCode()).isEqualTo(404);
    assertThat(signUp().page("/jobs/" + mine).statusCode()).isEqualTo(404);
  }

  @Test
  void one_that_cannot_go_on_ends_with_its_reason_and_holds_up_no_other() throws Exception {
    failed("one", "unavailable");
    var broken = UUID.randomUUID();
    sql(
        """
        insert into jobs.sweeps (user_id, id, environment, action, query, matched, before, created_at)
        values ('%s', '%s', 'live', 'retry', 'colour:blue', 1, '%s', now() - interval '1 day')
        """
            .formatted(userId(ada), broken, UUID.randomUUID()));

    var page =
        ada.form("/jobs/bulk", Map.of("action", "retry", "q", "code:unavailable")).uri().getPath();

    await().until(() -> ada.page(page).body().contains("Finished: 1 of 1"));
    await().until(() -> ada.page("/jobs/bulk/" + broken).body().contains("The action stopped:"));
  }

  @Test
  void a_job_whose_payload_breaks_a_younger_rule_is_skipped_and_the_others_are_retried()
      throws Exception {
    failed("one", "unavailable");
    sql(
        """
        insert into jobs.jobs (user_id, id, environment, operation, payload, state, code, not_before, fingerprint,
                               created_at, finished_at)
        select '%s', ('00' || substr(gen_random_uuid()::text, 3))::uuid, 'live', 'echo', payload, 'failed', 'unavailable', now(), '', now(), now()
        from (values ('{"operation":"echo","text":"\\ud800"}'), ('{"operation":"gone","text":"x"}')) as p (payload)
        """
            .formatted(userId(ada)));

    var page =
        ada.form("/jobs/bulk", Map.of("action", "retry", "q", "code:unavailable")).uri().getPath();

    await().until(() -> ada.page(page).body().contains("Finished: 1 of 3"));
    assertThat(ada.page(page).body()).contains("2 jobs were skipped");
  }

  @Test
  void a_query_that_grows_too_long_when_its_times_are_written_out_is_refused() throws Exception {
    var answer =
        ada.form("/jobs/bulk", Map.of("action", "retry", "q", "since:1s ".repeat(40).strip()));

    assertThat(answer.statusCode()).isEqualTo(422);
    assertThat(number("select count(*) from jobs.sweeps where user_id = '" + userId(ada) + "'"))
        .isZero();
  }

  @Test
  void a_page_of_large_jobs_is_cut_off_and_goes_on() throws Exception {
    sql(
        """
        insert into jobs.jobs (user_id, id, environment, operation, payload, state, not_before, fingerprint, created_at,
                               finished_at)
        select '%s', gen_random_uuid(), 'live', 'echo',
               '{"operation":"echo","text":"' || repeat('x', 400000) || '"}', 'cancelled', now(), '', now(), now()
        from generate_series(1, 30)
        """
            .formatted(userId(ada)));

    var seen = new java.util.HashSet<String>();
    var next = "";
    var pages = 0;
    do {
      var page =
          StrictJson.MAPPER.readTree(
              ada.page("/api/v1/jobs?limit=100" + (next.isEmpty() ? "" : "&cursor=" + next))
                  .body());
      page.required("jobs").valueStream().forEach(job -> seen.add(job.required("id").asString()));
      next = page.path("next").asString("");
      pages++;
    } while (!next.isEmpty());

    assertThat(seen).hasSize(30);
    assertThat(pages).isBetween(3, 4);
    assertThat(get("/jobs", "application/json").body().lines()).hasSize(30);
  }

  @Test
  void all_that_are_open_are_cancelled() throws Exception {
    for (int i = 0; i < 5; i++) {
      submit("no " + i);
    }

    ada.form("/jobs/bulk", Map.of("action", "cancel", "q", ""));

    await()
        .until(
            () ->
                ada.jobs().stream()
                    .allMatch(job -> job.required("state").asString().equals("cancelled")));
  }

  @Test
  void the_end_of_a_job_is_shown_to_its_owner_once() throws Exception {
    var id = failed("look", "unavailable");

    assertThat(ada.page("/jobs/" + id).statusCode()).isEqualTo(200);
    assertThat(ada.page("/jobs/" + id + "/view").body()).contains("id=\"job-timeline\"");

    assertThat(
            ada.job(id)
                .required("hops")
                .valueStream()
                .filter(hop -> hop.required("station").asString().equals("shown")))
        .hasSize(1);
  }

  private UUID submit(String text) throws Exception {
    return ada.submit(Environment.LIVE, JobPayload.of("echo", text));
  }

  private UUID failed(String text, String code) throws Exception {
    var id = submit(text);
    sql(
        "update jobs.jobs set state = 'failed', code = '%s', finished_at = now(), lease_until = null where id = '%s'"
            .formatted(code, id));
    return id;
  }

  private HttpResponse<String> get(String path, String accept) throws Exception {
    return ada.http()
        .send(
            HttpRequest.newBuilder(site().resolve(path)).header("Accept", accept).build(),
            HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
  }
}
