package dev.behalf.web.billing.statements;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.behalf.testkit.Person;
import dev.behalf.web.Api;
import dev.behalf.web.WebAppTest;
import dev.behalf.web.billing.usage.Charges;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

class StatementsTest extends WebAppTest {

  private final String now = Instant.now().toString();
  private final YearMonth month = YearMonth.now(ZoneOffset.UTC);
  private final String before = month.minusMonths(1) + "-15T12:30:00Z";

  private Person ada;
  private UUID user;
  private String key;
  private UUID job;

  @BeforeEach
  void charges() throws Exception {
    ada = signUp();
    user = userId(ada);
    key =
        Api.json(
                ada.post(
                    "/api/v1/keys",
                    "{\"name\":\"=cmd()\",\"environment\":\"live\",\"scopes\":[\"usage:read\"]}"
                        .getBytes(UTF_8)))
            .required("key")
            .required("id")
            .asString();
    job = UUID.randomUUID();
    sql(Charges.charge(user, job, "live", "classify", 23, key, now));
    sql(Charges.charge(user, UUID.randomUUID(), "live", "echo", 1, key, now));
    sql(Charges.charge(user, UUID.randomUUID(), "live", "echo", 2, "", now));
    sql(Charges.charge(user, UUID.randomUUID(), "test", "echo", 5, "", now));
    sql(Charges.charge(user, UUID.randomUUID(), "live", "embed", 7, key, before));
  }

  @Test
  void a_month_is_the_sum_of_its_charges_by_operation_and_by_key() throws Exception {
    var statement = Api.json(ada.page("/api/v1/statements/" + month));

    assertThat(statement.required("charged").asLong()).isEqualTo(26);
    assertThat(statement.required("used").asLong()).isEqualTo(26);
    assertThat(statement.required("jobs").asLong()).isEqualTo(3);
    assertThat(statement.required("agree").asBoolean()).isTrue();
    assertThat(statement.required("complete").asBoolean()).isFalse();
    assertThat(lines(statement, "operations")).containsExactly("classify 1 23", "echo 2 3");
    assertThat(lines(statement, "keys")).containsExactly(key + " 2 24", "managed00000 1 2");
  }

  @Test
  void environments_and_months_are_apart() throws Exception {
    var test = Api.json(ada.page("/api/v1/statements/" + month + "?environment=test"));
    var earlier = Api.json(ada.page("/api/v1/statements/" + month.minusMonths(1)));

    assertThat(test.required("charged").asLong()).isEqualTo(5);
    assertThat(earlier.required("charged").asLong()).isEqualTo(7);
    assertThat(earlier.required("complete").asBoolean()).isTrue();
    assertThat(ada.page("/test/billing/" + month).body())
        .contains("echo")
        .doesNotContain("classify");
    assertThat(ada.page("/billing").body())
        .contains(month.toString(), month.minusMonths(1).toString());
  }

  @Test
  void a_month_that_is_over_is_not_complete_while_something_is_held_for_it() throws Exception {
    var over = month.minusMonths(1);
    sql(
        "update compute.quota set held = 9 where user_id = '%s' and environment = 'live'"
            .formatted(user));

    var statement = Api.json(ada.page("/api/v1/statements/" + over));

    assertThat(statement.required("complete").asBoolean()).isFalse();
    assertThat(statement.required("held").asLong()).isEqualTo(9);
    assertThat(statement.required("agree").asBoolean()).as("of what is charged").isTrue();
    assertThat(ada.page("/billing/" + over).body())
        .contains("Not final yet", "9 units are held for jobs in progress");
    assertThat(ada.page("/usage").body()).contains("9 units are held for jobs in progress");
    assertThat(
            Api.json(ada.page("/api/v1/usage")).required("usage").get(0).required("left").asLong())
        .isEqualTo(1000 - 26 - 9);
  }

  @Test
  void the_receipt_of_held_units_says_what_was_held_and_how_the_job_ended() throws Exception {
    sql(
        "update compute.ledger set held = 40, outcome = 'cancelled' where job_id = '%s'"
            .formatted(job));

    var receipt = Api.json(ada.page("/api/v1/jobs/" + job + "/receipt"));

    assertThat(receipt.required("held").asLong()).isEqualTo(40);
    assertThat(receipt.required("outcome").asString()).isEqualTo("cancelled");
    assertThat(ada.page("/jobs/" + job + "/receipt").body())
        .contains("40 units were held", "The job was cancelled");
  }

  @Test
  void a_statement_that_does_not_add_up_says_so() throws Exception {
    assertThat(ada.page("/billing/" + month).body()).contains("add up to 26 units");

    sql(
        "update compute.quota set used = used + 1 where environment = 'live' and user_id = '"
            + user
            + "'");

    assertThat(ada.page("/billing/" + month).body())
        .contains("Mismatch: the charges add up to 26 units")
        .contains("role=\"alert\"");
    assertThat(Api.json(ada.page("/api/v1/statements/" + month)).required("agree").asBoolean())
        .isFalse();
  }

  @Test
  void the_sums_of_a_statement_are_headed_by_what_they_are_grouped_by() throws Exception {
    assertThat(ada.page("/billing/" + month).body())
        .contains("<h2 id=\"by-operation\">By operation</h2>", "<h2 id=\"by-key\">By key</h2>");
  }

  @Test
  void a_line_opens_to_its_charges_and_these_page_by_page() throws Exception {
    var ofKey = ada.page("/billing/" + month + "/charges?op=classify&key=" + key).body();
    assertThat(ofKey).contains("/jobs/" + job, "/jobs/" + job + "/receipt");

    for (int i = 0; i < 60; i++) {
      sql(Charges.charge(user, UUID.randomUUID(), "live", "keywords", 1, "", now));
    }
    var first = json(ada, "/billing/" + month + "/charges?op=keywords");
    var second =
        json(
            ada,
            "/billing/"
                + month
                + "/charges?op=keywords&cursor="
                + first.required("next").asString());

    assertThat(first.required("charges").size()).isEqualTo(50);
    assertThat(second.required("charges").size()).isEqualTo(10);
    assertThat(second.path("next").isMissingNode()).isTrue();
  }

  @Test
  void what_is_anothers_is_not_found() throws Exception {
    var eve = signUp();

    assertThat(eve.page("/jobs/" + job + "/receipt").statusCode()).isEqualTo(404);
    assertThat(eve.page("/api/v1/jobs/" + job + "/receipt").statusCode()).isEqualTo(404);
    assertThat(eve.page("/billing/" + month).statusCode()).isEqualTo(404);
    assertThat(eve.page("/api/v1/statements/" + month).statusCode()).isEqualTo(404);
    assertThat(eve.page("/billing/" + month + "/charges").body()).doesNotContain(job.toString());
    assertThat(ada.page("/billing/soon").statusCode()).isEqualTo(404);
  }

  @Test
  void a_receipt_is_genuine_until_one_character_is_changed() throws Exception {
    var receipt = ada.page("/api/v1/jobs/" + job + "/receipt").body();

    assertThat(isGenuine(receipt)).isTrue();
    assertThat(isGenuine(receipt.replace("{", "{ \n"))).isTrue();
    for (int at = 0; at < receipt.length(); at++) {
      var other = receipt.charAt(at) == '1' ? '2' : '1';
      var altered = receipt.substring(0, at) + other + receipt.substring(at + 1);
      assertThat(isGenuine(altered)).as(altered).isFalse();
    }
    assertThat(isGenuine("{}")).isFalse();
    assertThat(isGenuine("")).isFalse();
    assertThat(isGenuine("null")).isFalse();
  }

  @Test
  void a_receipt_is_checked_on_a_page_and_its_key_is_published() throws Exception {
    var receipt = ada.page("/api/v1/jobs/" + job + "/receipt");
    var seal = Api.json(receipt).required("seal");
    var keys =
        Api.json(new Api(site(), "").get("/.well-known/behalf-receipts.json")).required("keys");

    assertThat(keys.toString())
        .contains(seal.required("key_id").asString())
        .contains("\"crv\":\"Ed25519\"");
    assertThat(ada.form("/receipts/check", Map.of("receipt", receipt.body())).body())
        .contains("Genuine: Behalf issued");
    assertThat(
            ada.form("/receipts/check", Map.of("receipt", receipt.body().replace("23", "22")))
                .body())
        .contains("Not genuine");
    assertThat(ada.page("/jobs/" + job + "/receipt").body())
        .contains("23 units", "=cmd() …" + key.substring(8));
  }

  @Test
  void a_csv_holds_no_formula() throws Exception {
    var csv = get(ada, "/billing/" + month, "text/csv");

    assertThat(csv.headers().firstValue("Content-Type").orElseThrow()).startsWith("text/csv");
    assertThat(csv.body()).contains(",'=cmd() …").doesNotContain(",=").contains("total,,,3,,26,");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "?by=key", "?by=state", "?by=day", "?by=nonsense"})
  void usage_is_shown_as_page_json_csv_and_text(String by) throws Exception {
    assertThat(ada.page("/usage" + by).body()).contains("<svg", "since:").doesNotContain("??");
    assertThat(json(ada, "/usage" + by).required("days").size()).isPositive();
    assertThat(get(ada, "/usage" + by, "text/csv").body())
        .startsWith("span,from,")
        .contains("\r\nday,");
    assertThat(get(ada, "/usage" + by, "text/plain").body()).contains("\nday ");
  }

  @Test
  void usage_of_test_shows_test_units_alone() throws Exception {
    assertThat(json(ada, "/test/usage").required("month").required("used").asLong()).isEqualTo(5);
    assertThat(json(ada, "/usage").required("month").required("used").asLong()).isEqualTo(26);
    assertThat(ada.page("/test/usage/panel").body())
        .contains("quota-test")
        .doesNotContain("quota-live");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/usage",
        "/usage?by=state",
        "/billing",
        "/billing/M",
        "/billing/M/charges",
        "/jobs/J/receipt",
        "/receipts/check"
      })
  void every_page_speaks_chinese(String page) throws Exception {
    var path = page.replace("M", month.toString()).replace("J", job.toString());
    var chinese =
        ada.http()
            .send(
                HttpRequest.newBuilder(site().resolve(path))
                    .header("Accept-Language", "zh-CN")
                    .build(),
                HttpResponse.BodyHandlers.ofString());

    assertThat(chinese.statusCode()).isEqualTo(200);
    assertThat(chinese.body()).contains("lang=\"zh-CN\"").containsPattern("<h1>[^<]*\\p{IsHan}");
    assertThat(chinese.body()).doesNotContain("??usage");
  }

  @Test
  void a_forecast_takes_three_days_and_says_how() throws Exception {
    assertThat(ada.page("/usage").body()).contains("No forecast yet");

    for (int days = 1; days < 8; days++) {
      sql(
          Charges.charge(
              user,
              UUID.randomUUID(),
              "live",
              "echo",
              100,
              key,
              Instant.now().minus(java.time.Duration.ofDays(days)).toString()));
    }

    assertThat(ada.page("/usage").body()).contains("the average of the last 7 days");
  }

  private boolean isGenuine(String receipt) throws Exception {
    var answer = new Api(site(), "").post("/receipts/check", receipt);
    assertThat(answer.statusCode()).isEqualTo(200);
    return Api.json(answer).required("genuine").asBoolean();
  }

  private static java.util.List<String> lines(JsonNode statement, String which) {
    return statement
        .required(which)
        .valueStream()
        .map(
            line ->
                line.required("id").asString()
                    + " "
                    + line.required("jobs").asLong()
                    + " "
                    + line.required("units").asLong())
        .toList();
  }

  private JsonNode json(Person person, String path) throws Exception {
    return Api.json(get(person, path, "application/json"));
  }

  private HttpResponse<String> get(Person person, String path, String accept) throws Exception {
    HttpClient http = person.http();
    return http.send(
        HttpRequest.newBuilder(site().resolve(path)).header("Accept", accept).build(),
        HttpResponse.BodyHandlers.ofString());
  }
}
