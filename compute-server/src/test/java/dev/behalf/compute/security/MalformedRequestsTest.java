package dev.behalf.compute.security;

import static org.assertj.core.api.Assertions.assertThat;

import dev.behalf.compute.ComputeTest;
import dev.behalf.contract.Environment;
import dev.behalf.testkit.RawHttp;
import java.net.URI;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What cannot be read or stored is a problem of whoever has sent it, and never ours. */
class MalformedRequestsTest extends ComputeTest {

  private final String key = newKey(newUser(), Environment.LIVE, "jobs:read jobs:write");

  @Test
  void any_number_of_languages_and_any_name_of_a_client_are_taken() throws Exception {
    assertThat(raw("GET", "/v1/me").header("Accept-Language", "de,".repeat(100) + "en").send())
        .satisfies(answer -> assertThat(answer.status()).isEqualTo(200));
    assertThat(raw("GET", "/v1/me").header("User-Agent", "Übersetzer 浏览器").send())
        .satisfies(answer -> assertThat(answer.status()).isEqualTo(200));
  }

  @ParameterizedTest
  @ValueSource(strings = {"/v1/me?x=%E9", "/v1/me?x=%00", "/v1/ai/jobs/%00", "/v1/ai/jobs/%E9"})
  void an_address_that_is_no_text_is_refused(String target) throws Exception {
    var answer = raw("GET", target).send();

    assertThat(answer.status()).isEqualTo(400);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"operation\":\"echo\",\"text\":\"\\u0000\"}",
        "{\"operation\":\"echo\",\"text\":\"\\ud83d\"}"
      })
  void a_payload_that_cannot_be_kept_is_refused(String payload) throws Exception {
    assertThat(post(key, UUID.randomUUID(), payload).statusCode()).isEqualTo(400);
  }

  @Test
  void a_body_of_another_kind_and_two_credentials_are_refused() throws Exception {
    assertThat(raw("POST", "/v1/ai/jobs").body("multipart/form-data; boundary=b", "x").send())
        .satisfies(answer -> assertThat(answer.status()).isEqualTo(415));
    assertThat(
            raw("POST", "/v1/ai/jobs")
                .header("Content-Encoding", "gzip")
                .body("application/json", "{}")
                .send())
        .satisfies(answer -> assertThat(answer.status()).isEqualTo(415));
    assertThat(raw("GET", "/v1/me").header("Authorization", "Api-Key " + key).send())
        .satisfies(answer -> assertThat(answer.status()).isEqualTo(400));
  }

  private RawHttp raw(String method, String target) {
    return RawHttp.request(URI.create("http://127.0.0.1:" + port), method, target)
        .header("Authorization", "Api-Key " + key);
  }
}
