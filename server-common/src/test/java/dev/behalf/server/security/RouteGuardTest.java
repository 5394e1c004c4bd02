package dev.behalf.server.security;

import static org.assertj.core.api.Assertions.assertThat;

import dev.behalf.contract.ProblemCode;
import dev.behalf.server.problem.Problem;
import java.util.EnumSet;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.http.HttpMethod;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.security.authentication.TestingAuthenticationToken;
import org.springframework.security.authorization.AuthorizationResult;
import org.springframework.security.core.Authentication;
import org.springframework.security.web.access.intercept.RequestAuthorizationContext;

class RouteGuardTest {

  private static final RequestAuthorizationContext REQUEST =
      new RequestAuthorizationContext(new MockHttpServletRequest());

  private static final Route JOBS =
      Route.api(
          EnumSet.of(AuthenticationScheme.API_KEY, AuthenticationScheme.BEARER),
          HttpMethod.GET,
          "/api/v1/jobs",
          Scope.JOBS_READ,
          "Lists jobs");

  @Test
  void an_open_route_admits_everyone_and_does_not_look_at_the_credential() {
    var guard = guard(Route.open(HttpMethod.GET, "/docs"));

    var result =
        guard.authorize(
            () -> {
              throw new AssertionError("The session was read.");
            },
            REQUEST);

    assertThat(result.isGranted()).isTrue();
  }

  @Test
  void a_request_without_authentication_is_denied_without_a_problem_of_its_own() {
    var result = authorize(guard(JOBS), null);

    assertThat(result.isGranted()).isFalse();
    assertThat(result).as("the entry point answers 401").isNotInstanceOf(RouteGuard.Refusal.class);
  }

  @Test
  void an_authentication_of_another_kind_is_denied_like_none() {
    var anonymous = new TestingAuthenticationToken("anonymousUser", "");
    anonymous.setAuthenticated(true);

    var result = authorize(guard(JOBS), anonymous);

    assertThat(result.isGranted()).isFalse();
    assertThat(result).isNotInstanceOf(RouteGuard.Refusal.class);
  }

  @ParameterizedTest
  @EnumSource(
      value = AuthenticationScheme.class,
      names = {"NONE", "API_KEY", "BEARER"},
      mode = EnumSource.Mode.EXCLUDE)
  void a_scheme_that_the_route_does_not_list_is_refused_whatever_its_scopes(
      AuthenticationScheme other) {
    var problem = refusal(guard(JOBS), Credential.of(other, Scope.values()));

    assertThat(problem.code()).isEqualTo(ProblemCode.FORBIDDEN);
    assertThat(problem.headers()).as("no scope would help").isEmpty();
  }

  @Test
  void a_route_without_a_scope_admits_a_credential_without_scopes() {
    var guard = guard(Route.at(AuthenticationScheme.SESSION, HttpMethod.GET, "/home"));

    assertThat(isGranted(guard, Credential.of(AuthenticationScheme.SESSION))).isTrue();
  }

  @Test
  void a_route_without_a_scope_does_not_ask_for_the_effective_scopes() {
    var route = Route.at(AuthenticationScheme.SESSION, HttpMethod.GET, "/home");
    var guard =
        new RouteGuard(
            route,
            principal -> {
              throw new AssertionError("The database was read.");
            });

    assertThat(isGranted(guard, Credential.of(AuthenticationScheme.SESSION))).isTrue();
  }

  @Test
  void the_scope_of_the_route_admits() {
    assertThat(isGranted(guard(JOBS), Credential.of(AuthenticationScheme.API_KEY, Scope.JOBS_READ)))
        .isTrue();
  }

  @Test
  void all_other_scopes_together_do_not_admit() {
    var others = EnumSet.complementOf(EnumSet.of(Scope.JOBS_READ)).toArray(Scope[]::new);

    var problem = refusal(guard(JOBS), Credential.of(AuthenticationScheme.API_KEY, others));

    assertThat(problem.code()).isEqualTo(ProblemCode.SCOPE_MISSING);
  }

  @Test
  void a_scope_that_was_withdrawn_after_the_token_was_issued_no_longer_admits() {
    var guard = new RouteGuard(JOBS, principal -> Set.of(Scope.USAGE_READ));

    var problem = refusal(guard, Credential.of(AuthenticationScheme.BEARER, Scope.JOBS_READ));

    assertThat(problem.code()).isEqualTo(ProblemCode.SCOPE_MISSING);
  }

  @Test
  void a_missing_scope_is_named_in_the_detail() {
    assertThat(refusal(guard(JOBS), Credential.of(AuthenticationScheme.BEARER)).detail())
        .contains("\"jobs:read\"");
  }

  @Test
  void a_key_without_the_scope_is_challenged_in_the_scheme_of_keys() {
    assertThat(refusal(guard(JOBS), Credential.of(AuthenticationScheme.API_KEY)).headers())
        .containsEntry(
            "WWW-Authenticate",
            "Api-Key realm=\"behalf\", error=\"insufficient_scope\", scope=\"jobs:read\"");
  }

  @Test
  void a_token_without_the_scope_is_challenged_as_in_rfc_6750() {
    assertThat(refusal(guard(JOBS), Credential.of(AuthenticationScheme.BEARER)).headers())
        .containsEntry(
            "WWW-Authenticate",
            "Bearer realm=\"behalf\", error=\"insufficient_scope\", scope=\"jobs:read\"");
  }

  @Test
  void a_session_without_the_scope_gets_no_challenge_that_would_open_a_dialog() {
    var route =
        Route.api(
            EnumSet.of(AuthenticationScheme.SESSION),
            HttpMethod.GET,
            "/ops",
            Scope.OPS_READ,
            "Shows the state");

    var problem = refusal(guard(route), Credential.of(AuthenticationScheme.SESSION));

    assertThat(problem.code()).isEqualTo(ProblemCode.SCOPE_MISSING);
    assertThat(problem.headers()).isEmpty();
  }

  private static RouteGuard guard(Route route) {
    Function<RequestPrincipal, Set<Scope>> unchanged = RequestPrincipal::scopes;
    return new RouteGuard(route, unchanged);
  }

  private static boolean isGranted(RouteGuard guard, RequestPrincipal principal) {
    return authorize(guard, new TestingAuthenticationToken(principal, "")).isGranted();
  }

  private static Problem refusal(RouteGuard guard, RequestPrincipal principal) {
    var result = authorize(guard, new TestingAuthenticationToken(principal, ""));
    assertThat(result.isGranted()).as("granted").isFalse();
    assertThat(result).isInstanceOf(RouteGuard.Refusal.class);
    return ((RouteGuard.Refusal) result).problem();
  }

  private static AuthorizationResult authorize(
      RouteGuard guard, @Nullable Authentication authentication) {
    return guard.authorize(() -> authentication, REQUEST);
  }
}
