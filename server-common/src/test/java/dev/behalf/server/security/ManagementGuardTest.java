package dev.behalf.server.security;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;

class ManagementGuardTest {

  private final ManagementGuard guard = new ManagementGuard(List.of(" Web.Internal "));
  private final AtomicBoolean passed = new AtomicBoolean();

  @ParameterizedTest
  @ValueSource(
      strings = {
        "localhost",
        "LOCALHOST",
        "localhost:9090",
        "127.0.0.1",
        "127.0.0.1:65535",
        "[::1]",
        "[::1]:9090",
        "web.internal",
        "WEB.internal:80"
      })
  void this_machine_and_the_configured_names_may_read(String host) throws Exception {
    assertThat(status("GET", host)).isEqualTo(200);
    assertThat(passed).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "evil.example",
        "localhost.evil.example",
        "evil.localhost",
        "evil.example:localhost",
        "localhost:9090:9090",
        "localhost:",
        "localhost:port",
        "localhost:123456",
        "localhost@evil.example",
        "[::1",
        "::1",
        "127.0.0.2",
        "0.0.0.0",
        "web"
      })
  void a_page_of_another_name_is_misdirected(String host) throws Exception {
    assertThat(status("GET", host)).isEqualTo(421);
    assertThat(passed).isFalse();
  }

  @Test
  void the_name_of_an_http_2_request_is_its_authority() throws Exception {
    var request = new MockHttpServletRequest("GET", "/actuator/health");

    request.setServerName("LocalHost");
    assertThat(status(request)).isEqualTo(200);

    request = new MockHttpServletRequest("GET", "/actuator/health");
    request.setServerName("evil.example");
    assertThat(status(request)).isEqualTo(421);
  }

  @Test
  void the_header_decides_over_the_name_that_the_container_derives() throws Exception {
    var request = new MockHttpServletRequest("GET", "/actuator/health");
    request.setServerName("localhost");
    request.addHeader("Host", "evil.example");

    assertThat(status(request)).isEqualTo(421);
  }

  @Test
  void a_head_request_reads() throws Exception {
    assertThat(status("HEAD", "localhost")).isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(strings = {"POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "get"})
  void every_other_method_is_refused_with_the_allowed_ones(String method) throws Exception {
    var request = new MockHttpServletRequest(method, "/actuator/loggers/dev.behalf");
    request.addHeader("Host", "localhost");
    var response = new MockHttpServletResponse();

    guard.doFilter(request, response, (r, a) -> passed.set(true));

    assertThat(response.getStatus()).isEqualTo(405);
    assertThat(String.valueOf(response.getHeader("Allow")).split(", "))
        .containsExactlyInAnyOrder("GET", "HEAD");
    assertThat(passed).isFalse();
  }

  @Test
  void a_wrong_name_is_refused_before_the_method_is_looked_at() throws Exception {
    assertThat(status("POST", "evil.example")).isEqualTo(421);
  }

  private int status(String method, String host) throws Exception {
    var request = new MockHttpServletRequest(method, "/actuator/health");
    request.addHeader("Host", host);
    return status(request);
  }

  private int status(MockHttpServletRequest request) throws Exception {
    var response = new MockHttpServletResponse();
    guard.doFilter(request, response, (r, a) -> passed.set(true));
    return response.getStatus();
  }
}
