package dev.behalf.compute.security;

import static org.assertj.core.api.Assertions.assertThat;

import dev.behalf.compute.ComputeTest;
import dev.behalf.testkit.RawHttp;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.web.server.LocalManagementPort;

/** The operators' port. */
class ManagementTest extends ComputeTest {

  @LocalManagementPort int managementPort;

  /** On the second request of a connection the host is no header any more, but the authority. */
  @Test
  void is_asked_over_http_2_on_a_connection_that_is_kept() throws Exception {
    try (var http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_2).build()) {
      for (int times = 0; times < 3; times++) {
        var answer =
            http.send(
                HttpRequest.newBuilder(address().resolve("/actuator/health/readiness")).build(),
                HttpResponse.BodyHandlers.ofString());

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.version()).isEqualTo(HttpClient.Version.HTTP_2);
      }
    }
  }

  @Test
  void is_not_asked_by_other_names_and_changes_nothing() throws Exception {
    assertThat(
            RawHttp.request(address(), "POST", "/actuator/health")
                .body("application/json", "{}")
                .send()
                .status())
        .isEqualTo(405);
    assertThat(
            RawHttp.request(address(), "GET", "/actuator/health")
                .header("Host", "evil.example")
                .send()
                .status())
        .as("two hosts")
        .isEqualTo(400);
  }

  private URI address() {
    return URI.create("http://127.0.0.1:" + managementPort);
  }
}
