package dev.behalf.server.apikeys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.behalf.contract.ApiKeyFormat;
import dev.behalf.contract.Environment;
import dev.behalf.contract.ProblemCode;
import dev.behalf.server.problem.Problem;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.mock.web.MockHttpServletRequest;

class ApiKeyAuthenticatorTest {

  private static final KeyRows ROWS = new KeyRows();

  private final List<KeyCheck> heard = new ArrayList<>();
  private final JdbcClient database = JdbcClient.create(ROWS.dataSource());
  private final ApiKeyAuthenticator authenticator =
      new ApiKeyAuthenticator(
          new ApiKeys(
              database,
              ApiKeysTest.silent(database),
              KeyRows.HASHER,
              () -> Instant.parse("2026-11-30T12:00:00Z")),
          List.of(heard::add, heard::add));

  private final UUID ada = ROWS.user("jobs:read");
  private final ApiKeyFormat key = ROWS.key(ada, Environment.LIVE, "jobs:read");

  @Test
  void an_accepted_key_is_its_user_and_every_listener_hears_of_it() {
    var principal = authenticator.authenticate(key.reveal(), request());

    assertThat(principal.id()).isEqualTo(ada);
    assertThat(heard).hasSize(2).hasOnlyElementsOfType(KeyCheck.Accepted.class);
  }

  @Test
  void every_listener_hears_of_a_refused_key() {
    refusal("nonsense");

    assertThat(heard).hasSize(2).hasOnlyElementsOfType(KeyCheck.Refused.class);
  }

  @Test
  void a_mistyped_key_is_called_mistyped() {
    var problem = refusal(key.reveal().substring(1));

    assertThat(problem.code()).isEqualTo(ProblemCode.KEY_INVALID);
    assertThat(problem.detail()).contains("mistyped");
  }

  @Test
  void a_guess_learns_nothing_from_the_answer() {
    var details = new HashSet<String>();
    details.add(refusal(ApiKeyFormat.generate(Environment.LIVE).reveal()).detail());
    details.add(
        refusal(new ApiKeyFormat(Environment.LIVE, key.keyId(), "x".repeat(32)).reveal()).detail());
    for (var column : List.of("expires_at", "disabled_at", "overlap_until", "revoked_at")) {
      var refused = ROWS.key(ada, Environment.LIVE, "jobs:read");
      ROWS.set(refused.keyId(), column + " = '2026-11-01Z'");

      var problem = refusal(refused.reveal());

      assertThat(problem.code()).as(column).isEqualTo(ProblemCode.KEY_INVALID);
      details.add(problem.detail());
    }

    assertThat(details).as("one text for all reasons").hasSize(1);
  }

  @Test
  void a_refused_address_is_named_so_that_it_can_be_added() {
    ROWS.set(key.keyId(), "networks = '192.0.2.0/24'");

    var problem = refusal(key.reveal());

    assertThat(problem.code()).isEqualTo(ProblemCode.ADDRESS_REFUSED);
    assertThat(problem.detail()).contains("203.0.113.9");
  }

  @Test
  void the_client_is_the_address_that_the_container_trusts_and_not_a_header() {
    var request = request();
    request.addHeader("X-Forwarded-For", "192.0.2.1");
    request.addHeader("Forwarded", "for=192.0.2.1");

    assertThat(ApiKeyAuthenticator.client(request).address()).isEqualTo("203.0.113.9");
  }

  @Test
  void a_client_without_a_user_agent_has_an_empty_one() {
    assertThat(ApiKeyAuthenticator.client(request()).userAgent()).isEmpty();
  }

  @Test
  void a_user_agent_is_read_as_utf_8_and_without_line_breaks() {
    var request = request();
    request.addHeader(
        "User-Agent",
        new String("Żółw\r\n1".getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1));

    assertThat(ApiKeyAuthenticator.client(request).userAgent()).isEqualTo("Żółw1");
  }

  private Problem refusal(String credential) {
    return catchThrowableOfType(
        Problem.class, () -> authenticator.authenticate(credential, request()));
  }

  private static MockHttpServletRequest request() {
    var request = new MockHttpServletRequest("GET", "/api/v1/jobs");
    request.setRemoteAddr("203.0.113.9");
    return request;
  }
}
