package dev.behalf.web.work.batches;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.behalf.contract.StrictJson;
import dev.behalf.testkit.Person;
import dev.behalf.web.WebAppTest;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A previewed file becomes jobs, and comes back with the outcome of each line. */
class BatchesTest extends WebAppTest {

  private Person ada;

  @BeforeEach
  void somebody() throws Exception {
    ada = signUp();
  }

  @Test
  void each_line_is_a_job_and_a_fault_stands_beside_its_line() throws Exception {
    var batch =
        send(
            "texts.csv",
            """
            operation,text,labels
            classify,"two lines
            in one cell",good|bad
            echo,=1+1,
            guess,what is this,
            echo,,
            echo,one,two,three
            """);

    var page = ada.page("/batches/" + batch).body();

    assertThat(number("select count(*) from jobs.jobs where batch_id = '" + batch + "'"))
        .isEqualTo(2);
    assertThat(page).contains("3 lines were skipped", "The line has 4 cells, the heading 3.");
    assertThat(
            text(
                "select payload from jobs.jobs where batch_line = 2 and batch_id = '"
                    + batch
                    + "'"))
        .contains("two lines\\nin one cell")
        .contains("[\"good\",\"bad\"]");
  }

  @Test
  void what_is_fetched_again_while_a_batch_runs_has_its_faults() throws Exception {
    var batch =
        send("few.jsonl", "{\"operation\":\"echo\",\"text\":\"a\"}\n{\"operation\":\"guess\"}");
    sql(
        "update jobs.jobs set state = 'failed', code = 'engine_failed', finished_at = now(), lease_until = null"
            + " where batch_id = '%s'".formatted(batch));

    var first = ada.page("/batches/" + batch + "/progress").body();
    var next = ada.page("/batches/" + batch + "/progress?after=1").body();

    assertThat(first).contains("id=\"faults\"", "engine_failed", "Unknown operation");
    assertThat(next).contains("Unknown operation", "after=1").doesNotContain("engine_failed");
  }

  @Test
  void faults_are_told_in_the_language_of_the_reader_and_in_english_to_programs() throws Exception {
    var batch =
        send("faults.csv", "operation,text,labels\necho,a\necho,,\nguess,c,\necho,works,\n");

    var page = page("/batches/" + batch, "zh-CN");
    var results = ada.page("/batches/" + batch + "/results").body();

    assertThat(page)
        .contains("此行有 2 个单元格，而列名行有 3 个。")
        .contains("<code>text</code> 请填写。", "未知的操作：")
        .doesNotContain("The line has");
    assertThat(results)
        .contains("The line has 2 cells, the heading 3.", "is missing: set it.")
        .contains("Unknown operation: set")
        .doesNotContain("words", "batches.misread");
  }

  @Test
  void a_fault_that_an_earlier_version_stored_is_shown_in_english() throws Exception {
    var batch = send("old.csv", "operation,text\nguess,a\nguess,b\necho,works\n");
    sql(
        "update jobs.batch_faults set words = null, fault = 'An old sentence.' where line = 2 and batch_id = '"
            + batch
            + "'");
    sql(
        "update jobs.batch_faults set words = '{\"key\":\"no.such.key\",\"at\":\"text\",\"values\":[]}', fault = 'A new sentence.' where line = 3 and batch_id = '"
            + batch
            + "'");

    assertThat(page("/batches/" + batch, "zh-CN"))
        .contains("An old sentence.", "A new sentence.")
        .doesNotContain("<code>text</code>", "??");
  }

  @Test
  void ten_thousand_lines_come_back_in_their_order() throws Exception {
    var file =
        IntStream.rangeClosed(1, 10_000)
            .mapToObj(i -> "{\"operation\":\"echo\",\"text\":\"line " + i + "\"}")
            .collect(Collectors.joining("\n"));
    var batch = send("many.jsonl", file);
    sql(
        "update jobs.jobs set state = 'cancelled', finished_at = now() where batch_id = '"
            + batch
            + "'");

    var results = ada.page("/batches/" + batch + "/results").body().lines().toList();

    assertThat(results).hasSize(10_000);
    assertThat(results)
        .extracting(line -> StrictJson.MAPPER.readTree(line).required("line").asInt())
        .isEqualTo(IntStream.rangeClosed(1, 10_000).boxed().toList());
    assertThat(ada.page("/batches/" + batch).body()).contains("10,000 of 10,000 done");
  }

  @Test
  void a_file_without_a_valid_line_cannot_be_started() throws Exception {
    var preview = post(ada, "/batches", "wrong.csv", "name,colour\na,b\n");

    assertThat(preview.statusCode()).isEqualTo(200);
    assertThat(preview.body())
        .contains("No line is a valid job.", "<code>text</code> Fill this in.")
        .doesNotContain("id=\"start\"");
    assertThat(ada.jobs()).isEmpty();
  }

  @Test
  void a_line_of_a_hundred_million_letters_is_one_fault_and_the_others_run() throws Exception {
    var batch =
        send(
            "long.jsonl",
            "{\"operation\":\"echo\",\"text\":\""
                + "x".repeat(90_000_000)
                + "\"}\n{\"operation\":\"echo\",\"text\":\"short\"}");

    assertThat(jobs(batch)).isEqualTo(1);
    assertThat(faults(batch))
        .isEqualTo("1 The line is longer than 512 KiB: split its text into several jobs.");
  }

  @Test
  void rows_of_large_cells_are_faults_of_those_rows() throws Exception {
    var large = "echo,\"" + "x".repeat(15_000_000) + "\"\n";
    var many = ",".repeat(10_000_000) + "\n";
    var batch = send("large.csv", "operation,text\n" + large.repeat(3) + many + "echo,short\n");

    assertThat(jobs(batch)).isEqualTo(1);
    assertThat(faults(batch).lines()).hasSize(4);
  }

  @Test
  void what_an_operation_does_not_read_is_a_fault_and_not_stored() throws Exception {
    var batch =
        send(
            "unread.csv",
            "operation,text,labels,comment\necho,hi,a|b,\necho,hi,," + "x".repeat(400_000) + "\n");

    assertThat(jobs(batch)).isEqualTo(1);
    assertThat(faults(batch)).isEqualTo("2 Remove \"labels\": this operation does not use it.");
    assertThat(
            number(
                "select max(octet_length(payload)) from jobs.jobs where batch_id = '"
                    + batch
                    + "'"))
        .isLessThan(100);
  }

  @Test
  void many_large_lines_are_stored_in_pieces() throws Exception {
    var line = "{\"operation\":\"echo\",\"text\":\"" + "x".repeat(64 * 1024) + "\"}\n";
    var batch = send("many.jsonl", line.repeat(300));

    assertThat(jobs(batch)).isEqualTo(300);
  }

  @Test
  void lines_are_counted_as_an_editor_counts_them() throws Exception {
    var batch =
        send(
            "gaps.jsonl",
            """
            {"operation":"echo","text":"one"}


            {"operation":"guess","text":"four"}
            """);
    var rows =
        send(
            "gaps.csv",
            "operation,text\r\n\r\necho,\"in\ntwo\"\r\n,\r\n,\r\nguess,six\r\necho,\"say \"\"hi\"\"\"\r\n");

    assertThat(faults(batch)).startsWith("4 Unknown operation: set \"operation\"");
    assertThat(faults(rows)).startsWith("7 Unknown operation: set \"operation\"");
    assertThat(
            text(
                "select string_agg(batch_line::text, ' ' order by batch_line) from jobs.jobs where batch_id = '"
                    + rows
                    + "'"))
        .isEqualTo("3 8");
  }

  @Test
  void a_quote_that_is_not_closed_is_a_fault_of_its_line_and_what_stands_before_it_runs()
      throws Exception {
    var rows = "echo,\"text\"\n".repeat(600);
    var batch = send("broken.csv", "operation,text\n" + rows + "echo,\"open\necho,lost\n");

    assertThat(jobs(batch)).isEqualTo(600);
    assertThat(faults(batch))
        .isEqualTo(
            "602 The quote that opens here is not closed. The rest of the file was not read.");
    assertThat(ada.page("/batches/" + batch).body()).contains("The rest of the file was not read");
  }

  @Test
  void a_quote_inside_a_cell_is_a_letter() throws Exception {
    var batch = send("inch.csv", "operation,text\necho,a 5\" disk\necho,b\n");

    assertThat(jobs(batch)).isEqualTo(2);
  }

  @Test
  void a_byte_order_mark_is_no_content() throws Exception {
    var batch = send("mark.csv", "\ufeff\"operation\",\"text\"\r\necho,hi\r\n");

    assertThat(jobs(batch)).isEqualTo(1);
    assertThat(jobs(send("mark.jsonl", "\ufeff{\"operation\":\"echo\",\"text\":\"hi\"}")))
        .isEqualTo(1);
  }

  @Test
  void a_file_of_another_kind_queues_nothing_and_says_which() throws Exception {
    var neither =
        ("operation,text\n" + "echo,hi\n".repeat(9_000) + "echo,caf\u00e9\u0081\n")
            .getBytes(ISO_8859_1);
    assertThat(refused("neither.csv", neither)).contains("Line 9,002 is not UTF-8");
    assertThat(refused("wide.csv", "\ufeffoperation,text\necho,hi\n".getBytes(UTF_16LE)))
        .contains("UTF-16");
    assertThat(refused("book.csv", new byte[] {'P', 'K', 3, 4, 0, 0})).contains("workbook");
    assertThat(refused("semicolons.csv", "operation;text\necho;hi\n".getBytes(UTF_8)))
        .contains("semicolons");
    assertThat(refused("twice.csv", "operation,text,text\necho,a,b\n".getBytes(UTF_8)))
        .contains("twice");
    assertThat(ada.jobs()).isEmpty();
  }

  private String refused(String name, byte[] content) throws Exception {
    var answer = post(ada, "/batches", name, content);
    assertThat(answer.statusCode()).isEqualTo(422);
    return answer.body();
  }

  private static long jobs(UUID batch) {
    return number("select count(*) from jobs.jobs where batch_id = '" + batch + "'");
  }

  private static String faults(UUID batch) {
    return text(
        "select string_agg(line || ' ' || fault, E'\\n' order by line) from jobs.batch_faults where batch_id = '"
            + batch
            + "'");
  }

  @Test
  void nobody_sees_the_batch_of_another() throws Exception {
    var batch = send("one.jsonl", "{\"operation\":\"echo\",\"text\":\"mine\"}");
    var eve = signUp();

    for (var path : new String[] {"", "/progress", "/results", "/results.csv"}) {
      assertThat(eve.page("/batches/" + batch + path).statusCode()).isEqualTo(404);
    }
  }

  private String page(String path, String language) throws Exception {
    return ada.http()
        .send(
            HttpRequest.newBuilder(site().resolve(path))
                .header("Accept-Language", language)
                .build(),
            HttpResponse.BodyHandlers.ofString(UTF_8))
        .body();
  }

  private UUID send(String name, String content) throws Exception {
    var preview = post(ada, "/batches", name, content);
    assertThat(preview.uri().getPath()).as(preview.body()).startsWith("/batches/uploads/");
    return id(ada.form(preview.uri().getPath(), Map.of("start", "1")));
  }

  private static UUID id(HttpResponse<String> page) {
    var to = page.uri().getPath();
    return UUID.fromString(to.substring(to.lastIndexOf('/') + 1));
  }

  private HttpResponse<String> post(Person person, String path, String name, String content)
      throws Exception {
    return post(person, path, name, content.getBytes(UTF_8));
  }

  private HttpResponse<String> post(Person person, String path, String name, byte[] content)
      throws Exception {
    var heading =
        "--line\r\nContent-Disposition: form-data; name=\"file\"; filename=\"%s\"\r\n\r\n"
            .formatted(name)
            .getBytes(UTF_8);
    var body = List.of(heading, content, "\r\n--line--\r\n".getBytes(UTF_8));
    return person
        .http()
        .send(
            HttpRequest.newBuilder(site().resolve(path))
                .header("Content-Type", "multipart/form-data; boundary=line")
                .header("X-CSRF-TOKEN", person.token())
                .POST(HttpRequest.BodyPublishers.ofByteArrays(body))
                .build(),
            HttpResponse.BodyHandlers.ofString(UTF_8));
  }
}
