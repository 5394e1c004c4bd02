package dev.behalf.web.work.batches;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.behalf.testkit.Person;
import dev.behalf.web.WebAppTest;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.Charset;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

/** What a file will do is shown before anything of it runs; its results stand beside its rows. */
class PreviewTest extends WebAppTest {

  private static final String ORDERS =
      "Order No,Text,Amount\r\n17,first,-5\r\n18,second,=1+1\r\n19,,0\r\n20,a,b,c\r\n";

  @Autowired private Uploads uploads;
  private Person ada;

  @BeforeEach
  void somebody() throws Exception {
    ada = signUp();
  }

  @Test
  void shows_ten_rows_faults_and_cost_and_queues_nothing() throws Exception {
    var rows =
        IntStream.rangeClosed(1, 30)
            .mapToObj(i -> "echo,row " + i)
            .collect(Collectors.joining("\n"));
    var preview = upload("rows.csv", "operation,text\n" + rows + "\nguess,what\n").body();

    assertThat(preview)
        .contains("Start 30 jobs", "First 10 of 31 lines", "1 line will be skipped.")
        .contains("About 30 units", "<td>row 10</td>", "Unknown operation")
        .doesNotContain("<td>row 11</td>");
    assertThat(ada.jobs()).isEmpty();
  }

  @Test
  void faults_of_lines_and_of_files_are_told_in_the_language_of_the_reader() throws Exception {
    var lines =
        upload("rows.csv", "operation,text\necho,a,b\necho,\n".getBytes(UTF_8), "zh-CN").body();
    var file = upload("wide.csv", "operation;text\necho;a\n".getBytes(UTF_8), "zh-CN");

    assertThat(lines)
        .contains("此行有 3 个单元格，而列名行有 2 个。", "<code>text</code> 请填写。")
        .doesNotContain("The line has");
    assertThat(file.statusCode()).isEqualTo(422);
    assertThat(file.body()).contains("单元格以分号分隔：请改用逗号。").doesNotContain("semicolons");
  }

  @Test
  void a_preview_that_an_earlier_version_stored_is_shown() throws Exception {
    var path = upload("old.csv", "operation,text\nguess,a\necho,b\n").uri().getPath();
    sql(
        "update jobs.uploads set preview = regexp_replace(preview, ',\"words\":\\{[^}]*\\}', '') "
            + ofAda());

    assertThat(text("select preview from jobs.uploads " + ofAda())).doesNotContain("words");
    assertThat(ada.page(path).body()).contains("Unknown operation: set", "Start 1 job");
  }

  @Test
  void columns_are_mapped_by_name_and_by_choice() throws Exception {
    var preview = upload("orders.csv", ORDERS);
    var path = preview.uri().getPath();

    assertThat(preview.body()).contains("Start 2 jobs").contains("selected=\"selected\">text<");
    var asked = Map.of("operation", "echo", "column.0", "text", "column.1", "", "column.2", "");
    var other = ada.form(path, asked);

    assertThat(other.uri().getPath()).isEqualTo(path);
    assertThat(other.body()).contains("Start 3 jobs");
    ada.form(path, with(asked, "start", "1"));
    assertThat(
            text("select string_agg(payload, ' ' order by batch_line) from jobs.jobs " + ofAda()))
        .isEqualTo(
            "{\"operation\":\"echo\",\"text\":\"17\"} {\"operation\":\"echo\",\"text\":\"18\"}"
                + " {\"operation\":\"echo\",\"text\":\"19\"}");
  }

  @Test
  void settings_that_were_not_previewed_are_previewed_before_they_start() throws Exception {
    var path = upload("orders.csv", ORDERS).uri().getPath();

    var answer =
        ada.form(
            path, Map.of("operation", "echo", "column.0", "text", "column.1", "", "start", "1"));

    assertThat(answer.uri().getPath()).isEqualTo(path);
    assertThat(answer.body()).contains("You changed the settings.", "Start 3 jobs");
    assertThat(ada.jobs()).isEmpty();
  }

  @Test
  void settings_that_make_no_jobs_say_what_to_change() throws Exception {
    var path = upload("orders.csv", ORDERS).uri().getPath();

    var twice = ada.form(path, Map.of("column.0", "text", "column.1", "text"));
    var none = ada.form(path, Map.of("operation", ""));

    assertThat(twice.statusCode()).isEqualTo(422);
    assertThat(twice.body()).contains("Two columns are mapped to the same property.");
    assertThat(none.statusCode()).isEqualTo(422);
    assertThat(none.body()).contains("Choose an operation for all rows");
  }

  @Test
  void windows_1252_is_detected_and_can_be_changed() throws Exception {
    var file = "operation,text\necho,München – €5\n".getBytes(Charset.forName("windows-1252"));
    var preview = upload("latin.csv", file);
    var path = preview.uri().getPath();

    assertThat(preview.body())
        .contains("München – €5")
        .contains("value=\"windows_1252\" selected=\"selected\"");
    var wrong = ada.form(path, Map.of("encoding", "utf_8"));
    assertThat(wrong.statusCode()).isEqualTo(422);
    assertThat(wrong.body()).contains("Line 2 is not UTF-8");
    ada.form(path, Map.of("start", "1"));
    assertThat(text("select payload from jobs.jobs " + ofAda())).contains("München – €5");
  }

  @Test
  void a_byte_order_mark_is_named() throws Exception {
    assertThat(upload("mark.csv", "\ufeff\"operation\",\"text\"\r\n\"echo\",\"hi\"\r\n").body())
        .contains("UTF-8 byte order mark", "Start 1 job");
  }

  @Test
  void a_double_click_starts_one_batch() throws Exception {
    var path = upload("once.csv", "operation,text\necho,one\necho,two\n").uri().getPath();

    var answers =
        Stream.of(1, 2).map(click -> CompletableFuture.supplyAsync(() -> start(path))).toList();
    for (var answer : answers) {
      assertThat(answer.join().statusCode()).isIn(200, 409);
    }
    var later = start(path);

    assertThat(number("select count(*) from jobs.batches " + ofAda())).isEqualTo(1);
    assertThat(number("select count(*) from jobs.jobs " + ofAda())).isEqualTo(2);
    assertThat(later.uri().getPath()).startsWith("/batches/").isNotEqualTo(path);
    assertThat(number("select count(*) from jobs.uploads " + ofAda())).isZero();
  }

  @Test
  void the_newest_three_files_are_kept_for_an_hour() throws Exception {
    for (int i = 1; i <= 4; i++) {
      upload("file " + i + ".csv", "operation,text\necho,one\n");
    }
    assertThat(text("select string_agg(name, ' ' order by id) from jobs.uploads " + ofAda()))
        .isEqualTo("file 2.csv file 3.csv file 4.csv");
    assertThat(ada.page("/batches/new").body()).contains("file 4.csv");

    sql(
        "update jobs.uploads set created_at = now() - interval '61 minutes' "
            + ofAda()
            + " and name <> 'file 4.csv'");
    uploads.expire();

    assertThat(text("select string_agg(name, ' ') from jobs.uploads " + ofAda()))
        .isEqualTo("file 4.csv");
    assertThat(number("select count(*) from jobs.upload_parts " + ofAda())).isEqualTo(1);
  }

  @Test
  void a_discarded_file_is_gone_and_nobody_sees_that_of_another() throws Exception {
    var path = upload("mine.csv", "operation,text\necho,mine\n").uri().getPath();
    var eve = signUp();

    assertThat(eve.page(path).statusCode()).isEqualTo(404);
    assertThat(eve.form(path, Map.of("start", "1")).statusCode()).isEqualTo(404);
    assertThat(eve.form(path + "/removal", Map.of()).statusCode()).isEqualTo(404);
    assertThat(ada.page("/test" + path).statusCode()).isEqualTo(404);
    ada.form(path + "/removal", Map.of());
    assertThat(ada.page(path).statusCode()).isEqualTo(404);
  }

  @Test
  void a_file_in_many_parts_is_read_whole() throws Exception {
    var line = "echo," + "é".repeat(30_000) + "\n";
    var path =
        upload("large.csv", ("operation,text\n" + line.repeat(100)).getBytes(ISO_8859_1))
            .uri()
            .getPath();

    start(path);

    assertThat(number("select count(*) from jobs.jobs " + ofAda())).isEqualTo(100);
    assertThat(number("select min(char_length(payload)) from jobs.jobs " + ofAda()))
        .isGreaterThan(30_000);
  }

  @Test
  void a_time_is_estimated_from_own_recent_jobs_or_not_at_all() throws Exception {
    sql("delete from jobs.jobs"); // other users in the queue would count
    var file = "operation,text\necho,one\necho,two\n";
    assertThat(upload("new.csv", file).body())
        .contains("No time estimate: none of your last 500 jobs completed echo.");
    ran("2026-11-24T10:00:00Z", "2026-11-24T10:00:02Z");
    ran("2026-11-24T10:00:01Z", "2026-11-24T10:00:03Z");
    ran("2026-11-24T11:00:00Z", "2026-11-24T11:00:03Z");

    assertThat(upload("known.csv", file).body())
        .contains("About 4.0 s", "estimated from 3 of your recent jobs, no queued job of yours");
  }

  @Test
  void the_cost_is_compared_with_the_quota_that_is_left() throws Exception {
    sql(
        """
        insert into compute.quota (user_id, environment, period, limit_units)
        values ('%s', 'live', to_char(now() at time zone 'utc', 'YYYY-MM'), 1)
        """
            .formatted(userId(ada)));

    assertThat(upload("much.csv", "operation,text\necho,one\necho,two\n").body())
        .contains("1 unit<", "The cost exceeds the quota that is left.");
  }

  @Test
  void results_stand_beside_the_rows_as_they_were_sent() throws Exception {
    var batch = id(start(upload("orders.csv", ORDERS).uri().getPath()));
    var job =
        text(
            "select id::text from jobs.jobs where batch_line = 2 and batch_id = '%s'"
                .formatted(batch));
    sql(
        """
        update jobs.jobs set state = 'succeeded', units = 1, finished_at = now() where id = '%1$s';
        insert into compute.results values ('%2$s', '%1$s', 'live', 'echo', '', '{"text":"FIRST"}', 1, now());
        update jobs.jobs set state = 'failed', code = 'time_limit', detail = 'Too long.', finished_at = now()
        where batch_line = 3 and batch_id = '%3$s'
        """
            .formatted(job, userId(ada), batch));

    var rows = ada.page("/batches/" + batch + "/results.csv").body().lines().toList();

    assertThat(rows.getFirst())
        .isEqualTo("Order No,Text,Amount,state,answer,result,units,code,detail,job_id");
    assertThat(rows.get(1))
        .isEqualTo("17,first,-5,succeeded,FIRST,\"{\"\"text\"\":\"\"FIRST\"\"}\",1,,," + job);
    assertThat(rows.get(2)).startsWith("18,second,'=1+1,failed,,,,time_limit,Too long.,");
    assertThat(rows.get(3)).startsWith("19,,0,invalid,,,,,").contains("text");
    assertThat(rows.get(4))
        .startsWith("\"20,a,b,c\",,,invalid,")
        .contains("The line has 4 cells, the heading 3.");
    assertThat(rows).hasSize(5);
    assertThat(ada.page("/batches/" + batch).body())
        .contains("2 lines were skipped", "time_limit", "Too long.", "The line has 4 cells")
        .doesNotContain("rel=\"next\"");
  }

  @Test
  void results_of_json_lines_stand_beside_their_payload() throws Exception {
    var batch =
        id(
            start(
                upload("one.jsonl", "{\"operation\":\"echo\",\"text\":\"a\"}\nno JSON\n")
                    .uri()
                    .getPath()));

    var rows = ada.page("/batches/" + batch + "/results.csv").body().lines().toList();

    assertThat(rows.getFirst())
        .isEqualTo("line,payload,state,answer,result,units,code,detail,job_id");
    assertThat(rows.get(1)).startsWith("1,\"{\"\"operation\"\":\"\"echo\"\"");
    assertThat(rows.get(2)).startsWith("2,,invalid,");
  }

  @Test
  void results_that_are_uploaded_again_keep_their_columns() throws Exception {
    var batch =
        id(start(upload("again.csv", "operation,text,state\necho,a,failed\n").uri().getPath()));

    sql(
        "update jobs.jobs set state = 'cancelled', finished_at = now() where batch_id = '%s'"
            .formatted(batch));

    assertThat(ada.page("/batches/" + batch + "/results.csv").body())
        .startsWith("operation,text,state,state_2,answer,")
        .contains("echo,a,failed,cancelled,");
  }

  @Test
  void faults_are_listed_by_line_in_pages() throws Exception {
    var batch =
        id(
            start(
                upload("many.csv", "operation,text\necho,a\n" + "guess,x\n".repeat(60))
                    .uri()
                    .getPath()));

    var first = ada.page("/batches/" + batch).body();
    var second = ada.page("/batches/" + batch + "?after=52").body();

    assertThat(first).contains("?after=52").contains(">52</th>").doesNotContain(">53</th>");
    assertThat(second).contains(">53</th>", ">62</th>").doesNotContain(">52</th>");
  }

  /** A job of Ada's that ran from one time to another. */
  private void ran(String from, String to) {
    sql(
        """
        insert into jobs.jobs (user_id, id, environment, pool, operation, operation_version, payload, state, not_before,
                               hops, fingerprint, actor, created_at, finished_at)
        values ('%s', '%s', 'live', 'quick', 'echo', 1, '{"operation":"echo","text":"x"}', 'succeeded', now(),
                '[{"station":"taken","at":"%s"},{"station":"answered","at":"%s"}]', '', 'session', now(), now())
        """
            .formatted(userId(ada), UUID.randomUUID(), from, to));
  }

  private static Map<String, String> with(Map<String, String> fields, String name, String value) {
    var all = new java.util.HashMap<>(fields);
    all.put(name, value);
    return all;
  }

  private HttpResponse<String> start(String path) {
    try {
      return ada.form(path, Map.of("start", "1"));
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private static UUID id(HttpResponse<String> page) {
    var to = page.uri().getPath();
    return UUID.fromString(to.substring(to.lastIndexOf('/') + 1));
  }

  private String ofAda() {
    return "where user_id = '" + userId(ada) + "'";
  }

  private HttpResponse<String> upload(String name, String content) throws Exception {
    return upload(name, content.getBytes(UTF_8));
  }

  private HttpResponse<String> upload(String name, byte[] content) throws Exception {
    return upload(name, content, "en");
  }

  private HttpResponse<String> upload(String name, byte[] content, String language)
      throws Exception {
    var heading =
        "--line\r\nContent-Disposition: form-data; name=\"file\"; filename=\"%s\"\r\n\r\n"
            .formatted(name)
            .getBytes(UTF_8);
    return ada.http()
        .send(
            HttpRequest.newBuilder(site().resolve("/batches"))
                .header("Content-Type", "multipart/form-data; boundary=line")
                .header("Accept-Language", language)
                .header("X-CSRF-TOKEN", ada.token())
                .POST(
                    HttpRequest.BodyPublishers.ofByteArrays(
                        List.of(heading, content, "\r\n--line--\r\n".getBytes(UTF_8))))
                .build(),
            HttpResponse.BodyHandlers.ofString(UTF_8));
  }
}
