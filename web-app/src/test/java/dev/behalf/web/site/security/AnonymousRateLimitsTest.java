package dev.behalf.web.site.security;

import static org.assertj.core.api.Assertions.assertThat;

import dev.behalf.server.security.Route;
import dev.behalf.web.Api;
import dev.behalf.web.WebAppTest;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.springframework.http.HttpMethod;
import org.springframework.test.context.TestPropertySource;

/** What somebody can make the server do who has proved nothing yet. */
@TestPropertySource(
    properties = {
      "behalf.anonymous-limits.sign-ups-per-hour=8",
      "behalf.anonymous-limits.sessions-per-minute=30",
      "behalf.anonymous-limits.reports-per-minute=5"
    })
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class AnonymousRateLimitsTest extends WebAppTest {

  private static final HttpClient HTTP = HttpClient.newHttpClient();

  @Test
  void names_of_any_length_take_the_same_memory() {
    var throttle = new SignInThrottle();
    var before = usedAfterCollection();

    for (int i = 0; i < 30; i++) {
      throttle.take("x".repeat(2_000_000) + i, "192.0.2." + i);
    }

    // Kept as they are, they would take 120 MB.
    assertThat(usedAfterCollection() - before).isLessThan(50_000_000);
    assertThat(throttle.take("ada@example.com", "198.51.100.1")).isEmpty();
  }

  @Test
  void the_tries_of_one_account_from_one_address_run_out_and_come_back_when_given_back() {
    var throttle = new SignInThrottle();
    for (int i = 0; i < 10; i++) {
      assertThat(throttle.take("ada@example.com", "192.0.2.1")).isEmpty();
    }

    assertThat(throttle.take("ADA@example.com ", "192.0.2.1"))
        .hasValueSatisfying(
            wait -> assertThat(wait).isBetween(Duration.ofSeconds(1), Duration.ofSeconds(91)));
    assertThat(throttle.take("ada@example.com", "192.0.2.2")).isEmpty();
    throttle.giveBack("ada@example.com", "192.0.2.1");
    assertThat(throttle.take("ada@example.com", "192.0.2.1")).isEmpty();
  }

  @Test
  void what_nobody_can_have_typed_is_refused_and_costs_no_try() throws Exception {
    var visitor = signUp();
    visitor.form("/signout", Map.of());

    // More often than anybody may guess.
    for (int i = 0; i < 15; i++) {
      var answer = visitor.signIn("x".repeat(100_000));
      assertThat(answer.uri().toString()).endsWith("/signin?fault");
    }
    assertThat(visitor.signIn(PASSWORD).uri().getPath()).isEqualTo("/home");
  }

  @Test
  void a_stranger_who_reads_gets_no_session() throws Exception {
    var beginnings =
        Set.of("/signin", "/signup", "/signup/link", "/password/forgotten", "/password/link");
    var read =
        Routes.ALL.stream()
            .filter(route -> route.isOpen() && route.method().equals(HttpMethod.GET))
            .map(Route::path)
            .filter(path -> !beginnings.contains(path))
            .map(path -> path.replaceAll("\\{[a-z]+}", "x").replace("/*.", "/none."));

    for (var path : Stream.concat(read, Stream.of("/nowhere", "/jobs")).toList()) {
      var answer =
          HTTP.send(
              HttpRequest.newBuilder(site().resolve(path)).build(),
              HttpResponse.BodyHandlers.ofString());
      assertThat(answer.headers().allValues("Set-Cookie")).as(path).isEmpty();
    }
  }

  /** Without a token none of these does anything, and each would store a session for hours. */
  @Test
  void a_stranger_who_writes_without_a_session_gets_none() throws Exception {
    var written =
        Routes.ALL.stream()
            .filter(route -> !route.method().equals(HttpMethod.GET))
            .map(
                route ->
                    Map.entry(route.method().name(), route.path().replaceAll("\\{[a-z_]+}", "x")));

    for (var route :
        Stream.concat(written, Stream.of(Map.entry("POST", "/nowhere"), Map.entry("PUT", "/")))
            .toList()) {
      var answer =
          HTTP.send(
              HttpRequest.newBuilder(site().resolve(route.getValue()))
                  .method(route.getKey(), HttpRequest.BodyPublishers.ofString("a=b"))
                  .header("Content-Type", "application/x-www-form-urlencoded")
                  .build(),
              HttpResponse.BodyHandlers.ofString());
      assertThat(answer.headers().allValues("Set-Cookie")).as(route.toString()).isEmpty();
    }
  }

  private static long usedAfterCollection() {
    System.gc();
    return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
  }

  @Order(Integer.MAX_VALUE - 1)
  @Test
  void accounts_are_made_and_asked_for_at_a_pace() throws Exception {
    var visitor = signUp();
    var last = visitor.page("/signup");
    for (int i = 0; i < 10; i++) {
      last = visitor.form("/signup", Map.of("email", visitor.email(), "password", PASSWORD));
    }

    assertThat(last.statusCode()).isEqualTo(429);
    assertThat(last.headers().firstValueAsLong("Retry-After")).isPresent();
    assertThat(last.body()).contains("Too many requests from your network");
  }

  @Test
  void wrong_secrets_of_applications_run_out_and_hash_nothing_slowly() throws Exception {
    var last = token("wrong");
    for (int i = 0; i < 25; i++) {
      last = token("bhs_" + "x".repeat(32));
      assertThat(last.statusCode()).isIn(401, 429);
    }

    assertThat(last.statusCode()).isEqualTo(429);
    assertThat(last.headers().firstValueAsLong("Retry-After")).isPresent();
  }

  @Order(Integer.MAX_VALUE)
  @Test
  void reports_and_new_sessions_come_at_a_pace() throws Exception {
    var nobody = new Api(site(), "");
    var last = nobody.get("/docs");
    for (int i = 0; i < 7; i++) {
      last = nobody.post("/api/v1/leaked-keys", "[]");
    }
    assertThat(last.statusCode()).isEqualTo(429);
    assertThat(Api.json(last).required("code").asString()).isEqualTo("rate_limited");
    for (int i = 0; i < 32; i++) {
      last =
          HTTP.send(
              HttpRequest.newBuilder(site().resolve("/signin"))
                  .header("Cookie", "behalf=bWFkZSB1cA" + i)
                  .build(),
              HttpResponse.BodyHandlers.ofString());
    }
    assertThat(last.statusCode()).isEqualTo(429);
  }

  private HttpResponse<String> token(String secret) throws Exception {
    var form =
        "grant_type=refresh_token&refresh_token=x&client_id=nobody&client_secret="
            + URLEncoder.encode(secret, StandardCharsets.UTF_8);
    return HTTP.send(
        HttpRequest.newBuilder(URI.create(site() + "/oauth2/token"))
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(HttpRequest.BodyPublishers.ofString(form))
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }
}
