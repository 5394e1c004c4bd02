package dev.behalf.web.work.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.behalf.contract.StrictJson;
import dev.behalf.testkit.Person;
import dev.behalf.web.Api;
import dev.behalf.web.WebAppTest;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Tags and metadata of jobs: attached, found, shown, and told. */
class AnnotationsTest extends WebAppTest {

  private static final String ATTACHED =
      "\"tags\":[\"nightly\",\"shop/eu\"],\"metadata\":{\"order\":\"4711\",\"who.else\":\"Ü ü\"}";

  private Person ada;

  @BeforeEach
  void somebody() throws Exception {
    ada = signUp();
  }

  @Test
  void what_is_attached_to_a_job_stands_in_its_answers_and_on_its_page() throws Exception {
    var queued = Api.json(submit(ATTACHED));
    var job = Api.json(ada.page("/api/v1/jobs/" + id(queued)));

    for (var answer : List.of(queued, job)) {
      assertThat(answer.required("tags").toString()).isEqualTo("[\"nightly\",\"shop/eu\"]");
      assertThat(answer.required("metadata").required("order").asString()).isEqualTo("4711");
    }
    assertThat(ada.page("/jobs/" + id(queued)).body()).contains("q=tag:shop/eu", "who.else", "Ü ü");
  }

  @Test
  void a_job_without_them_says_nothing_of_them() throws Exception {
    var job = Api.json(submit("\"tags\":[],\"metadata\":{}"));

    assertThat(job.has("tags")).isFalse();
    assertThat(job.has("metadata")).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "tag:nightly,1",
    "tag:shop/eu,1",
    "tag:night,0",
    "tag:nightly tag:weekly,0",
    "meta.order:4711,1",
    "meta.order:471,0",
    "meta.who.else:\"Ü ü\",1",
    "meta.order:4711 tag:nightly state:open,1"
  })
  void a_job_is_found_by_them(String query, int found) throws Exception {
    submit(ATTACHED);
    submit("\"tags\":[\"weekly\"]");
    var others = signUp();
    others.post("/api/v1/jobs", body(ATTACHED));

    var q = URLEncoder.encode(query, StandardCharsets.UTF_8);
    assertThat(Api.json(ada.page("/api/v1/jobs?q=" + q)).required("jobs").size()).isEqualTo(found);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"tags\":[\"a b\"]",
        "\"tags\":[\"\"]",
        "\"tags\":[null]",
        "\"tags\":[\"-\"]",
        "\"tags\":\"a\"",
        "\"tags\":[\"1\",\"2\",\"3\",\"4\",\"5\",\"6\",\"7\",\"8\",\"9\",\"10\",\"11\"]",
        "\"metadata\":{\"a b\":\"c\"}",
        "\"metadata\":{\"\":\"c\"}",
        "\"metadata\":{\"a\":null}",
        "\"metadata\":{\"a\":{}}",
        "\"metadata\":[]"
      })
  void what_cannot_be_attached_is_refused(String attached) throws Exception {
    assertThat(submit(attached).statusCode()).isIn(400, 422);
  }

  @Test
  void they_are_bounded_in_bytes_as_they_are_stored() throws Exception {
    var fits = "\"metadata\":{\"k\":\"%s\"}".formatted("x".repeat(1024 - 8));
    var most =
        "\"tags\":[%s]"
            .formatted(
                IntStream.range(0, 10)
                    .mapToObj(i -> "\"%s%d\"".formatted("t".repeat(49), i))
                    .collect(Collectors.joining(",")));

    assertThat(submit(fits).statusCode()).isEqualTo(202);
    assertThat(submit(most).statusCode()).isEqualTo(202);
    assertThat(submit("\"metadata\":{\"k\":\"%s\"}".formatted("é".repeat(600))).statusCode())
        .isEqualTo(422);
    assertThat(submit("\"metadata\":{\"k\":\"%s\"}".formatted("\\u0001".repeat(160))).statusCode())
        .isEqualTo(202);
    assertThat(submit("\"metadata\":{\"k\":\"%s\"}".formatted("\\u0001".repeat(180))).statusCode())
        .isEqualTo(422);
  }

  @Test
  void a_retry_keeps_them() throws Exception {
    var job = id(Api.json(submit(ATTACHED)));
    ada.post("/api/v1/jobs/" + job + "/cancellation", new byte[0]);

    var retry = Api.json(ada.post("/api/v1/jobs/" + job + "/retry", new byte[0]));

    assertThat(retry.required("tags").size()).isEqualTo(2);
    assertThat(retry.required("metadata").required("order").asString()).isEqualTo("4711");
  }

  @Test
  void a_webhook_and_a_download_tell_them() throws Exception {
    var webhook = "{\"url\":\"http://127.0.0.1:1/\",\"events\":[\"job.cancelled\"]}";
    ada.post("/api/v1/webhooks", webhook.getBytes(StandardCharsets.UTF_8));
    var job = id(Api.json(submit(ATTACHED)));
    ada.post("/api/v1/jobs/" + job + "/cancellation", new byte[0]);

    var event =
        StrictJson.MAPPER.readTree(
            text("select body from webhooks.deliveries where job_id = '" + job + "'"));
    assertThat(event.at("/data/tags/0").asString()).isEqualTo("nightly");
    assertThat(event.at("/data/metadata/order").asString()).isEqualTo("4711");
    var csv = download("text/csv");
    assertThat(csv.lines().findFirst().orElseThrow()).contains(",tags,metadata,");
    assertThat(csv).contains("nightly shop/eu");
    assertThat(download("application/json")).contains("\"order\":\"4711\"");
  }

  private String download(String type) throws Exception {
    var request = HttpRequest.newBuilder(site().resolve("/jobs")).header("Accept", type).build();
    return ada.http().send(request, HttpResponse.BodyHandlers.ofString()).body();
  }

  private HttpResponse<String> submit(String attached) throws Exception {
    return ada.post("/api/v1/jobs", body(attached));
  }

  private static byte[] body(String attached) {
    return "{\"payload\":{\"operation\":\"echo\",\"text\":\"hi\"},%s}"
        .formatted(attached)
        .getBytes(StandardCharsets.UTF_8);
  }

  private static String id(JsonNode job) {
    return job.required("id").asString();
  }
}
