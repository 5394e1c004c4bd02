package dev.behalf.web.site.security;

import static org.assertj.core.api.Assertions.assertThat;

import dev.behalf.testkit.Person;
import dev.behalf.web.WebAppTest;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whether the answer can be taken is asked before anything is done. */
class AcceptTest extends WebAppTest {

  private static final String ECHO = "{\"payload\":{\"operation\":\"echo\",\"text\":\"hi\"}}";
  private static final String KEY = "{\"name\":\"k\",\"scopes\":[\"jobs:read\"]}";

  @ParameterizedTest
  @ValueSource(
      strings = {
        "text/html",
        "application/json;q=0",
        "*/*, application/json;q=0",
        "application/vnd.api+json",
        "application/problem+json",
        "nonsense"
      })
  void who_takes_no_json_is_told_so_and_nothing_is_done(String accept) throws Exception {
    var ada = signUp();

    assertThat(post(ada, "/api/v1/jobs", ECHO, accept).statusCode()).isEqualTo(406);
    assertThat(post(ada, "/api/v1/keys", KEY, accept).statusCode()).isEqualTo(406);
    assertThat(post(ada, "/api/v1/keys/revocation", "", accept).statusCode()).isEqualTo(406);

    assertThat(ada.jobs()).isEmpty();
    assertThat(
            number(
                "select count(*) from accounts.api_keys where user_id = '"
                    + userId(ada)
                    + "' and (kind = 'personal' or revoked_at is not null)"))
        .isZero();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "application/json",
        "*/*",
        "application/*",
        "application/problem+json, application/json",
        "application/hal+json, */*;q=0.1"
      })
  void what_is_no_problem_is_called_json(String accept) throws Exception {
    var answer = post(signUp(), "/api/v1/jobs", ECHO, accept);

    assertThat(answer.statusCode()).isEqualTo(202);
    assertThat(answer.headers().firstValue("Content-Type")).hasValue("application/json");
  }

  @Test
  void a_problem_is_called_one_whatever_is_accepted() throws Exception {
    var answer = post(signUp(), "/api/v1/jobs", "{}", "application/json");

    assertThat(answer.statusCode()).isEqualTo(422);
    assertThat(answer.headers().firstValue("Content-Type")).hasValue("application/problem+json");
  }

  private HttpResponse<String> post(Person person, String path, String body, String accept)
      throws Exception {
    return person
        .http()
        .send(
            HttpRequest.newBuilder(site().resolve(path))
                .header("Content-Type", "application/json")
                .header("Accept", accept)
                .header("X-CSRF-TOKEN", person.token())
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build(),
            HttpResponse.BodyHandlers.ofString());
  }
}
