package dev.behalf.web.site.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import dev.behalf.contract.ApiKeyFormat;
import dev.behalf.contract.Environment;
import dev.behalf.contract.JobPayload;
import dev.behalf.server.security.AuthenticationScheme;
import dev.behalf.server.security.Route;
import dev.behalf.server.security.Scope;
import dev.behalf.testkit.Person;
import dev.behalf.testkit.RegisteredRoutes;
import dev.behalf.web.Api;
import dev.behalf.web.WebAppTest;
import dev.behalf.web.identity.oauth.OAuth;
import dev.behalf.web.identity.platforms.Backend;
import dev.behalf.web.identity.platforms.NewPlatform;
import dev.behalf.web.identity.platforms.Platforms;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.http.HttpMethod;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;

/** Knocks at every door of every route that there is. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RoutesTest extends WebAppTest {

  /** Answered by filters or the container, not by a controller. */
  private static final Set<String> WITHOUT_CONTROLLER =
      Set.of(
          "POST /signin",
          "POST /signout",
          "GET /*.css",
          "GET /*.js",
          "GET /favicon.svg",
          "GET /favicon.ico",
          "GET /oauth2/authorization/{provider}",
          "GET /login/oauth2/code/{provider}",
          "GET /oauth2/authorize",
          "POST /oauth2/authorize",
          "POST /oauth2/token",
          "POST /oauth2/revoke",
          "POST /oauth2/introspect",
          "GET /oauth2/jwks",
          "GET /.well-known/oauth-authorization-server");

  /** The schemes of a route that any credential of a user opens. */
  private static final Set<AuthenticationScheme> EVERY_USERS =
      EnumSet.of(AuthenticationScheme.API_KEY, AuthenticationScheme.BEARER);

  private final HttpClient http = HttpClient.newHttpClient();
  @Autowired private Platforms platforms;
  private String platformToken;
  private String actingToken;
  private String otherToken;
  private String watchToken;
  private Person ada;
  private Person eve;
  private OAuth application;
  private String adasKey;
  private String adasApplication;
  private String adasJob;
  private String adasWebhook;
  private final Map<List<Scope>, String> adasKeys = new HashMap<>();
  private final Map<Scope, WithKey> without = new HashMap<>();

  @BeforeAll
  void somebody() throws Exception {
    ada = signUp();
    eve = signUp();
    var all = Scope.GRANTABLE.stream().map(Scope::wire).toArray(String[]::new);
    application = OAuth.register(site(), ada, "confidential", all);
    application.tokens("jobs:read");
    adasApplication =
        text(
            "select id::text from accounts.applications where client_id = '"
                + application.clientId()
                + "'");
    adasKey = ApiKeyFormat.parse(key(ada, List.copyOf(Scope.GRANTABLE))).orElseThrow().keyId();
    adasJob = ada.submit(Environment.LIVE, JobPayload.of("echo", "of Ada")).toString();
    adasWebhook = webhook(ada);
    watchToken =
        Api.json(ada.post("/api/v1/jobs/" + adasJob + "/watch-tokens", new byte[0]))
            .required("token")
            .asString();
    // One of each for all routes: the token endpoint limits the requests of one network.
    var shop = platform("shop");
    shop.call("PUT", "/api/v1/users/ada", "{}");
    platformToken = shop.token();
    actingToken = shop.tokenFor("ada");
    otherToken = platform("other-shop").token();
  }

  private Backend platform(String name) {
    return new Backend(
        site(), platforms.create(new NewPlatform(name, Scope.OF_PLATFORMS, List.of())));
  }

  /** At an address that nothing answers. */
  private static String webhook(Person person) throws Exception {
    var body = "{\"url\":\"http://127.0.0.1:1/\",\"events\":[\"job.failed\"]}";
    return Api.json(person.post("/api/v1/webhooks", body.getBytes(StandardCharsets.UTF_8)))
        .required("webhook")
        .required("id")
        .asString();
  }

  @Test
  void every_registered_route_stands_in_the_table_and_the_other_way_round(
      @Autowired @Qualifier("requestMappingHandlerMapping") RequestMappingHandlerMapping mappings) {
    var registered = RegisteredRoutes.of(mappings);
    var declared =
        Routes.ALL.stream().map(RoutesTest::name).collect(Collectors.toCollection(TreeSet::new));

    assertThat(declared).hasSize(Routes.ALL.size());
    assertThat(Stream.concat(registered.stream(), WITHOUT_CONTROLLER.stream()))
        .containsExactlyInAnyOrderElementsOf(declared);
  }

  @ParameterizedTest
  @MethodSource("routes")
  void without_a_credential_a_closed_route_leads_to_the_sign_in_or_challenges(Route route)
      throws Exception {
    var answer = send(route, Map.of());

    if (route.path().equals("/oauth2/authorize")) {
      // What an application has sent is judged first (RFC 6749, section 4.1.2.1).
      assertThat(answer.statusCode()).isEqualTo(400);
    } else if (route.isOpen()) {
      assertThat(answer.statusCode()).as(answer.body()).isNotIn(401, 403);
    } else if (isPage(route)) {
      assertThat(answer.statusCode()).isEqualTo(302);
      assertThat(answer.headers().firstValue("Location").orElseThrow()).contains("/signin");
    } else {
      assertThat(answer.statusCode()).as(answer.body()).isEqualTo(401);
      if (route.path().startsWith("/api/")) {
        assertThat(answer.headers().allValues("WWW-Authenticate"))
            .containsExactly("Api-Key realm=\"behalf\"", "Bearer realm=\"behalf\"");
      }
    }
  }

  @ParameterizedTest
  @MethodSource("routes")
  void another_door_than_the_routes_own_does_not_open_it(Route route) throws Exception {
    assumeThat(route.isOpen()).isFalse();
    var key = adasKey(List.copyOf(Scope.GRANTABLE));
    var token = application.tokens("jobs:read").required("access_token").asString();

    if (!route.schemes().contains(AuthenticationScheme.API_KEY)) {
      assertThat(send(route, Map.of("Authorization", "Api-Key " + key)).statusCode())
          .isIn(302, 400, 401, 403, 404);
    }
    if (!route.schemes().contains(AuthenticationScheme.BEARER)) {
      assertThat(send(route, Map.of("Authorization", "Bearer " + token)).statusCode())
          .isIn(302, 400, 401, 403, 404);
    }
    if (!route.schemes().contains(AuthenticationScheme.SESSION)) {
      assertThat(inSession(ada, route).statusCode()).isIn(400, 401, 403, 404);
    }
    assumeThat(route.path()).isNotEqualTo("/oauth2/authorize");
    for (var wrong : List.of("Basic YTpi", "Api-Key x", "Bearer x", "Signature x")) {
      assertThat(send(route, Map.of("Authorization", wrong)).statusCode()).as(wrong).isIn(302, 401);
    }
  }

  @ParameterizedTest
  @MethodSource("routes")
  void a_platform_and_a_watch_token_open_only_what_is_theirs(Route route) throws Exception {
    assumeThat(route.isOpen()).isFalse();
    // The authorization server reads no bearer token, and counts tries without a client.
    assumeThat(route.schemes()).doesNotContain(AuthenticationScheme.CLIENT);

    if (!route.schemes().contains(AuthenticationScheme.PLATFORM)) {
      assertThat(send(route, bearer(platformToken)).statusCode()).isIn(302, 400, 401, 403, 404);
    }
    if (!route.schemes().contains(AuthenticationScheme.ACTING)) {
      assertThat(send(route, bearer(actingToken)).statusCode()).isIn(302, 400, 401, 403, 404);
    }
    if (!route.schemes().contains(AuthenticationScheme.WATCH_TOKEN)) {
      assertThat(send(route, bearer(watchToken)).statusCode()).isIn(302, 400, 401, 403, 404);
    }
  }

  @ParameterizedTest
  @MethodSource("scopedOfTheApi")
  void a_missing_scope_is_named(Route route) throws Exception {
    var scope = Objects.requireNonNull(route.scope());
    var others = Scope.GRANTABLE.stream().filter(other -> other != scope).toList();
    var key = send(route, Map.of("Authorization", "Api-Key " + adasKey(others)));
    var words = others.stream().map(Scope::wire).toArray(String[]::new);
    var token =
        send(
            route,
            Map.of(
                "Authorization",
                "Bearer " + application.tokens(words).required("access_token").asString()));

    for (var answer : List.of(key, token)) {
      assertThat(answer.statusCode()).as(answer.body()).isEqualTo(403);
      assertThat(Api.json(answer).required("code").asString()).isEqualTo("scope_missing");
      assertThat(answer.headers().firstValue("WWW-Authenticate").orElseThrow())
          .contains("error=\"insufficient_scope\", scope=\"" + scope.wire() + "\"");
    }
  }

  @ParameterizedTest
  @MethodSource("scoped")
  void a_user_without_the_scope_has_it_by_no_door(Route route) throws Exception {
    var bob = without(Objects.requireNonNull(route.scope()));

    await()
        .atMost(Duration.ofSeconds(3))
        .untilAsserted(
            () -> {
              assertThat(inSession(bob.person(), route).statusCode())
                  .isEqualTo(isPage(route) ? 404 : 403);
              if (route.schemes().contains(AuthenticationScheme.API_KEY)) {
                assertThat(
                        send(route, Map.of("Authorization", "Api-Key " + bob.key())).statusCode())
                    .isEqualTo(403);
              }
            });
  }

  private record WithKey(Person person, String key) {}

  /** Returns a user from whom the scope was taken after the key was issued: one for all routes. */
  private WithKey without(Scope scope) throws Exception {
    var known = without.get(scope);
    if (known != null) {
      return known;
    }
    var bob = signUp();
    var made = new WithKey(bob, key(bob, List.copyOf(Scope.GRANTABLE)));
    var others = Scope.GRANTABLE.stream().filter(other -> other != scope).toList();
    sql(
        "update accounts.users set scopes = '%s' where id = '%s'"
            .formatted(Scope.format(others), userId(bob)));
    without.put(scope, made);
    return made;
  }

  @ParameterizedTest
  @MethodSource("ofObjects")
  void another_users_object_is_not_found(Route route) throws Exception {
    var answer = inSession(eve, route);

    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(404);
    if (route.schemes().contains(AuthenticationScheme.API_KEY)) {
      var key = key(eve, List.copyOf(Scope.GRANTABLE));
      assertThat(send(route, Map.of("Authorization", "Api-Key " + key)).statusCode())
          .isEqualTo(404);
    }
  }

  @ParameterizedTest
  @MethodSource("ofObjects")
  void a_platform_reaches_no_object_of_a_user_who_is_not_its_own(Route route) throws Exception {
    var headers = new HashMap<>(bearer(platformToken));
    headers.put(OnBehalfOf.HEADER, "ada");

    assertThat(send(route, headers).statusCode()).isIn(302, 403, 404);
    assertThat(send(route, bearer(actingToken)).statusCode()).isIn(302, 403, 404);
  }

  @ParameterizedTest
  @MethodSource("ofPlatforms")
  void another_platforms_user_is_not_found(Route route) throws Exception {
    assumeThat(route.path()).contains("{external_id}");
    assumeThat(route.method()).isNotEqualTo(HttpMethod.PUT);

    assertThat(send(route, bearer(otherToken)).statusCode()).isEqualTo(404);
  }

  @Test
  void an_address_that_is_not_in_the_table_is_open_to_nobody() throws Exception {
    var key = key(ada, List.copyOf(Scope.GRANTABLE));
    var unknown = Route.open(HttpMethod.GET, "/api/v1/everything");

    assertThat(send(unknown, Map.of()).statusCode()).isEqualTo(401);
    assertThat(send(unknown, Map.of("Authorization", "Api-Key " + key)).statusCode())
        .isEqualTo(404);
    assertThat(ada.page("/everything").statusCode()).isEqualTo(404);
    assertThat(send(Route.open(HttpMethod.DELETE, "/api/v1/jobs"), Map.of()).statusCode())
        .isEqualTo(401);
  }

  static Stream<Route> routes() {
    return Routes.ALL.stream();
  }

  static Stream<Route> scoped() {
    return Routes.ALL.stream().filter(route -> route.scope() != null);
  }

  static Stream<Route> scopedOfTheApi() {
    return scoped().filter(route -> route.schemes().containsAll(EVERY_USERS));
  }

  static Stream<Route> ofPlatforms() {
    return Routes.ALL.stream()
        .filter(route -> route.schemes().contains(AuthenticationScheme.PLATFORM));
  }

  static Stream<Route> ofObjects() {
    return Routes.ALL.stream().filter(route -> route.path().contains("{id}"));
  }

  private static Map<String, String> bearer(String token) {
    return Map.of("Authorization", "Bearer " + token);
  }

  private static String name(Route route) {
    return route.method() + " " + route.path();
  }

  private static boolean isPage(Route route) {
    return !route.path().startsWith("/api/")
        && !route.path().startsWith("/internal/")
        && !route.schemes().contains(AuthenticationScheme.CLIENT);
  }

  private HttpResponse<String> send(Route route, Map<String, String> headers) throws Exception {
    var request =
        HttpRequest.newBuilder(site().resolve(path(route)))
            .header("Accept", "text/html, application/json")
            .method(route.method().name(), HttpRequest.BodyPublishers.ofString(body(route)));
    headers.forEach(request::header);
    return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  private HttpResponse<String> inSession(Person person, Route route) throws Exception {
    if (route.method().equals(HttpMethod.GET)) {
      return person.page(path(route));
    }
    if (route.method().equals(HttpMethod.DELETE)) {
      return person.delete(path(route));
    }
    if (route.method().equals(HttpMethod.PUT)) {
      return person.put(path(route), body(route).getBytes(StandardCharsets.UTF_8));
    }
    if (route.method().equals(HttpMethod.PATCH)) {
      return person.patch(path(route), body(route).getBytes(StandardCharsets.UTF_8));
    }
    return route.path().startsWith("/api/")
        ? person.post(path(route), body(route).getBytes(StandardCharsets.UTF_8))
        : person.form(path(route), new HashMap<>(Map.of("overlap", "now", "silent_for", "24h")));
  }

  private String path(Route route) {
    var id =
        route.path().contains("/applications/")
            ? adasApplication
            : route.path().contains("/webhooks/")
                ? adasWebhook
                : route.path().contains("/keys/") ? adasKey : adasJob;
    return route
        .path()
        .replace("{name}", "echo")
        .replace("{id}", id)
        .replace("{external_id}", "ada")
        .replace("{handle}", "0123456789abcdef")
        .replace("{delivery}", "msg_0123456789abcdef")
        .replace("{share}", "0190a5c8-0000-7000-8000-000000000009")
        .replace("{token}", "a".repeat(43))
        .replace("{code}", "not_found")
        .replace("{period}", "2026-11")
        .replace("{provider}", "none")
        .replace("/*.", "/behalf.")
        .replace("behalf.js", "live.js");
  }

  private static String body(Route route) {
    if (route.method().equals(HttpMethod.GET)) {
      return "";
    }
    if (route.method().equals(HttpMethod.PATCH)) {
      return "{}";
    }
    return route.path().endsWith("/leaked-keys") ? "[]" : "{\"overlap\":\"now\"}";
  }

  /** There are more routes than keys of one person. */
  private String adasKey(List<Scope> scopes) throws Exception {
    var known = adasKeys.get(scopes);
    if (known == null) {
      known = key(ada, scopes);
      adasKeys.put(scopes, known);
    }
    return known;
  }

  private static String key(Person person, List<Scope> scopes) throws Exception {
    var body =
        "{\"name\":\"a key\",\"environment\":\"live\",\"scopes\":[%s]}"
            .formatted(
                scopes.stream()
                    .map(scope -> '"' + scope.wire() + '"')
                    .collect(Collectors.joining(",")));
    return Api.json(person.post("/api/v1/keys", body.getBytes(StandardCharsets.UTF_8)))
        .required("secret")
        .asString();
  }
}
