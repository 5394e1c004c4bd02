package dev.behalf.server.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.behalf.server.problem.ProblemWriter;
import jakarta.servlet.FilterChain;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;
import org.springframework.security.core.context.SecurityContextHolder;

/** A request that is still being read is one whose chain sends the next request. */
class LargeBodiesTest {

  private static final long LARGE = 32 * 1024 + 1;
  private static final long UNKNOWN = -1;
  private static final Credential ADA = Credential.ofUser(UUID.randomUUID());
  private static final Credential BOB = Credential.ofUser(UUID.randomUUID());

  private final LargeBodies limits =
      new LargeBodies("/api/", "/api/v1/batches", new ProblemWriter());

  @AfterEach
  void signOut() {
    SecurityContextHolder.clearContext();
  }

  @Test
  void the_sixteenth_large_body_of_a_user_is_read_and_the_seventeenth_is_refused()
      throws Exception {
    assertThat(statusWhileReading(times(15, ADA), ADA, LARGE)).isEqualTo(200);

    var refused = answerWhileReading(times(16, ADA), ADA, "POST", "/api/v1/jobs", LARGE);

    assertThat(refused.getStatus()).isEqualTo(429);
    assertThat(refused.getHeader("Retry-After")).isEqualTo("1");
    assertThat(refused.getContentAsString()).contains("rate_limited", "at most 16 bodies");
  }

  @Test
  void a_body_of_32_kib_is_small_and_not_counted() throws Exception {
    assertThat(statusWhileReading(times(16, ADA), ADA, LARGE - 1)).isEqualTo(200);
    assertThat(statusWhileReading(times(16, ADA), ADA, 0)).isEqualTo(200);
  }

  @Test
  void a_body_of_unknown_length_may_be_large() throws Exception {
    assertThat(statusWhileReading(times(16, ADA), ADA, UNKNOWN)).isEqualTo(429);
  }

  @Test
  void a_get_request_of_unknown_length_has_no_body() throws Exception {
    assertThat(answerWhileReading(times(16, ADA), ADA, "GET", "/api/v1/jobs", UNKNOWN).getStatus())
        .isEqualTo(200);
  }

  @Test
  void a_get_request_with_a_large_body_is_counted() throws Exception {
    assertThat(answerWhileReading(times(16, ADA), ADA, "GET", "/api/v1/jobs", LARGE).getStatus())
        .isEqualTo(429);
  }

  @Test
  void bodies_of_pages_are_not_counted() throws Exception {
    assertThat(answerWhileReading(times(16, ADA), ADA, "POST", "/jobs/upload", LARGE).getStatus())
        .isEqualTo(200);
  }

  @Test
  void a_user_at_the_limit_does_not_keep_another_waiting() throws Exception {
    assertThat(statusWhileReading(times(16, ADA), BOB, LARGE)).isEqualTo(200);
  }

  @Test
  void workers_are_not_counted() throws Exception {
    assertThat(statusWhileReading(times(16, ADA), Credential.ofWorker(ADA.userId()), LARGE))
        .isEqualTo(200);
  }

  @Test
  void an_anonymous_request_takes_no_place() throws Exception {
    assertThat(statusWhileReading(Collections.nCopies(70, null), ADA, LARGE)).isEqualTo(200);
  }

  @Test
  void the_sixty_fourth_large_body_of_all_users_is_read_and_the_next_is_refused() throws Exception {
    var users =
        Stream.generate(() -> times(16, Credential.ofUser(UUID.randomUUID())))
            .limit(4)
            .flatMap(List::stream)
            .toList();

    assertThat(statusWhileReading(users.subList(1, 64), BOB, LARGE)).isEqualTo(200);

    var refused = answerWhileReading(users, BOB, "POST", "/api/v1/jobs", LARGE);
    assertThat(refused.getStatus()).as("no fault of the user").isEqualTo(503);
    assertThat(refused.getHeader("Retry-After")).isNotNull();
  }

  @Test
  void a_refusal_of_a_full_server_costs_the_user_no_place() throws Exception {
    var others = Stream.generate(() -> Credential.ofUser(UUID.randomUUID())).limit(64).toList();
    reading(
        others.iterator(),
        () -> {
          for (int i = 0; i < 20; i++) {
            assertThat(send(BOB, "POST", "/api/v1/jobs", LARGE, (r, a) -> {}).getStatus())
                .isEqualTo(503);
          }
        });

    assertThat(statusWhileReading(times(15, BOB), BOB, LARGE)).isEqualTo(200);
  }

  @Test
  void places_are_free_again_when_the_bodies_are_read() throws Exception {
    assertThat(statusWhileReading(times(16, ADA), ADA, LARGE)).isEqualTo(429);

    assertThat(statusWhileReading(times(15, ADA), ADA, LARGE)).isEqualTo(200);
  }

  @Test
  void places_of_requests_that_fail_are_free_again() throws Exception {
    for (int i = 0; i < 70; i++) {
      assertThatThrownBy(
              () ->
                  send(
                      ADA,
                      "POST",
                      "/api/v1/jobs",
                      LARGE,
                      (request, response) -> {
                        throw new IllegalStateException("handler");
                      }))
          .as("request %d", i)
          .hasMessage("handler");
    }

    assertThat(statusWhileReading(times(15, ADA), ADA, LARGE)).isEqualTo(200);
  }

  private static List<Credential> times(int count, Credential user) {
    return Collections.nCopies(count, user);
  }

  private int statusWhileReading(
      List<? extends @Nullable Credential> users, Credential next, long length) throws Exception {
    return answerWhileReading(users, next, "POST", "/api/v1/jobs", length).getStatus();
  }

  /** Returns the answer to a request that arrives while large bodies of these users are read. */
  private MockHttpServletResponse answerWhileReading(
      List<? extends @Nullable Credential> users,
      Credential next,
      String method,
      String path,
      long length)
      throws Exception {
    var answer = new MockHttpServletResponse[1];
    reading(users.iterator(), () -> answer[0] = send(next, method, path, length, (r, a) -> {}));
    return answer[0];
  }

  private void reading(Iterator<? extends @Nullable Credential> users, Step last) throws Exception {
    if (!users.hasNext()) {
      last.run();
      return;
    }
    var answer =
        send(
            users.next(),
            "POST",
            "/api/v1/jobs",
            LARGE,
            (request, response) -> {
              try {
                reading(users, last);
              } catch (Exception e) {
                throw new IllegalStateException(e);
              }
            });
    assertThat(answer.getStatus()).as("status of a body before").isEqualTo(200);
  }

  private MockHttpServletResponse send(
      @Nullable Credential user, String method, String path, long length, FilterChain chain)
      throws Exception {
    SecurityContextHolder.clearContext();
    if (user != null) {
      user.signIn();
    }
    var response = new MockHttpServletResponse();
    limits.doFilter(new Request(method, path, length), response, chain);
    return response;
  }

  private interface Step {
    void run() throws Exception;
  }

  private static final class Request extends MockHttpServletRequest {
    private final long length;

    Request(String method, String path, long length) {
      super(method, path);
      setServletPath(path);
      this.length = length;
    }

    @Override
    public long getContentLengthLong() {
      return length;
    }
  }
}
