package dev.behalf.web.site.security;

import static org.assertj.core.api.Assertions.assertThat;

import dev.behalf.contract.Environment;
import jakarta.servlet.http.HttpServletRequest;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;

class TestModeTest {

  @ParameterizedTest
  @CsvSource({"/test/jobs, /jobs", "/test/, /", "/test/test/x, /test/x", "/test/apikeys, /apikeys"})
  void below_test_is_the_site_with_test_data(String path, String here) throws Exception {
    var seen = seen(path);

    assertThat(TestMode.of(seen)).isEqualTo(Environment.TEST);
    assertThat(seen.getContextPath()).isEqualTo("/test");
    assertThat(seen.getServletPath()).isEqualTo(here);
    assertThat(seen.getAttribute("here")).isEqualTo(here);
    assertThat(seen.getAttribute("mode")).isEqualTo("test");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/",
        "/jobs",
        "/test",
        "/testing",
        "/jobs/test/",
        "/Test/jobs",
        "/test/api/v1/jobs",
        "/test/internal/keys",
        "/test/oauth2/token",
        "/test/login/oauth2/code/x",
        "/test/error"
      })
  void all_else_is_live_and_stays_where_it_is(String path) throws Exception {
    var seen = seen(path);

    assertThat(TestMode.of(seen)).isEqualTo(Environment.LIVE);
    assertThat(seen.getServletPath()).isEqualTo(path);
    assertThat(seen.getAttribute("here")).isEqualTo(path);
    assertThat(seen.getAttribute("mode")).isEqualTo("live");
  }

  @Test
  void the_end_of_a_stream_is_filtered_too() {
    assertThat(new TestMode().shouldNotFilterAsyncDispatch()).isFalse();
  }

  private static HttpServletRequest seen(String path) throws Exception {
    var request = new MockHttpServletRequest("GET", path);
    request.setServletPath(path);
    var seen = new AtomicReference<@Nullable HttpServletRequest>();
    new TestMode()
        .doFilter(
            request,
            new MockHttpServletResponse(),
            (given, response) -> seen.set((HttpServletRequest) given));
    var last = seen.get();
    assertThat(last).isNotNull();
    return last == null ? request : last;
  }
}
