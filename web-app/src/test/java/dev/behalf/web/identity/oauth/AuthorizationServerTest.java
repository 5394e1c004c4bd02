package dev.behalf.web.identity.oauth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.behalf.contract.StrictJson;
import dev.behalf.testkit.Person;
import dev.behalf.web.Api;
import dev.behalf.web.WebAppTest;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

class AuthorizationServerTest extends WebAppTest {

  @Nested
  class An_application {

    @ParameterizedTest
    @ValueSource(strings = {"confidential", "public"})
    void acts_for_the_user_as_far_as_the_user_has_allowed(String kind) throws Exception {
      var ada = signUp();
      var tokens = register(signUp(), kind).usedBy(ada).tokens("jobs:read");

      var api = Api.withToken(site(), text(tokens, "access_token"));
      var me = Api.json(api.get("/api/v1/me"));

      assertThat(me.required("user_id").asString()).isEqualTo(userId(ada).toString());
      assertThat(me.required("scopes").toString()).isEqualTo("[\"jobs:read\"]");
      assertThat(api.get("/api/v1/jobs").statusCode()).isEqualTo(200);
      var refused = api.get("/api/v1/usage");
      assertThat(refused.statusCode()).isEqualTo(403);
      assertThat(refused.headers().firstValue("WWW-Authenticate").orElseThrow())
          .isEqualTo("Bearer realm=\"behalf\", error=\"insufficient_scope\", scope=\"usage:read\"");
    }

    @Test
    void that_can_keep_no_secret_gets_a_jwt_of_minutes_and_another_an_opaque_token()
        throws Exception {
      var ada = signUp();
      var jwt = register(ada, "public").tokens("jobs:read");
      var opaque = register(ada, "confidential").tokens("jobs:read");

      var claims = text(jwt, "access_token").split("\\.", -1)[1];
      assertThat(new String(Base64.getUrlDecoder().decode(claims), StandardCharsets.UTF_8))
          .contains("\"sub\":\"" + userId(ada))
          .contains("\"aud\":\"behalf\"");
      assertThat(jwt.required("expires_in").asLong()).isLessThanOrEqualTo(600);
      assertThat(text(opaque, "access_token")).doesNotContain(".");
    }

    @Test
    void is_asked_for_once_and_one_without_a_secret_each_time() throws Exception {
      var ada = signUp();
      var confidential = register(ada, "confidential");
      var open = register(ada, "public");
      confidential.tokens("jobs:read");
      open.tokens("jobs:read");

      assertThat(OAuth.location(confidential.authorize("jobs:read"))).startsWith(OAuth.REDIRECT);
      assertThat(OAuth.location(confidential.authorize("jobs:read", "jobs:write")))
          .contains("/oauth2/consent");
      assertThat(OAuth.location(open.authorize("jobs:read"))).contains("/oauth2/consent");
    }

    @Test
    void asks_for_no_more_than_it_has_registered() throws Exception {
      var answer = register(signUp(), "confidential").authorize("keys:write");

      assertThat(OAuth.location(answer)).contains("error=invalid_scope");
    }

    @Test
    void sends_whoever_is_not_signed_in_to_the_sign_in_page_and_is_named_in_its_policy()
        throws Exception {
      var application = register(signUp(), "confidential");
      var nobody = Person.at(site(), "");

      var answer = application.usedBy(nobody).authorize("jobs:read");
      assertThat(OAuth.location(answer)).endsWith("/signin");
      var page = nobody.page("/signin");
      assertThat(page.headers().firstValue("Content-Security-Policy").orElseThrow())
          .contains("form-action 'self' http://127.0.0.1:9;");
    }

    @Test
    void that_is_withdrawn_is_refused_within_a_second_with_all_that_it_issued() throws Exception {
      var ada = signUp();
      var application =
          OAuth.register(site(), signUp(), "public", "jobs:read", "keys:write").usedBy(ada);
      var tokens = application.tokens("jobs:read", "keys:write");
      var api = Api.withToken(site(), text(tokens, "access_token"));
      var key =
          Api.json(api.post("/api/v1/keys", "{\"name\":\"stays\",\"scopes\":[\"jobs:read\"]}"))
              .required("secret")
              .asString();

      ada.form("/applications/" + id(ada) + "/consent/end", Map.of());

      await().atMost(Duration.ofSeconds(1)).until(() -> api.get("/api/v1/me").statusCode() == 401);
      await()
          .atMost(Duration.ofSeconds(1))
          .until(() -> Api.withKey(site(), key).get("/api/v1/me").statusCode() == 401);
      assertThat(application.refresh(text(tokens, "refresh_token")).statusCode()).isEqualTo(400);
    }

    @Test
    void that_is_withdrawn_leaves_no_key_that_its_keys_have_issued() throws Exception {
      var ada = signUp();
      var application =
          OAuth.register(site(), signUp(), "confidential", "jobs:read", "keys:write").usedBy(ada);
      var api =
          Api.withToken(
              site(), text(application.tokens("jobs:read", "keys:write"), "access_token"));
      var first = issue(api, "\"jobs:read\",\"keys:write\"");
      var second = issue(Api.withKey(site(), first), "\"jobs:read\",\"keys:write\"");
      var third = issue(Api.withKey(site(), second), "\"jobs:read\"");
      assertThat(Api.withKey(site(), third).get("/api/v1/jobs").statusCode()).isEqualTo(200);

      ada.form("/applications/" + id(ada) + "/consent/end", Map.of());

      for (var key : new String[] {first, second, third}) {
        await()
            .atMost(Duration.ofSeconds(1))
            .until(() -> Api.withKey(site(), key).get("/api/v1/me").statusCode() == 401);
      }
    }

    private String issue(Api api, String scopes) throws Exception {
      return Api.json(api.post("/api/v1/keys", "{\"name\":\"k\",\"scopes\":[" + scopes + "]}"))
          .required("secret")
          .asString();
    }

    @Test
    void that_does_not_exist_cannot_be_denied() throws Exception {
      var ada = signUp();

      for (var state : new String[] {"", " ", "none"}) {
        assertThat(ada.form("/oauth2/denial", Map.of("state", state)).statusCode())
            .as("state '" + state + "'")
            .isEqualTo(404);
      }
    }

    @Test
    void that_is_denied_gets_no_code_also_where_it_was_allowed_something_before() throws Exception {
      var ada = signUp();
      var application = register(ada, "confidential");
      application.tokens("jobs:read");
      var asked = OAuth.location(application.authorize("jobs:read", "jobs:write"));
      var page = ada.page(asked.substring(site().toString().length()));
      assertThat(page.body()).contains("You have already allowed").contains("/oauth2/denial");

      var answer = application.deny(ada, OAuth.parameter(asked, "state"));

      assertThat(answer)
          .startsWith(OAuth.REDIRECT)
          .contains("error=access_denied")
          .contains("state=xyz")
          .doesNotContain("code=");
    }

    @Test
    void that_its_developer_removes_ends_for_everybody() throws Exception {
      var developer = signUp();
      var application = register(developer, "confidential");
      var api =
          Api.withToken(
              site(), text(application.usedBy(signUp()).tokens("jobs:read"), "access_token"));
      var id =
          text(
              "select id::text from accounts.applications where client_id = '"
                  + application.clientId()
                  + "'");

      developer.form("/applications/" + id + "/removal", Map.of());

      await().atMost(Duration.ofSeconds(1)).until(() -> api.get("/api/v1/me").statusCode() == 401);
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "http://example.com/cb",
          "https://example.com/cb#part",
          "javascript:alert(1)",
          "com.example.app:/cb",
          "not an address"
        })
    void is_not_registered_with_an_address_that_anybody_could_listen_at(String uri)
        throws Exception {
      var answer =
          signUp()
              .form(
                  "/applications",
                  Map.of(
                      "name", "Robot",
                      "kind", "confidential",
                      "redirect_uris", uri,
                      "scopes", "jobs:read"));

      assertThat(answer.statusCode()).isEqualTo(422);
      assertThat(answer.body()).contains("Use https");
    }
  }

  @Nested
  class A_code {

    @Test
    void is_worth_nothing_without_its_verifier() throws Exception {
      var application = register(signUp(), "public");

      assertThat(application.exchange(application.code("jobs:read"), "x".repeat(43)).statusCode())
          .isBetween(400, 401);
    }

    @Test
    void that_is_used_twice_takes_the_tokens_back() throws Exception {
      var application = register(signUp(), "public");
      var code = application.code("jobs:read");
      var tokens = StrictJson.MAPPER.readTree(application.exchange(code).body());

      assertThat(application.exchange(code).statusCode()).isEqualTo(400);

      await()
          .atMost(Duration.ofSeconds(1))
          .until(
              () ->
                  Api.withToken(site(), text(tokens, "access_token")).get("/api/v1/me").statusCode()
                      == 401);
    }
  }

  @Nested
  class A_refresh_token {

    @ParameterizedTest
    @ValueSource(strings = {"confidential", "public"})
    void is_exchanged_at_each_use(String kind) throws Exception {
      var application = register(signUp(), kind);
      var first = application.tokens("jobs:read");

      var second =
          StrictJson.MAPPER.readTree(application.refresh(text(first, "refresh_token")).body());

      assertThat(text(second, "refresh_token")).isNotEqualTo(text(first, "refresh_token"));
      assertThat(
              Api.withToken(site(), text(second, "access_token")).get("/api/v1/jobs").statusCode())
          .isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"confidential", "public"})
    void that_is_used_again_ends_the_family(String kind) throws Exception {
      var ada = signUp();
      var application = register(ada, kind);
      var first = application.tokens("jobs:read");
      var second =
          StrictJson.MAPPER.readTree(application.refresh(text(first, "refresh_token")).body());

      assertThat(application.refresh(text(first, "refresh_token")).statusCode()).isEqualTo(400);

      assertThat(application.refresh(text(second, "refresh_token")).statusCode()).isEqualTo(400);
      await()
          .atMost(Duration.ofSeconds(1))
          .until(
              () ->
                  Api.withToken(site(), text(second, "access_token")).get("/api/v1/me").statusCode()
                      == 401);
      assertThat(ada.page("/api/v1/activity").body()).contains("application.token_reused");
    }

    @Test
    void of_another_application_is_refused() throws Exception {
      var ada = signUp();
      var tokens = register(ada, "public").tokens("jobs:read");

      assertThat(register(ada, "public").refresh(text(tokens, "refresh_token")).statusCode())
          .isEqualTo(400);
    }

    @ParameterizedTest
    @ValueSource(strings = {"confidential", "public"})
    void can_be_given_back(String kind) throws Exception {
      var application = register(signUp(), kind);
      var tokens = application.tokens("jobs:read");

      assertThat(application.revoke(text(tokens, "refresh_token")).statusCode()).isEqualTo(200);

      assertThat(application.refresh(text(tokens, "refresh_token")).statusCode()).isEqualTo(400);
      await()
          .atMost(Duration.ofSeconds(1))
          .until(
              () ->
                  Api.withToken(site(), text(tokens, "access_token")).get("/api/v1/me").statusCode()
                      == 401);
    }
  }

  @Test
  void no_token_and_no_secret_stands_in_the_database() throws Exception {
    var application = register(signUp(), "confidential");
    var tokens = application.tokens("jobs:read");

    for (var secret :
        new String[] {
          text(tokens, "access_token"),
          text(tokens, "refresh_token"),
          String.valueOf(application.secret())
        }) {
      assertThat(
              number(
                  "select count(*) from accounts.oauth2_authorization o join accounts.applications a on a.id = o.application_id where o::text || a::text like '%"
                      + secret
                      + "%'"))
          .isZero();
    }
  }

  @Test
  void an_application_is_told_about_its_own_tokens_only() throws Exception {
    var ada = signUp();
    var mine = OAuth.register(site(), ada, "confidential", "jobs:read");
    var other = OAuth.register(site(), ada, "confidential", "jobs:read");
    var token = mine.tokens("jobs:read").required("access_token").asString();

    assertThat(Api.json(mine.introspect(token)).required("active").asBoolean()).isTrue();
    assertThat(other.introspect(token).body()).isEqualTo("{\"active\":false}");
    assertThat(other.introspect("nobody's").body()).isEqualTo("{\"active\":false}");
  }

  @Test
  void the_consent_page_lists_what_is_asked_for_whatever_its_address_says() throws Exception {
    var ada = signUp();
    var app = OAuth.register(site(), ada, "confidential", "jobs:read", "jobs:write");
    var consent = OAuth.location(app.authorize("jobs:read", "jobs:write"));

    var page =
        ada.page(
            URI.create(consent.replace("jobs:write", "").replace("jobs%3Awrite", "")).toString());

    assertThat(page.body()).contains("value=\"jobs:read\"", "value=\"jobs:write\"");
  }

  @Test
  void a_secret_of_before_is_taken_and_hashed_anew_quickly() throws Exception {
    var ada = signUp();
    var app = OAuth.register(site(), ada, "confidential", "jobs:read");
    var slow =
        "{argon2id}"
            + new org.springframework.security.crypto.argon2.Argon2PasswordEncoder(
                    16, 32, 1, 19 * 1024, 2)
                .encode(app.secret());
    sql(
        "update accounts.applications set secret_hash = '%s' where client_id = '%s'"
            .formatted(slow, app.clientId()));

    app.tokens("jobs:read");

    assertThat(
            text(
                "select secret_hash from accounts.applications where client_id = '"
                    + app.clientId()
                    + "'"))
        .startsWith("{sha256}");
  }

  @Test
  void a_developer_has_so_many_applications_and_no_more() throws Exception {
    var ada = signUp();
    for (int i = 0; i < 20; i++) {
      OAuth.register(site(), ada, "confidential", "jobs:read");
    }

    assertThatThrownBy(() -> OAuth.register(site(), ada, "confidential", "jobs:read"))
        .hasMessageContaining("You have 20 applications");
  }

  @Test
  void a_forged_or_foreign_token_opens_nothing() throws Exception {
    var jwt = text(register(signUp(), "public").tokens("jobs:read"), "access_token");
    var parts = jwt.split("\\.", -1);
    var none =
        Base64.getUrlEncoder()
            .withoutPadding()
            .encodeToString("{\"alg\":\"none\"}".getBytes(StandardCharsets.UTF_8));

    for (var token :
        new String[] {
          parts[0]
              + "."
              + parts[1]
              + "."
              + parts[2].substring(0, 85)
              + (parts[2].endsWith("A") ? "Q" : "A"),
          none + "." + parts[1] + ".",
          "x".repeat(128),
          "x",
          ""
        }) {
      var answer = Api.withToken(site(), token).get("/api/v1/me");
      assertThat(answer.statusCode()).as(token).isEqualTo(401);
    }
    assertThat(
            Api.withToken(site(), "x".repeat(128))
                .get("/api/v1/me")
                .headers()
                .firstValue("WWW-Authenticate"))
        .hasValue("Bearer realm=\"behalf\", error=\"invalid_token\"");
  }

  @Test
  void a_new_signing_key_is_published_before_it_signs_and_the_old_one_after() throws Exception {
    var application = register(signUp(), "public");
    var before = application.tokens("jobs:read");
    sql(
        "update accounts.signing_keys set created_at = now() - interval '91 days', signs_from = now() - interval '91 days'");

    await().atMost(Duration.ofSeconds(10)).until(() -> published().size() == 2);

    assertThat(kid(application.tokens("jobs:read"))).isEqualTo(kid(before));
    sql("update accounts.signing_keys set signs_from = now() where signs_from > now()");
    await()
        .atMost(Duration.ofSeconds(10))
        .until(() -> !kid(application.tokens("jobs:read")).equals(kid(before)));
    assertThat(Api.withToken(site(), text(before, "access_token")).get("/api/v1/me").statusCode())
        .isEqualTo(200);
    sql("update accounts.signing_keys set signs_from = signs_from - interval '2 days'");
    await().atMost(Duration.ofSeconds(10)).until(() -> published().size() == 1);
  }

  @Test
  void the_server_describes_itself() throws Exception {
    var metadata = get("/.well-known/oauth-authorization-server");

    assertThat(metadata.required("issuer").asString()).isEqualTo(site().toString());
    assertThat(metadata.required("grant_types_supported").toString())
        .isEqualTo(
            "[\"authorization_code\",\"refresh_token\",\"client_credentials\",\"urn:ietf:params:oauth:grant-type:token-exchange\"]");
    assertThat(metadata.required("token_endpoint_auth_methods_supported").toString())
        .isEqualTo("[\"client_secret_basic\",\"client_secret_post\",\"none\"]");
    assertThat(metadata.required("scopes_supported").toString()).contains("jobs:read");
    assertThat(metadata.required("code_challenge_methods_supported").toString()).contains("S256");
    for (var endpoint :
        new String[] {
          "authorization_endpoint", "token_endpoint", "jwks_uri", "revocation_endpoint"
        }) {
      assertThat(metadata.required(endpoint).asString()).startsWith(site().toString());
    }
  }

  @Test
  void pages_of_other_sites_may_call_without_a_cookie() throws Exception {
    for (var path : new String[] {"/api/v1/jobs", "/oauth2/token"}) {
      var preflight =
          HttpClient.newHttpClient()
              .send(
                  HttpRequest.newBuilder(site().resolve(path))
                      .header("Origin", "https://app.example.com")
                      .header("Access-Control-Request-Method", "POST")
                      .header("Access-Control-Request-Headers", "authorization,content-type")
                      .method("OPTIONS", HttpRequest.BodyPublishers.noBody())
                      .build(),
                  HttpResponse.BodyHandlers.ofString());

      assertThat(preflight.statusCode()).as(path).isEqualTo(200);
      assertThat(preflight.headers().firstValue("Access-Control-Allow-Origin")).hasValue("*");
      assertThat(preflight.headers().firstValue("Access-Control-Allow-Credentials")).isEmpty();
    }
  }

  @Test
  void of_two_exchanges_of_a_refresh_token_at_once_not_both_go_on() throws Exception {
    var application = register(signUp(), "confidential");
    for (int i = 0; i < 5; i++) {
      var refresh = text(application.tokens("jobs:read"), "refresh_token");
      List<HttpResponse<String>> answers;
      try (var threads = java.util.concurrent.Executors.newFixedThreadPool(4)) {
        answers =
            threads
                .invokeAll(
                    java.util.Collections.nCopies(
                        4,
                        (java.util.concurrent.Callable<HttpResponse<String>>)
                            () -> application.refresh(refresh)))
                .stream()
                .map(java.util.concurrent.Future::resultNow)
                .toList();
      }

      assertThat(answers)
          .allMatch(answer -> answer.statusCode() == 200 || answer.statusCode() == 400);
      var goOn =
          answers.stream()
              .filter(answer -> answer.statusCode() == 200)
              .map(answer -> text(StrictJson.MAPPER.readTree(answer.body()), "refresh_token"))
              .toList();
      assertThat(goOn).hasSizeLessThanOrEqualTo(1);
      for (var one : goOn) {
        assertThat(application.refresh(one).statusCode()).as("the family has ended").isEqualTo(400);
      }
    }
  }

  /** Of the one application that this user has allowed. */
  private static String id(Person user) throws Exception {
    return user.page("/applications")
        .body()
        .replaceAll("(?s).*?/applications/([0-9a-f-]{36})/consent/end.*", "$1");
  }

  private JsonNode published() throws Exception {
    return get("/oauth2/jwks").required("keys");
  }

  private JsonNode get(String path) throws Exception {
    return StrictJson.MAPPER.readTree(
        HttpClient.newHttpClient()
            .send(
                HttpRequest.newBuilder(site().resolve(path)).build(),
                HttpResponse.BodyHandlers.ofString())
            .body());
  }

  private OAuth register(Person developer, String kind) throws Exception {
    return OAuth.register(
        site(), developer, kind, "jobs:read", "jobs:write", "usage:read", "keys:read");
  }

  private static String kid(JsonNode tokens) {
    var header = text(tokens, "access_token").split("\\.", -1)[0];
    return StrictJson.MAPPER
        .readTree(Base64.getUrlDecoder().decode(header))
        .required("kid")
        .asString();
  }

  private static String text(JsonNode tokens, String name) {
    return tokens.required(name).asString();
  }
}
