package dev.behalf.web.batches;

import static org.assertj.core.api.Assertions.assertThat;

import dev.behalf.contract.StrictJson;
import dev.behalf.standalone.Person;
import dev.behalf.web.WebAppTest;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A file becomes jobs, and comes back with what became of each line. */
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
    assertThat(page).contains("3 lines are no jobs", "It has 4 cells, and the heading 3.");
    assertThat(
            text(
                "select payload from jobs.jobs where batch_line = 1 and batch_id = '"
                    + batch
                    + "'"))
        .contains("two lines\\nin one cell")
        .contains("[\"good\",\"bad\"]");
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
  void a_file_that_is_not_understood_queues_nothing() throws Exception {
    var answer = post(ada, "/batches", "wrong.csv", "name;colour\na;b\n");

    assertThat(answer.statusCode()).isEqualTo(422);
    assertThat(answer.body()).contains("Nothing of the file was queued.", "operation, text");
    assertThat(ada.jobs()).isEmpty();
  }

  @Test
  void nobody_sees_the_batch_of_another() throws Exception {
    var batch = send("one.jsonl", "{\"operation\":\"echo\",\"text\":\"mine\"}");
    var eve = signUp();

    for (var path : new String[] {"", "/progress", "/results"}) {
      assertThat(eve.page("/batches/" + batch + path).statusCode()).isEqualTo(404);
    }
  }

  private UUID send(String name, String content) throws Exception {
    var to = post(ada, "/batches", name, content).uri().getPath();
    return UUID.fromString(to.substring(to.lastIndexOf('/') + 1));
  }

  private HttpResponse<String> post(Person person, String path, String name, String content)
      throws Exception {
    var body =
        "--line\r\nContent-Disposition: form-data; name=\"file\"; filename=\"%s\"\r\n\r\n%s\r\n--line--\r\n"
            .formatted(name, content);
    return person
        .http()
        .send(
            HttpRequest.newBuilder(site().resolve(path))
                .header("Content-Type", "multipart/form-data; boundary=line")
                .header("X-CSRF-TOKEN", person.token())
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build(),
            HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
  }
}
