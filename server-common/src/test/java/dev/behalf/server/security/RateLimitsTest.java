package dev.behalf.server.security;

import static org.assertj.core.api.Assertions.assertThat;

import dev.behalf.server.problem.ProblemWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;
import org.springframework.security.core.context.SecurityContextHolder;

/** The limits are so low that no request comes back within the time of a test. */
class RateLimitsTest {

  private static final UUID ADA = UUID.randomUUID();
  private static final UUID BOB = UUID.randomUUID();

  private final RateLimits limits = new RateLimits("/api/", 3, new ProblemWriter());
  private final AtomicInteger handled = new AtomicInteger();

  @AfterEach
  void signOut() {
    SecurityContextHolder.clearContext();
  }

  @Test
  void the_last_request_of_the_allowance_is_handled_and_the_next_is_refused() throws Exception {
    Credential.ofUser(ADA).signIn();

    assertThat(get("/api/v1/jobs").getStatus()).isEqualTo(200);
    assertThat(get("/api/v1/jobs").getStatus()).isEqualTo(200);
    assertThat(get("/api/v1/jobs").getStatus()).isEqualTo(200);
    var refused = get("/api/v1/jobs");

    assertThat(refused.getStatus()).isEqualTo(429);
    assertThat(refused.getContentAsString()).contains("rate_limited", "at most 3 requests");
    assertThat(handled).as("handled requests").hasValue(3);
  }

  @Test
  void a_refused_request_says_when_the_next_one_is_possible() throws Exception {
    Credential.ofUser(ADA).signIn();
    useUp();

    var wait = Integer.parseInt(String.valueOf(get("/api/v1/jobs").getHeader("Retry-After")));

    assertThat(wait).as("three a minute: one in 20 s").isBetween(1, 20);
  }

  @Test
  void the_wait_is_never_zero_seconds() throws Exception {
    var fast = new RateLimits("/api/", 600, new ProblemWriter());
    Credential.ofUser(ADA).signIn();
    var answer = get(fast, "/api/v1/jobs");
    for (int i = 0; i < 5_000 && answer.getStatus() == 200; i++) {
      answer = get(fast, "/api/v1/jobs");
    }

    assertThat(answer.getStatus()).isEqualTo(429);
    assertThat(answer.getHeader("Retry-After")).as("one in 0.1 s").isEqualTo("1");
  }

  @Test
  void the_headers_tell_the_policy_and_what_is_left() throws Exception {
    Credential.ofUser(ADA).signIn();

    var first = get("/api/v1/jobs");
    var second = get("/api/v1/jobs");

    assertThat(first.getHeader("RateLimit-Policy")).isEqualTo("\"requests\";q=3;w=60");
    assertThat(first.getHeader("RateLimit")).matches("\"requests\";r=2;t=\\d+");
    assertThat(second.getHeader("RateLimit")).matches("\"requests\";r=1;t=\\d+");
  }

  @Test
  void the_headers_of_a_refusal_tell_that_nothing_is_left() throws Exception {
    Credential.ofUser(ADA).signIn();
    useUp();

    assertThat(get("/api/v1/jobs").getHeader("RateLimit")).matches("\"requests\";r=0;t=\\d+");
  }

  @Test
  void the_time_until_the_allowance_is_whole_grows_with_what_is_used_up_to_the_window()
      throws Exception {
    Credential.ofUser(ADA).signIn();

    assertThat(reset(get("/api/v1/jobs"))).isBetween(1, 20);
    assertThat(reset(get("/api/v1/jobs"))).isBetween(21, 40);
    assertThat(reset(get("/api/v1/jobs"))).isBetween(41, 60);
  }

  @Test
  void all_credentials_of_a_user_share_one_allowance() throws Exception {
    Credential.ofUser(ADA).signIn();
    useUp();

    new Credential(AuthenticationScheme.SESSION, ADA, Set.of(), null, null, true).signIn();

    assertThat(get("/api/v1/jobs").getStatus()).isEqualTo(429);
  }

  @Test
  void users_do_not_take_from_each_other() throws Exception {
    Credential.ofUser(ADA).signIn();
    useUp();

    Credential.ofUser(BOB).signIn();

    assertThat(get("/api/v1/jobs").getHeader("RateLimit")).contains("r=2");
  }

  @Test
  void workers_are_not_counted_even_if_their_user_has_used_up_the_allowance() throws Exception {
    Credential.ofUser(ADA).signIn();
    useUp();

    Credential.ofWorker(ADA).signIn();
    var answer = get("/api/v1/jobs");

    assertThat(answer.getStatus()).isEqualTo(200);
    assertThat(answer.getHeaderNames()).isEmpty();
  }

  @Test
  void a_request_without_a_principal_is_left_to_be_refused_later() throws Exception {
    for (int i = 0; i < 10; i++) {
      assertThat(get("/api/v1/jobs").getHeaderNames()).isEmpty();
    }
    assertThat(handled).hasValue(10);
  }

  @Test
  void pages_are_not_counted() throws Exception {
    Credential.ofUser(ADA).signIn();
    useUp();

    assertThat(get("/jobs").getStatus()).isEqualTo(200);
    assertThat(get("/apis").getHeaderNames()).isEmpty();
  }

  @Test
  void requests_at_the_same_time_share_the_allowance() throws Exception {
    var start = new CountDownLatch(1);
    var threads = new ArrayList<Thread>();
    for (int i = 0; i < 50; i++) {
      threads.add(Thread.startVirtualThread(() -> getAfter(start)));
    }
    start.countDown();
    for (var thread : threads) {
      assertThat(thread.join(Duration.ofSeconds(15))).as("ended").isTrue();
    }

    assertThat(handled).as("handled of 50").hasValue(3);
  }

  private void getAfter(CountDownLatch start) {
    try {
      Credential.ofUser(ADA).signIn();
      start.await();
      get("/api/v1/jobs");
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private void useUp() throws Exception {
    for (int i = 0; i < 3; i++) {
      assertThat(get("/api/v1/jobs").getStatus()).isEqualTo(200);
    }
  }

  private static int reset(MockHttpServletResponse answer) {
    return Integer.parseInt(
        String.valueOf(answer.getHeader("RateLimit")).replaceFirst(".*;t=", ""));
  }

  private MockHttpServletResponse get(String path) throws Exception {
    return get(limits, path);
  }

  private MockHttpServletResponse get(RateLimits filter, String path) throws Exception {
    var request = new MockHttpServletRequest("GET", path);
    request.setServletPath(path);
    var response = new MockHttpServletResponse();
    filter.doFilter(request, response, (r, a) -> handled.incrementAndGet());
    return response;
  }
}
