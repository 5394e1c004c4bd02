package dev.behalf.web.identity.apikeys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.behalf.contract.ApiKeyFormat;
import dev.behalf.testkit.Person;
import dev.behalf.web.Api;
import dev.behalf.web.WebAppTest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LeakedKeysTest extends WebAppTest {

  private static final String WHERE = "https://example.com/repository/blob/1/config.py";

  @Test
  void a_reported_key_is_shown_to_its_owner_and_goes_on_unless_the_owner_chose_otherwise()
      throws Exception {
    var ada = signUp();
    var key = key(ada, "live");

    var answer = report(key);

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(Api.json(answer).get(0).required("label").asString()).isEqualTo("true_positive");
    assertThat(answer.body()).doesNotContain(key);
    assertThat(ada.page("/keys").body()).contains("a key").contains("Key found in public");
    assertThat(ada.page("/api/v1/keys/" + id(key)).body()).contains(WHERE);
    assertThat(ada.page("/api/v1/activity").body()).contains("key.leak_reported");
    assertThat(Api.withKey(site(), key).get("/api/v1/me").statusCode()).isEqualTo(200);
  }

  @Test
  void it_is_revoked_where_the_owner_chose_so_and_no_other_key_is_touched() throws Exception {
    var ada = signUp();
    ada.form("/settings/leaks", Map.of("revoke_leaked", "true"));
    var leaked = key(ada, "test");
    var live = key(ada, "live");

    report(leaked);

    await()
        .atMost(Duration.ofSeconds(1))
        .until(() -> Api.withKey(site(), leaked).get("/api/v1/me").statusCode() == 401);
    assertThat(Api.withKey(site(), live).get("/api/v1/me").statusCode()).isEqualTo(200);
    assertThat(
            number(
                "select count(*) from accounts.api_keys where user_id = '%s' and leaked_at is not null"
                    .formatted(userId(ada))))
        .isEqualTo(1);
  }

  @Test
  void what_is_no_key_of_ours_is_a_false_positive() throws Exception {
    var nobodys = ApiKeyFormat.generate(dev.behalf.contract.Environment.LIVE);
    var adas = ApiKeyFormat.parse(key(signUp(), "live")).orElseThrow();
    var guessed = new ApiKeyFormat(adas.environment(), adas.keyId(), nobodys.secret());

    for (var token : new String[] {"AKIA0000", nobodys.reveal(), guessed.reveal()}) {
      assertThat(Api.json(report(token)).get(0).required("label").asString())
          .isEqualTo("false_positive");
    }
    assertThat(report("").statusCode()).isEqualTo(200);
    assertThat(new Api(site(), "").post("/api/v1/leaked-keys", "[{}]").statusCode()).isEqualTo(422);
  }

  @Test
  void scanners_are_told_what_to_look_for() throws Exception {
    var shape = Api.json(new Api(site(), "").get("/api/v1/leaked-keys/shape"));

    assertThat(key(signUp(), "test")).matches(shape.required("pattern").asString());
  }

  private HttpResponse<String> report(String token) throws Exception {
    return new Api(site(), "")
        .post(
            "/api/v1/leaked-keys",
            "[{\"token\":\"%s\",\"type\":\"behalf_api_key\",\"url\":\"%s\",\"source\":\"content\",\"more\":1}]"
                .formatted(token, WHERE));
  }

  private static String key(Person person, String environment) throws Exception {
    var body =
        "{\"name\":\"a key\",\"environment\":\"%s\",\"scopes\":[\"jobs:read\"]}"
            .formatted(environment);
    return Api.json(person.post("/api/v1/keys", body.getBytes(StandardCharsets.UTF_8)))
        .required("secret")
        .asString();
  }

  private static String id(String key) {
    return ApiKeyFormat.parse(key).orElseThrow().keyId();
  }
}
