package dev.behalf.server.openapi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.behalf.contract.ProblemCode;
import dev.behalf.contract.StrictJson;
import dev.behalf.server.problem.StrictBody;
import dev.behalf.server.security.AuthenticationScheme;
import dev.behalf.server.security.Route;
import dev.behalf.server.security.Scope;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.http.HttpMethod;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.context.support.StaticWebApplicationContext;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;
import tools.jackson.databind.JsonNode;

class OpenApiTest {

  private static final Set<AuthenticationScheme> KEY = EnumSet.of(AuthenticationScheme.API_KEY);

  record Note(String text) {}

  @RestController
  @SuppressWarnings("unused")
  static final class NotesController {

    @GetMapping("/notes")
    List<Note> list(
        @RequestParam @Nullable Integer limit,
        @RequestHeader(name = "X-Trace", required = false) @Nullable String trace,
        Thread notOfTheClient) {
      return List.of();
    }

    @GetMapping("/notes/{id}")
    ResponseEntity<Note> show(@PathVariable UUID id) {
      return ResponseEntity.notFound().build();
    }

    @PostMapping("/notes")
    Note add(@StrictBody Note note) {
      return note;
    }

    @DeleteMapping("/notes/{id}")
    void delete(@PathVariable UUID id) {}
  }

  private static final Route LIST =
      Route.api(KEY, HttpMethod.GET, "/notes", Scope.JOBS_READ, "Lists notes");
  private static final Route SHOW =
      Route.api(KEY, HttpMethod.GET, "/notes/{id}", Scope.JOBS_READ, "Shows a note");
  private static final Route ADD =
      Route.api(KEY, HttpMethod.POST, "/notes", Scope.JOBS_WRITE, "Adds a note").answering(201);

  @Test
  void only_documented_routes_are_described() {
    var page = Route.open(HttpMethod.GET, "/a-page-without-a-controller");

    assertThat(document(LIST, page).path("paths").propertyNames()).containsExactly("/notes");
  }

  @Test
  void the_methods_of_a_path_are_together() {
    assertThat(document(LIST, ADD).path("paths").path("/notes").propertyNames())
        .containsExactlyInAnyOrder("get", "post");
  }

  @Test
  void an_operation_is_named_after_its_controller_and_method() {
    var operation = operation(LIST);

    assertThat(operation.path("operationId").asString()).isEqualTo("notes.list");
    assertThat(texts(operation.path("tags"))).containsExactly("Notes");
    assertThat(operation.path("summary").asString()).isEqualTo("Lists notes");
  }

  @Test
  void the_parameters_are_those_that_the_client_sends() {
    assertThat(operation(LIST).path("parameters"))
        .isEqualTo(
            json(
                """
                [{"name": "limit", "in": "query", "required": false,
                  "schema": {"type": "integer", "format": "int32"}},
                 {"name": "X-Trace", "in": "header", "required": false,
                  "schema": {"type": "string"}}]
                """));
  }

  @Test
  void a_part_of_the_path_is_required() {
    assertThat(operation(SHOW).path("parameters"))
        .isEqualTo(
            json(
                """
                [{"name": "id", "in": "path", "required": true,
                  "schema": {"type": "string", "format": "uuid"}}]
                """));
  }

  @Test
  void a_body_is_required_json_and_no_parameter() {
    assertThat(operation(ADD).path("requestBody"))
        .isEqualTo(
            json(
                """
                {"required": true, "content": {"application/json": {"schema":
                  {"$ref": "#/components/schemas/Note"}}}}
                """));
    assertThat(operation(ADD).path("parameters")).isEmpty();
  }

  @Test
  void the_answer_is_described_without_its_envelope_under_the_status_of_the_route() {
    assertThat(schemaOf(SHOW, "200")).isEqualTo(json("{\"$ref\": \"#/components/schemas/Note\"}"));
    assertThat(schemaOf(ADD, "201")).isEqualTo(json("{\"$ref\": \"#/components/schemas/Note\"}"));
    assertThat(operation(ADD).path("responses").has("200")).isFalse();
  }

  @Test
  void a_list_can_be_refused_for_its_form_its_credential_and_its_rate() {
    assertThat(operation(LIST).path("responses").propertyNames())
        .containsExactly("200", "400", "401", "403", "406", "429", "default");
  }

  @Test
  void an_address_with_an_id_can_be_unknown() {
    assertThat(operation(SHOW).path("responses").propertyNames()).contains("404");
  }

  @Test
  void a_change_can_be_refused_for_its_body_and_the_state_of_its_object() {
    assertThat(operation(ADD).path("responses").propertyNames())
        .contains("409", "413", "415", "422")
        .doesNotContain("404");
  }

  @Test
  void an_open_route_needs_no_credential_and_is_not_refused_for_one() {
    var open =
        Route.api(
            EnumSet.of(AuthenticationScheme.NONE), HttpMethod.GET, "/notes", null, "Lists notes");

    var operation = operation(open);

    assertThat(operation.path("security")).isEmpty();
    assertThat(operation.path("responses").propertyNames()).doesNotContain("401", "403");
    assertThat(document(open).path("components").path("securitySchemes")).isEmpty();
  }

  @Test
  void one_of_the_schemes_is_enough_and_a_session_has_no_scopes() {
    var route =
        Route.api(
            EnumSet.of(
                AuthenticationScheme.SESSION,
                AuthenticationScheme.API_KEY,
                AuthenticationScheme.BEARER),
            HttpMethod.GET,
            "/notes",
            Scope.JOBS_READ,
            "Lists notes");

    assertThat(operation(route).path("security"))
        .isEqualTo(
            json(
                """
                [{"session": []}, {"api_key": ["jobs:read"]}, {"oauth2": ["jobs:read"]}]
                """));
    assertThat(document(route).path("components").path("securitySchemes").propertyNames())
        .containsExactlyInAnyOrder("session", "api_key", "oauth2");
  }

  @Test
  void a_route_without_a_scope_names_none() {
    var route = Route.api(KEY, HttpMethod.GET, "/notes", null, "Lists notes");

    assertThat(operation(route).path("security")).isEqualTo(json("[{\"api_key\": []}]"));
  }

  @Test
  void an_application_can_ask_for_every_scope_but_those_of_operators() {
    var route =
        Route.api(
            EnumSet.of(AuthenticationScheme.BEARER), HttpMethod.GET, "/notes", null, "Lists notes");

    assertThat(
            document(route)
                .at("/components/securitySchemes/oauth2/flows/authorizationCode/scopes")
                .propertyNames())
        .containsExactlyInAnyOrderElementsOf(Scope.GRANTABLE.stream().map(Scope::wire).toList());
  }

  @Test
  void a_documented_route_with_a_scheme_between_servers_is_a_mistake() {
    var route =
        Route.api(
            EnumSet.of(AuthenticationScheme.SIGNATURE), HttpMethod.GET, "/notes", null, "Lists");

    assertThatIllegalStateException()
        .isThrownBy(() -> document(route))
        .withMessageContaining("SIGNATURE");
  }

  @Test
  void a_documented_route_that_no_controller_answers_is_a_mistake() {
    var route = Route.api(KEY, HttpMethod.DELETE, "/notes", Scope.JOBS_WRITE, "Deletes all");

    assertThatIllegalStateException()
        .isThrownBy(() -> document(route))
        .withMessageContaining("/notes");
  }

  @Test
  void every_code_of_a_problem_is_listed() {
    var codes = texts(document(LIST).at("/components/schemas/Problem/properties/code/enum"));

    assertThat(codes).hasSameSizeAs(ProblemCode.values()).contains("rate_limited");
  }

  @Test
  void every_reference_leads_to_a_component() {
    var document = document(LIST, SHOW, ADD);

    var references = document.findValuesAsString("$ref");

    assertThat(references).isNotEmpty();
    for (var reference : references) {
      assertThat(document.at(reference.substring(1)).isMissingNode()).as(reference).isFalse();
    }
  }

  private static JsonNode operation(Route route) {
    return document(route)
        .path("paths")
        .path(route.path())
        .path(route.method().name().toLowerCase(Locale.ROOT));
  }

  private static JsonNode schemaOf(Route route, String status) {
    return operation(route).at("/responses/" + status + "/content/application~1json/schema");
  }

  private static List<String> texts(JsonNode array) {
    var texts = new ArrayList<String>();
    array.forEach(text -> texts.add(text.asString()));
    return texts;
  }

  private static JsonNode json(String text) {
    return StrictJson.MAPPER.readTree(text);
  }

  private static JsonNode document(Route... routes) {
    var context = new StaticWebApplicationContext();
    context.registerSingleton("notes", NotesController.class);
    context.refresh();
    var handlers = new RequestMappingHandlerMapping();
    handlers.setApplicationContext(context);
    handlers.afterPropertiesSet();
    return StrictJson.MAPPER.valueToTree(
        new OpenApi("Notes", List.of(routes), handlers, Map::of).document());
  }
}
