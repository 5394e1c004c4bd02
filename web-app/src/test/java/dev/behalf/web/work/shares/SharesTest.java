package dev.behalf.web.work.shares;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.behalf.contract.Environment;
import dev.behalf.contract.JobPayload;
import dev.behalf.testkit.Person;
import dev.behalf.web.WebAppTest;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Links with which somebody without an account sees one job. */
class SharesTest extends WebAppTest {

  private static final Pattern LINK = Pattern.compile("/shared/[A-Za-z0-9_-]{43}");

  private Person ada;
  private UUID job;

  @BeforeEach
  void somebody() throws Exception {
    ada = signUp();
    job =
        ada.submit(
            Environment.LIVE,
            JobPayload.parse("{\"operation\":\"echo\",\"text\":\"for everybody\"}"));
    sql(
        """
        update jobs.jobs set state = 'failed', code = 'engine_refused', detail = 'Too short.', finished_at = now(),
          lease_until = null, tags = '{private-tag}', metadata = '{"order": "private-4711"}'
        where id = '%s'
        """
            .formatted(job));
  }

  @Test
  void a_link_shows_the_job_to_a_stranger_and_nothing_else_of_the_account() throws Exception {
    var page = open(share("7"));

    assertThat(page.statusCode()).isEqualTo(200);
    assertThat(page.body())
        .contains("for everybody", "Too short.", job.toString().substring(28))
        .doesNotContain(ada.email(), "private-tag", "private-4711", job.toString())
        .doesNotContain("/jobs/", "<form");
    assertThat(page.headers().firstValue("Cache-Control")).hasValue("no-store");
    assertThat(page.headers().firstValue("X-Robots-Tag")).hasValue("noindex, nofollow");
    assertThat(page.headers().allValues("Set-Cookie")).isEmpty();
  }

  @Test
  void a_shared_page_is_titled_with_the_operation_of_its_job() throws Exception {
    var title = "echo: job " + job.toString().substring(28);

    assertThat(open(share("7")).body())
        .contains(
            "<title>" + title + " · Behalf</title>", "<h1 id=\"job-title\">" + title + "</h1>");
  }

  @Test
  void a_link_is_shown_once_and_stored_as_a_hash() throws Exception {
    var link = share("7");
    var token = link.substring(link.lastIndexOf('/') + 1);

    assertThat(ada.page("/jobs/" + job + "/shares").body()).doesNotContain(token);
    assertThat(
            text("select string_agg(s::text, ' ') from jobs.shares s where job_id = '" + job + "'"))
        .doesNotContain(token);
    assertThat(
            text(
                "select hash = sha256('"
                    + token
                    + "') from jobs.shares where job_id = '"
                    + job
                    + "'"))
        .isEqualTo("t");
  }

  @Test
  void a_revoked_link_opens_nothing() throws Exception {
    var link = share("7");
    var id = text("select id from jobs.shares where job_id = '" + job + "'");

    ada.form("/jobs/" + job + "/shares/" + id + "/removal", Map.of());

    assertThat(open(link).statusCode()).isEqualTo(404);
    assertThat(ada.page("/activity").body())
        .contains("Job shared with a link", "Share link of a job revoked");
  }

  @Test
  void a_link_ends_after_the_days_that_were_chosen() throws Exception {
    var link = share("1");
    assertThat(text("select expires_at - created_at from jobs.shares where job_id = '" + job + "'"))
        .isEqualTo("1 day");

    sql("update jobs.shares set expires_at = now() where job_id = '" + job + "'");

    assertThat(open(link).statusCode()).isEqualTo(404);
  }

  @Test
  void a_link_has_no_more_rights_than_its_owner() throws Exception {
    var link = share("7");
    assertThat(open(link).statusCode()).isEqualTo(200);

    sql("update accounts.users set scopes = 'jobs:write' where email = '" + ada.email() + "'");

    await().atMost(Duration.ofSeconds(1)).until(() -> open(link).statusCode() == 404);
  }

  @Test
  void others_can_neither_share_a_job_nor_revoke_its_links() throws Exception {
    var link = share("7");
    var id = text("select id from jobs.shares where job_id = '" + job + "'");
    var ben = signUp();

    assertThat(ben.page("/jobs/" + job + "/shares").statusCode()).isEqualTo(404);
    assertThat(ben.form("/jobs/" + job + "/shares", Map.of("days", "7")).statusCode())
        .isEqualTo(404);
    ben.form("/jobs/" + job + "/shares/" + id + "/removal", Map.of());

    assertThat(open(link).statusCode()).isEqualTo(200);
  }

  @Test
  void a_job_has_at_most_ten_links() throws Exception {
    for (int i = 0; i < Shares.MOST; i++) {
      share("30");
    }

    var eleventh = ada.form("/jobs/" + job + "/shares", Map.of("days", "30"));

    assertThat(eleventh.statusCode()).isEqualTo(422);
    assertThat(eleventh.body()).contains("Revoke one first");
  }

  @Test
  void an_address_that_was_never_given_opens_nothing() throws Exception {
    for (var token : new String[] {"x", "a".repeat(43), "a".repeat(2_000), "%00", "é".repeat(43)}) {
      var answer =
          open(
              "/shared/"
                  + java.net.URLEncoder.encode(token, java.nio.charset.StandardCharsets.UTF_8));
      assertThat(answer.statusCode()).as(token).isIn(400, 404);
    }
  }

  @Test
  void a_job_in_test_mode_is_shared_from_its_own_page() throws Exception {
    var test =
        ada.submit(
            Environment.TEST, JobPayload.parse("{\"operation\":\"echo\",\"text\":\"a trial\"}"));

    assertThat(ada.page("/jobs/" + test + "/shares").uri().getPath())
        .isEqualTo("/test/jobs/" + test + "/shares");
    var created = ada.form("/test/jobs/" + test + "/shares", Map.of("days", "7"));

    assertThat(open(link(created.body())).body()).contains("a trial", "TEST");
  }

  private String share(String days) throws Exception {
    var created = ada.form("/jobs/" + job + "/shares", Map.of("days", days));
    assertThat(created.statusCode()).as(created.body()).isEqualTo(200);
    return link(created.body());
  }

  private static String link(String page) {
    var found = LINK.matcher(page);
    assertThat(found.find()).as(page).isTrue();
    return found.group();
  }

  private HttpResponse<String> open(String path) throws Exception {
    return HttpClient.newHttpClient()
        .send(
            HttpRequest.newBuilder(site().resolve(path)).build(),
            HttpResponse.BodyHandlers.ofString());
  }
}
