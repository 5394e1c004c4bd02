package dev.behalf.web.site.security;

import static org.assertj.core.api.Assertions.assertThat;

import dev.behalf.contract.Environment;
import dev.behalf.server.apikeys.KeyHolder;
import dev.behalf.server.problem.ProblemWriter;
import dev.behalf.server.security.RateLimits;
import dev.behalf.server.security.RequestPrincipal;
import dev.behalf.server.security.Scope;
import java.util.EnumSet;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.mock.web.MockFilterChain;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;
import org.springframework.security.authentication.TestingAuthenticationToken;
import org.springframework.security.core.context.SecurityContextHolder;

class RateLimitsTest {

  private static final UUID ADA = new UUID(0, 1);
  private static final UUID EVE = new UUID(0, 2);

  private final RateLimits limits = new RateLimits("/api/", 3, new ProblemWriter("Api-Key"));

  @AfterEach
  void nobody() {
    SecurityContextHolder.clearContext();
  }

  @Test
  void a_user_has_one_rate_whatever_keys_the_requests_come_with() throws Exception {
    assertThat(request(key(ADA, "a", false)).getStatus()).isEqualTo(200);
    assertThat(request(key(ADA, "b", false)).getStatus()).isEqualTo(200);
    assertThat(request(key(ADA, "c", false)).getStatus()).isEqualTo(200);

    var refused = request(key(ADA, "d", false));

    assertThat(refused.getStatus()).isEqualTo(429);
    assertThat(refused.getContentAsString()).contains("rate_limited");
    assertThat(refused.getHeader("Retry-After")).matches("\\d+");
    assertThat(request(key(EVE, "e", false)).getStatus()).isEqualTo(200);
  }

  @Test
  void each_answer_says_what_is_left() throws Exception {
    var answer = request(key(ADA, "a", false));

    assertThat(answer.getHeader("RateLimit-Policy")).isEqualTo("\"requests\";q=3;w=60");
    assertThat(answer.getHeader("RateLimit")).startsWith("\"requests\";r=2;t=");
  }

  @Test
  void workers_are_not_counted() throws Exception {
    for (int i = 0; i < 10; i++) {
      assertThat(request(key(ADA, "m", true)).getStatus()).isEqualTo(200);
    }
    assertThat(request(key(ADA, "m", true)).getHeader("RateLimit")).isNull();
  }

  private MockHttpServletResponse request(RequestPrincipal principal) throws Exception {
    SecurityContextHolder.getContext()
        .setAuthentication(new TestingAuthenticationToken(principal, ""));
    var response = new MockHttpServletResponse();
    var request = new MockHttpServletRequest("GET", "/api/v1/me");
    request.setServletPath("/api/v1/me");
    limits.doFilter(request, response, new MockFilterChain());
    return response;
  }

  private static KeyHolder key(UUID user, String id, boolean isManaged) {
    return new KeyHolder(
        user, Environment.LIVE, id, EnumSet.allOf(Scope.class), isManaged, null, null);
  }
}
