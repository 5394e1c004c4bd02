package dev.behalf.web.site.archive;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.behalf.testkit.Person;
import dev.behalf.web.Api;
import dev.behalf.web.WebAppTest;
import java.io.ByteArrayInputStream;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

/** A user takes along everything that is stored, and no secret. */
class ArchiveTest extends WebAppTest {

  /** Tables with rows of users that are not in the archive, and why. */
  private static final Map<String, String> LEFT_OUT =
      Map.ofEntries(
          Map.entry("accounts.key_requests", "kept for 7 days; the sums of days are there"),
          Map.entry("accounts.mail_links", "opens something"),
          Map.entry("accounts.managed_key_secrets", "opens something"),
          Map.entry("accounts.oauth2_authorization", "opens something; consents are there"),
          Map.entry("accounts.recovery_codes", "opens something"),
          Map.entry("accounts.second_factors", "opens something"),
          Map.entry("compute.cancellations", "of jobs: their state says so"),
          Map.entry("compute.events", "kept for a day; the result has the output"),
          Map.entry("compute.holds", "of jobs under way: the quota says how much"),
          Map.entry("compute.key_units", "sums of charges"),
          Map.entry("compute.ledger_hours", "sums of charges"),
          Map.entry("compute.runs", "of jobs under way"),
          Map.entry("jobs.deleted_job_actors", "of charges, which are there"),
          Map.entry("jobs.deletions_by_operation", "says until when jobs are deleted"),
          Map.entry("jobs.lanes", "order of the queue"),
          Map.entry("jobs.shares", "opens something; the activity says when"),
          Map.entry("jobs.upload_parts", "of uploads, which are kept for an hour"),
          Map.entry("jobs.uploads", "kept for an hour; a batch has the rows"),
          Map.entry("ops.dead_letters", "broken messages, for operators"),
          Map.entry("ops.settled_failures", "notes of operators"),
          Map.entry("webhooks.attempts", "of deliveries, which are there"));

  private static final Pattern TABLE =
      Pattern.compile("\\b(accounts|jobs|compute|webhooks|ops)\\.([a-z0-9_]+)");

  @Autowired List<ArchivePart> parts;

  private Person ada;

  @BeforeEach
  void somebody() throws Exception {
    ada = signUp();
  }

  @Test
  void has_jobs_with_results_keys_charges_and_activity() throws Exception {
    var job = submit("what I wrote");
    saved(userId(ada), job, "live", 3, "0123456789ab");
    sql("update jobs.jobs set state = 'succeeded', finished_at = now() where id = '" + job + "'");
    ada.post(
        "/api/v1/webhooks",
        "{\"url\":\"http://127.0.0.1:1/\",\"events\":[\"job.failed\"]}".getBytes(UTF_8));

    var files = files(download(PASSWORD));

    var stored = Api.parse(files.getOrDefault("jobs.jsonl", "").strip());
    assertThat(stored.required("payload").required("text").asString()).isEqualTo("what I wrote");
    assertThat(stored.required("result").isMissingNode()).isFalse();
    assertThat(files.getOrDefault("charges.jsonl", "")).contains(job.toString());
    assertThat(files.getOrDefault("keys.jsonl", "").lines()).hasSize(2);
    assertThat(files.getOrDefault("webhooks.jsonl", "")).contains("http://127.0.0.1:1/");
    assertThat(files.getOrDefault("activity.jsonl", ""))
        .contains("session.began", "account.archived");
    assertThat(files.getOrDefault("account.jsonl", "")).contains(ada.email());
  }

  @Test
  void has_all_lines_of_a_file_that_is_read_in_pieces() throws Exception {
    sql(
        """
        insert into jobs.views (user_id, name, query, created_at)
        select '%s', 'view ' || n, 'state:failed', now() from generate_series(1, 1000) n
        """
            .formatted(userId(ada)));

    assertThat(files(download(PASSWORD)).getOrDefault("saved_queries.jsonl", "").lines())
        .hasSize(1_000)
        .doesNotHaveDuplicates();
  }

  @Test
  void has_nothing_of_others_and_no_secret() throws Exception {
    var eve = signUp();
    submit("mine");

    var all = String.join("\n", files(download(PASSWORD)).values());

    assertThat(all).doesNotContain(userId(eve).toString(), eve.email());
    assertThat(all).doesNotContain("argon2", "hash", "ciphertext", "\"secret\"");
  }

  @Test
  void asks_for_the_password() throws Exception {
    assertThat(new String(download("wrong"), UTF_8)).contains("This does not match");
    assertThat(ada.page("/settings/archive").uri().getPath()).isEqualTo("/settings");
  }

  @Test
  void every_table_with_rows_of_users_is_in_it_or_says_why_not() {
    var stored =
        new TreeSet<>(
            List.of(
                text("""
                        select string_agg(distinct table_schema || '.' || table_name, ' ')
                        from information_schema.columns c join information_schema.tables using (table_schema, table_name)
                        where c.column_name = 'user_id' and table_type = 'BASE TABLE'
                          and table_schema in ('accounts', 'jobs', 'compute', 'webhooks', 'ops')
                        """)
                    .split(" ")));
    var shown = new TreeSet<String>();
    for (var part : parts) {
      TABLE.matcher(part.from()).results().forEach(table -> shown.add(table.group()));
    }

    assertThat(Set.copyOf(LEFT_OUT.keySet())).doesNotContainAnyElementsOf(shown);
    shown.addAll(LEFT_OUT.keySet());
    stored.removeAll(shown);
    assertThat(stored).as("neither in the archive nor left out with a reason").isEmpty();
  }

  private java.util.UUID submit(String text) throws Exception {
    return ada.submit(
        dev.behalf.contract.Environment.LIVE,
        dev.behalf.contract.JobPayload.parse("{\"operation\":\"echo\",\"text\":\"" + text + "\"}"));
  }

  private byte[] download(String password) throws Exception {
    var confirmed = ada.form("/settings/archive", Map.of("password", password));
    if (!confirmed.uri().getPath().equals("/settings/archive")) {
      return confirmed.body().getBytes(UTF_8);
    }
    return ada.http()
        .send(
            HttpRequest.newBuilder(site().resolve("/settings/archive")).build(),
            HttpResponse.BodyHandlers.ofByteArray())
        .body();
  }

  private static Map<String, String> files(byte[] archive) throws Exception {
    var files = new LinkedHashMap<String, String>();
    try (var zip = new ZipInputStream(new ByteArrayInputStream(archive))) {
      for (var entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
        files.put(entry.getName(), new String(zip.readAllBytes(), UTF_8));
      }
    }
    return files;
  }
}
