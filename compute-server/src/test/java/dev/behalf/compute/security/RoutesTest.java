package dev.behalf.compute.security;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.InputFormat;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.behalf.compute.ComputeTest;
import dev.behalf.contract.Environment;
import dev.behalf.contract.StrictJson;
import dev.behalf.server.security.Route;
import dev.behalf.server.security.Scope;
import dev.behalf.testkit.RegisteredRoutes;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Knocks at every door of every route that there is. */
class RoutesTest extends ComputeTest {

  private static final TreeSet<String> STATIC =
      new TreeSet<>(
          java.util.List.of("GET /explorer.html", "GET /explorer.js", "GET /explorer.css"));

  @Test
  void every_registered_route_stands_in_the_table_and_the_other_way_round(
      @Autowired @Qualifier("requestMappingHandlerMapping") RequestMappingHandlerMapping mappings) {
    var registered = RegisteredRoutes.of(mappings);
    registered.addAll(STATIC);

    assertThat(registered)
        .containsExactlyInAnyOrderElementsOf(
            Routes.ALL.stream().map(route -> route.method() + " " + route.path()).toList());
  }

  @ParameterizedTest
  @MethodSource("routes")
  void without_a_key_or_with_a_wrong_one_only_open_routes_answer(Route route) throws Exception {
    assertThat(send(route, null).statusCode()).isEqualTo(route.isOpen() ? 200 : 401);
    for (var wrong : new String[] {"Api-Key x", "Api-Key", "Basic YTpi", "Bearer x"}) {
      var status = send(route, wrong).statusCode();
      assertThat(status)
          .as(wrong)
          .isEqualTo(route.isOpen() && !wrong.equals("Api-Key x") ? 200 : 401);
    }
  }

  @ParameterizedTest
  @MethodSource("scoped")
  void a_missing_scope_is_named(Route route) throws Exception {
    var scope = Objects.requireNonNull(route.scope());
    var others =
        Scope.GRANTABLE.stream()
            .filter(other -> other != scope)
            .map(Scope::wire)
            .collect(Collectors.joining(" "));

    var answer = send(route, "Api-Key " + newKey(newUser(), Environment.LIVE, others));

    assertProblem(answer, 403, "scope_missing");
    assertThat(answer.headers().firstValue("WWW-Authenticate"))
        .hasValue(
            "Api-Key realm=\"behalf\", error=\"insufficient_scope\", scope=\""
                + scope.wire()
                + "\"");
  }

  @Test
  void the_api_is_described_as_it_answers() throws Exception {
    var document = json(get(null, "/v1/openapi.json"));
    var key = newKey(newUser(), Environment.LIVE, "jobs:read jobs:write usage:read");
    var job = UUID.randomUUID();

    check(
        document,
        "post",
        "/v1/ai/jobs",
        post(key, job, "{\"operation\":\"echo\",\"text\":\"hi\"}"));
    check(document, "get", "/v1/ai/jobs/{id}", get(key, "/v1/ai/jobs/" + job));
    check(document, "get", "/v1/usage", get(key, "/v1/usage"));
    check(document, "get", "/v1/me", get(key, "/v1/me"));
    assertThat(document.required("paths").size())
        .isEqualTo(
            Routes.ALL.stream().filter(Route::isDocumented).map(Route::path).distinct().count());
  }

  @Test
  void the_explorer_is_served_under_a_strict_policy() throws Exception {
    var page = get(null, "/docs/api");

    assertThat(page.body())
        .contains("explorer.js")
        .doesNotContain("<style")
        .doesNotContain("onclick");
    assertThat(page.headers().firstValue("Content-Security-Policy").orElseThrow())
        .contains("default-src 'none'")
        .doesNotContain("unsafe");
  }

  static Stream<Route> routes() {
    return Routes.ALL.stream();
  }

  static Stream<Route> scoped() {
    return Routes.ALL.stream().filter(route -> route.scope() != null);
  }

  private static void check(
      JsonNode document, String method, String path, HttpResponse<String> answer) {
    var schema =
        document
            .required("paths")
            .required(path)
            .required(method)
            .required("responses")
            .required(String.valueOf(answer.statusCode()))
            .required("content")
            .required("application/json")
            .required("schema");
    var whole = (ObjectNode) StrictJson.MAPPER.valueToTree(Map.of("allOf", new Object[] {schema}));
    whole.set("components", document.required("components"));
    assertThat(
            SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                .getSchema(whole.toString(), InputFormat.JSON)
                .validate(answer.body(), InputFormat.JSON))
        .as(answer.body())
        .isEmpty();
  }

  private HttpResponse<String> send(Route route, @Nullable String authorization) throws Exception {
    var request =
        request(null, route.path().replace("{id}", UUID.randomUUID().toString()))
            .method(route.method().name(), HttpRequest.BodyPublishers.ofString("{}"));
    if (authorization != null) {
      request.header("Authorization", authorization);
    }
    return HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }
}
