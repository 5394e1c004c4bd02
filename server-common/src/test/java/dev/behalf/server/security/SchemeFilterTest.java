package dev.behalf.server.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.behalf.contract.Environment;
import dev.behalf.contract.ProblemCode;
import dev.behalf.server.problem.Problem;
import dev.behalf.server.problem.ProblemWriter;
import jakarta.servlet.FilterChain;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.MDC;
import org.springframework.dao.QueryTimeoutException;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.transaction.CannotCreateTransactionException;

class SchemeFilterTest {

  private static final Credential ADA = Credential.of(AuthenticationScheme.API_KEY);

  private final List<String> credentials = new ArrayList<>();
  private final List<@Nullable Authentication> admitted = new ArrayList<>();
  private final MockHttpServletResponse response = new MockHttpServletResponse();
  private final FilterChain chain =
      (request, answer) -> admitted.add(SecurityContextHolder.getContext().getAuthentication());

  @AfterEach
  void signOut() {
    SecurityContextHolder.clearContext();
  }

  @ParameterizedTest
  @ValueSource(strings = {"Bearer x", "Api-Key", "Api-Keys x", "Api-Key\tx", " Api-Key x", "", "A"})
  void a_request_of_another_scheme_passes_unauthenticated(String header) throws Exception {
    send(accepting(ADA), header);

    assertThat(credentials).isEmpty();
    assertThat(admitted).hasSize(1).containsOnlyNulls();
  }

  @Test
  void a_request_without_the_header_passes_with_its_session() throws Exception {
    ADA.signIn();

    accepting(Credential.of(AuthenticationScheme.API_KEY))
        .doFilter(new MockHttpServletRequest(), response, chain);

    assertThat(admitted).singleElement().extracting("principal").isEqualTo(ADA);
  }

  @ParameterizedTest
  @CsvSource({"Api-Key x", "api-key x", "API-KEY x", "'Api-Key   x  '"})
  void the_scheme_is_read_in_any_case_and_the_credential_without_spaces(String header)
      throws Exception {
    send(accepting(ADA), header);

    assertThat(credentials).containsExactly("x");
    assertThat(admitted).singleElement().extracting("principal").isEqualTo(ADA);
  }

  @Test
  void a_scheme_without_a_credential_is_left_to_the_authenticator_to_refuse() throws Exception {
    send(accepting(ADA), "Api-Key ");

    assertThat(credentials).containsExactly("");
  }

  @Test
  void a_refused_credential_ends_the_request_with_its_problem() throws Exception {
    send(failing(new Problem(ProblemCode.KEY_INVALID, "Use another.")), "Api-Key x");

    assertThat(response.getStatus()).isEqualTo(401);
    assertThat(response.getContentAsString()).contains("key_invalid", "Use another.");
    assertThat(admitted).as("requests that went on").isEmpty();
  }

  @Test
  void a_refused_credential_does_not_fall_back_to_the_session() throws Exception {
    Credential.of(AuthenticationScheme.SESSION, Scope.values()).signIn();

    send(failing(new Problem(ProblemCode.KEY_INVALID, "Use another.")), "Api-Key x");

    assertThat(admitted).as("requests that went on").isEmpty();
  }

  @Test
  void a_database_that_is_away_is_no_fault_of_the_credential() throws Exception {
    for (var away :
        List.of(
            new QueryTimeoutException("slow"), new CannotCreateTransactionException("no pool"))) {
      var answer = new MockHttpServletResponse();

      failing(away).doFilter(request("Api-Key x"), answer, chain);

      assertThat(answer.getStatus()).as(away.toString()).isEqualTo(503);
      assertThat(answer.getHeader("Retry-After")).as(away.toString()).isNotNull();
    }
    assertThat(admitted).as("requests that went on").isEmpty();
  }

  @Test
  void any_other_failure_of_the_authenticator_is_not_hidden() {
    assertThatIllegalStateException()
        .isThrownBy(() -> send(failing(new IllegalStateException("a fault")), "Api-Key x"));
    assertThat(admitted).as("requests that went on").isEmpty();
  }

  @Test
  void the_credential_replaces_the_session_of_the_request() throws Exception {
    var context = SecurityContextHolder.getContext();
    Credential.of(AuthenticationScheme.SESSION, Scope.values()).signIn();
    var session = context.getAuthentication();

    send(accepting(ADA), "Api-Key x");

    assertThat(admitted).singleElement().extracting("principal").isEqualTo(ADA);
    assertThat(context.getAuthentication())
        .as("the context of the session, which may be stored, is not written to")
        .isSameAs(session);
  }

  @Test
  void an_admitted_request_is_authenticated_in_the_name_of_its_user_and_keeps_no_secret()
      throws Exception {
    send(accepting(ADA), "Api-Key x");

    var authentication = admitted.getFirst();
    assertThat(authentication).isNotNull();
    assertThat(authentication.isAuthenticated()).isTrue();
    assertThat(authentication.getName()).isEqualTo(ADA.userId().toString());
    assertThat(authentication.getCredentials()).isEqualTo("");
    assertThat(authentication.getAuthorities()).isEmpty();
  }

  @Test
  void the_principal_is_gone_after_the_request_even_if_it_fails() {
    assertThatThrownBy(() -> accepting(ADA).doFilter(request("Api-Key x"), response, failed()))
        .hasMessage("handler");

    assertThat(SecurityContextHolder.getContext().getAuthentication()).isNull();
  }

  @Test
  void every_log_line_of_the_request_names_user_key_and_environment() throws Exception {
    var user = UUID.randomUUID();
    var key =
        new Credential(
            AuthenticationScheme.API_KEY, user, Set.of(), "key1", Environment.TEST, true);

    assertThat(fieldsDuring(key))
        .isEqualTo(Map.of("user_id", user.toString(), "key_id", "key1", "environment", "test"));
  }

  @Test
  void log_lines_have_no_key_and_environment_if_the_credential_has_none() throws Exception {
    assertThat(fieldsDuring(ADA)).isEqualTo(Map.of("user_id", ADA.userId().toString()));
  }

  @Test
  void the_log_lines_of_the_next_request_in_the_thread_have_no_fields_of_this_one() {
    assertThatThrownBy(() -> accepting(ADA).doFilter(request("Api-Key x"), response, failed()))
        .hasMessage("handler");

    assertThat(MDC.get("user_id")).isNull();
  }

  @Test
  void several_schemes_filter_the_same_request() throws Exception {
    var bearer = Credential.of(AuthenticationScheme.BEARER);
    var request = request("Bearer x");
    var second = new SchemeFilter("Bearer", (credential, r) -> bearer, new ProblemWriter());

    accepting(ADA).doFilter(request, response, (r, a) -> second.doFilter(r, a, chain));

    assertThat(admitted).singleElement().extracting("principal").isEqualTo(bearer);
  }

  @ParameterizedTest
  @CsvSource({"Api-Key x, true", "api-key x, true", "Api-Keyx, false", "Bearer x, false"})
  void whether_a_scheme_is_used_follows_the_same_rule(String header, boolean isUsed) {
    assertThat(SchemeFilter.isUsed(request(header), "Api-Key")).isEqualTo(isUsed);
  }

  @Test
  void no_scheme_is_used_without_the_header() {
    assertThat(SchemeFilter.isUsed(new MockHttpServletRequest(), "Api-Key")).isFalse();
  }

  private void send(SchemeFilter filter, String header) throws Exception {
    filter.doFilter(request(header), response, chain);
  }

  private Map<String, String> fieldsDuring(Credential principal) throws Exception {
    var fields = new ArrayList<Map<String, String>>();
    accepting(principal)
        .doFilter(request("Api-Key x"), response, (r, a) -> fields.add(MDC.getCopyOfContextMap()));
    return fields.getFirst();
  }

  private SchemeFilter accepting(RequestPrincipal principal) {
    return new SchemeFilter(
        "Api-Key",
        (credential, request) -> {
          credentials.add(credential);
          return principal;
        },
        new ProblemWriter());
  }

  private static SchemeFilter failing(RuntimeException failure) {
    return new SchemeFilter(
        "Api-Key",
        (credential, request) -> {
          throw failure;
        },
        new ProblemWriter());
  }

  private static FilterChain failed() {
    return (request, response) -> {
      throw new IllegalStateException("handler");
    };
  }

  private static MockHttpServletRequest request(String authorization) {
    var request = new MockHttpServletRequest("GET", "/api/v1/jobs");
    request.addHeader("Authorization", authorization);
    return request;
  }
}
