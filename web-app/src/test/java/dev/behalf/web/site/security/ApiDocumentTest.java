package dev.behalf.web.site.security;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.networknt.schema.InputFormat;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.behalf.contract.StrictJson;
import dev.behalf.server.security.AuthenticationScheme;
import dev.behalf.server.security.Route;
import dev.behalf.server.security.Scope;
import dev.behalf.testkit.Person;
import dev.behalf.web.Api;
import dev.behalf.web.WebAppTest;
import dev.behalf.web.identity.platforms.Backend;
import dev.behalf.web.identity.platforms.NewPlatform;
import dev.behalf.web.identity.platforms.Platforms;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

class ApiDocumentTest extends WebAppTest {

  @Autowired private Platforms platforms;

  @Test
  void describes_each_documented_route_with_its_doors_and_scope() throws Exception {
    var document = document();

    for (var route : Routes.ALL.stream().filter(Route::isDocumented).toList()) {
      var operation = operation(document, route.method().name(), route.path());
      assertThat(operation.required("security").size())
          .as(route.toString())
          .isEqualTo(route.isOpen() ? 0 : described(route));
      if (route.scope() != null) {
        assertThat(operation.required("security").toString()).contains(route.scope().wire());
      }
    }
    assertThat(document.required("openapi").asString()).isEqualTo("3.1.0");
  }

  /** A scheme that can never have the scope of a route is left out of its description. */
  private static int described(Route route) {
    var isForPlatforms =
        route.scope() == null
            || Scope.OF_PLATFORMS.stream().anyMatch(one -> one.grants().contains(route.scope()));
    return route.schemes().contains(AuthenticationScheme.ACTING) && !isForPlatforms
        ? route.schemes().size() - 1
        : route.schemes().size();
  }

  @Test
  void shows_no_type_that_no_request_or_answer_has() throws Exception {
    var document = document();
    var text = document.toString();

    assertThat(document.required("components").required("schemas").propertyNames())
        .allMatch(name -> text.contains("\"#/components/schemas/" + name + "\""));
  }

  @Test
  void is_what_the_running_api_answers() throws Exception {
    var document = document();
    var ada = signUp();
    var answered = new ArrayList<String>();

    call(
        document,
        ada,
        answered,
        "POST",
        "/api/v1/jobs",
        "",
        "{\"payload\":{\"operation\":\"echo\",\"text\":\"hi\"}}");
    var job = Api.json(ada.page("/api/v1/jobs")).required("jobs").get(0).required("id").asString();
    call(document, ada, answered, "GET", "/api/v1/jobs", "", "");
    call(document, ada, answered, "GET", "/api/v1/operations", "", "");
    call(document, ada, answered, "GET", "/api/v1/operations/{name}", "classify", "");
    call(document, ada, answered, "GET", "/api/v1/jobs/{id}", job, "");
    call(document, ada, answered, "POST", "/api/v1/jobs/{id}/cancellation", job, "");
    call(document, ada, answered, "GET", "/api/v1/jobs/{id}/events", job, "");
    call(document, ada, answered, "POST", "/api/v1/jobs/{id}/retry", job, "");
    call(document, ada, answered, "POST", "/api/v1/pauses", "", "{\"environment\":\"live\"}");
    call(document, ada, answered, "GET", "/api/v1/pauses", "", "");
    call(document, ada, answered, "DELETE", "/api/v1/pauses/{id}", "live", "");
    call(document, ada, answered, "GET", "/api/v1/usage", "", "");
    var month = java.time.YearMonth.now(java.time.ZoneOffset.UTC).toString();
    charge(userId(ada), job, month);
    call(document, ada, answered, "GET", "/api/v1/statements/{period}", month, "");
    call(document, ada, answered, "GET", "/api/v1/jobs/{id}/receipt", job, "");
    call(document, ada, answered, "GET", "/api/v1/me", "", "");
    var issued =
        call(
            document,
            ada,
            answered,
            "POST",
            "/api/v1/keys",
            "",
            "{\"name\":\"x\",\"scopes\":[\"jobs:read\"],\"networks\":[\"127.0.0.1\"],\"daily_cap\":5}");
    var key = Api.json(issued).required("key").required("id").asString();
    call(document, ada, answered, "GET", "/api/v1/keys", "", "");
    call(document, ada, answered, "GET", "/api/v1/keys/{id}", key, "");
    call(document, ada, answered, "GET", "/api/v1/keys/{id}/requests", key, "");
    call(document, ada, answered, "POST", "/api/v1/keys/{id}/disablement", key, "");
    call(document, ada, answered, "DELETE", "/api/v1/keys/{id}/disablement", key, "");
    call(
        document,
        ada,
        answered,
        "POST",
        "/api/v1/keys/{id}/rotation",
        key,
        "{\"overlap\":\"until_silent\",\"silent_for\":\"1h\"}");
    call(document, ada, answered, "DELETE", "/api/v1/keys/{id}/rotation", key, "");
    call(document, ada, answered, "POST", "/api/v1/keys/{id}/revocation", key, "");
    call(document, ada, answered, "POST", "/api/v1/keys/revocation", "", "");
    call(document, ada, answered, "GET", "/api/v1/keys/traffic", "", "");
    call(document, ada, answered, "GET", "/api/v1/activity", "", "");
    call(
        document,
        ada,
        answered,
        "POST",
        "/api/v1/leaked-keys",
        "",
        "[{\"token\":\"x\",\"url\":\"https://example.com\"}]");
    call(document, ada, answered, "GET", "/api/v1/leaked-keys/shape", "", "");
    callWebhooks(document, ada, answered);
    call(document, ada, answered, "POST", "/api/v1/jobs/{id}/watch-tokens", job, "");
    callBatches(document, ada, answered);
    callUsers(document, answered);

    assertThat(answered)
        .containsExactlyInAnyOrderElementsOf(
            Routes.ALL.stream()
                .filter(Route::isDocumented)
                .map(route -> route.method() + " " + route.path())
                .toList());
  }

  private void callUsers(JsonNode document, List<String> answered) throws Exception {
    var shop =
        new Backend(
            site(), platforms.create(new NewPlatform("described", Scope.OF_PLATFORMS, List.of())));
    var users = "/api/v1/users";
    var one = users + "/{external_id}";
    var body = "{\"name\":\"Ada\",\"quota\":{\"live\":5},\"metadata\":{\"a\":\"b\"}}";
    call(document, answered, "PUT", one, "ada", body, at -> shop.call("PUT", at, body));
    for (var route :
        List.of(
            "GET " + users,
            "GET " + one,
            "POST " + one + "/disablement",
            "DELETE " + one + "/disablement")) {
      var method = route.substring(0, route.indexOf(' '));
      var path = route.substring(method.length() + 1);
      call(document, answered, method, path, "ada", "", at -> shop.call(method, at, ""));
    }
    call(
        document,
        answered,
        "POST",
        users,
        "",
        "",
        at ->
            shop.call(
                shop.token(),
                "POST",
                at,
                "{\"external_id\":\"bo\"}",
                "Content-Type",
                "application/x-ndjson"));
    var actors = "/api/v1/actors";
    call(document, answered, "GET", actors, "", "", at -> shop.callFor("ada", "GET", at, ""));
    call(document, answered, "DELETE", one, "ada", "", at -> shop.call("DELETE", at, ""));
  }

  private void callBatches(JsonNode document, Person ada, List<String> answered) throws Exception {
    var batches = "/api/v1/batches";
    var sent =
        call(
            document,
            answered,
            "POST",
            batches,
            "",
            "",
            at ->
                ada.post(
                    at,
                    "{\"operation\":\"echo\",\"text\":\"hi\"}\n{}".getBytes(UTF_8),
                    "Content-Type",
                    "application/x-ndjson"));
    var id = Api.json(sent).required("id").asString();
    call(document, ada, answered, "GET", batches, "", "");
    call(document, ada, answered, "GET", batches + "/{id}", id, "");
    call(document, ada, answered, "GET", batches + "/{id}/results", id, "");
    call(document, ada, answered, "GET", batches + "/{id}/results.csv", id, "");
    call(document, ada, answered, "POST", batches + "/{id}/cancellation", id, "");
  }

  private void callWebhooks(JsonNode document, Person ada, List<String> answered) throws Exception {
    var webhooks = "/api/v1/webhooks";
    var added =
        call(
            document,
            ada,
            answered,
            "POST",
            webhooks,
            "",
            "{\"url\":\"http://127.0.0.1:1/\",\"events\":[\"job.failed\"]}");
    var id = Api.json(added).required("webhook").required("id").asString();
    var one = webhooks + "/{id}";
    var sent = call(document, ada, answered, "POST", one + "/test-events", id, "");
    var delivery = Api.json(sent).required("id").asString();
    call(document, ada, answered, "GET", webhooks, "", "");
    call(document, ada, answered, "GET", one, id, "");
    call(document, ada, answered, "PATCH", one, id, "{\"description\":\"on call\"}");
    call(document, ada, answered, "GET", one + "/deliveries", id, "");
    await()
        .until(
            () ->
                ada.page(webhooks + "/" + id + "/deliveries/" + delivery)
                    .body()
                    .contains("not_connected"));
    call(document, ada, answered, "GET", one + "/deliveries/{delivery}", id + " " + delivery, "");
    call(
        document,
        ada,
        answered,
        "POST",
        one + "/deliveries/{delivery}/replay",
        id + " " + delivery,
        "");
    call(document, ada, answered, "POST", one + "/rotation", id, "");
    call(document, ada, answered, "DELETE", one + "/rotation", id, "");
    call(document, ada, answered, "POST", one + "/disablement", id, "");
    call(document, ada, answered, "DELETE", one + "/disablement", id, "");
    call(document, ada, answered, "DELETE", one, id, "");
  }

  /** Written anew with -Dbehalf.openapi.write=true; clients are generated from it. */
  @Test
  void the_file_in_the_docs_says_the_same() throws Exception {
    var file = Path.of("..", "docs", "openapi.json");
    var document = document();
    if (Boolean.getBoolean("behalf.openapi.write")) {
      Files.writeString(
          file,
          JsonMapper.builder()
                  .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
                  .build()
                  .writerWithDefaultPrettyPrinter()
                  .writeValueAsString(StrictJson.MAPPER.treeToValue(document, Map.class))
              + "\n");
    }

    assertThat(StrictJson.MAPPER.readTree(Files.readString(file))).isEqualTo(document);
  }

  @Test
  void says_what_is_required_and_what_words_there_are() throws Exception {
    var schemas = document().required("components").required("schemas");

    assertThat(schemas.at("/JobPayload/oneOf").toString())
        .contains("#/components/schemas/EchoPayload", "#/components/schemas/SimilarityPayload");
    assertThat(schemas.at("/EchoPayload/properties/operation/enum").toString())
        .isEqualTo("[\"echo\"]");
    assertThat(schemas.at("/SimilarityPayload/required").toString())
        .isEqualTo("[\"operation\",\"text\",\"other\"]");
    assertThat(schemas.at("/NewJob/required").toString()).isEqualTo("[\"payload\"]");
    assertThat(schemas.at("/JobAnswer/properties/state/enum").toString())
        .contains("\"queued\"", "\"cancelled\"");
    assertThat(schemas.at("/JobResult/anyOf").size()).isEqualTo(6);
  }

  @Test
  void names_a_refusal_for_every_route_and_the_key_in_a_way_that_generators_know()
      throws Exception {
    var document = document();

    for (var path : document.required("paths")) {
      for (var operation : path) {
        assertThat(operation.required("responses").propertyNames())
            .as(operation.required("operationId").asString())
            .anyMatch(status -> status.startsWith("4"));
      }
    }
    var key = document.at("/components/securitySchemes/api_key");
    assertThat(key.required("type").asString()).isEqualTo("apiKey");
    assertThat(key.required("name").asString()).isEqualTo("Authorization");
  }

  @Test
  void a_problem_is_as_described() throws Exception {
    var document = document();
    var answer = new Api(site(), "").get("/api/v1/jobs");

    assertThat(faults(document, Map.of("$ref", "#/components/schemas/Problem"), answer.body()))
        .isEmpty();
  }

  private static void charge(java.util.UUID user, String job, String month) {
    sql(
        """
        insert into compute.results values ('%1$s', '%2$s', 'live', 'echo', '', '{}', 1, now());
        insert into compute.ledger values ('%1$s', '%2$s', 'live', '%3$s', 1, 'managed00000', now(), 'echo');
        insert into compute.quota values ('%1$s', 'live', '%3$s', 10, 1);
        """
            .formatted(user, job, month));
  }

  private HttpResponse<String> call(
      JsonNode document,
      Person person,
      List<String> answered,
      String method,
      String path,
      String id,
      String body)
      throws Exception {
    return call(
        document,
        answered,
        method,
        path,
        id,
        body,
        address ->
            switch (method) {
              case "GET" -> person.page(address);
              case "DELETE" -> person.delete(address);
              case "PATCH" -> person.patch(address, body.getBytes(StandardCharsets.UTF_8));
              default -> person.post(address, body.getBytes(StandardCharsets.UTF_8));
            });
  }

  private interface Sender {
    HttpResponse<String> send(String address) throws Exception;
  }

  private HttpResponse<String> call(
      JsonNode document,
      List<String> answered,
      String method,
      String path,
      String id,
      String body,
      Sender sender)
      throws Exception {
    var operation = operation(document, method, path);
    var ids = id.split(" ", -1);
    var address =
        path.replace("{id}", ids[0])
            .replace("{name}", ids[0])
            .replace("{external_id}", ids[0])
            .replace("{period}", ids[0])
            .replace("{delivery}", ids[ids.length - 1]);
    if (!body.isEmpty()) {
      var schema =
          operation
              .required("requestBody")
              .required("content")
              .required("application/json")
              .required("schema");
      assertThat(faults(document, schema, body)).as("body of " + path).isEmpty();
    }
    var answer = sender.send(address);
    var described = operation.required("responses").path(String.valueOf(answer.statusCode()));
    assertThat(described.isMissingNode())
        .as(method + " " + path + " " + answer.statusCode() + " " + answer.body())
        .isFalse();
    var type =
        answer
            .headers()
            .firstValue("Content-Type")
            .orElse("application/json")
            .replaceFirst(";.*", "");
    var content = described.required("content");
    assertThat(content.has(type)).as(type + " of " + path).isTrue();
    assertThat(
            faults(
                document,
                content.required(type).required("schema"),
                type.equals("application/json") ? answer.body() : "\"\""))
        .as("answer of " + path + ": " + answer.body())
        .isEmpty();
    answered.add(method + " " + path);
    return answer;
  }

  /** What a JSON Schema validator says of this text, with the document's components at hand. */
  private static List<String> faults(JsonNode document, Object schema, String json) {
    var whole = (ObjectNode) StrictJson.MAPPER.valueToTree(Map.of("allOf", List.of(schema)));
    whole.set("components", document.required("components"));
    return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
        .getSchema(whole.toString(), InputFormat.JSON)
        .validate(json, InputFormat.JSON)
        .stream()
        .map(Object::toString)
        .toList();
  }

  private JsonNode document() throws Exception {
    return Api.json(new Api(site(), "").get("/api/v1/openapi.json"));
  }

  private static JsonNode operation(JsonNode document, String method, String path) {
    return document
        .required("paths")
        .required(path)
        .required(method.toLowerCase(java.util.Locale.ROOT));
  }
}
