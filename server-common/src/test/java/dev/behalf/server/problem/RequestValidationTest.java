package dev.behalf.server.problem;

import static org.assertj.core.api.Assertions.assertThat;

import dev.behalf.contract.ProblemCode;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.tomcat.util.http.InvalidParameterException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;

class RequestValidationTest {

  private static final String API = "/api/v1/jobs";
  private static final String PAGE = "/jobs";

  private final List<Problem> problems = new ArrayList<>();

  @ParameterizedTest
  @ValueSource(strings = {"Authorization", "Idempotency-Key", "authorization"})
  void a_header_of_one_value_that_comes_twice_is_refused_even_if_both_are_the_same(String name) {
    var request = new MockHttpServletRequest("POST", API);
    request.addHeader(name, "x/y");
    request.addHeader(name, "x/y");

    assertThat(refusal(request).code()).isEqualTo(ProblemCode.REQUEST_MALFORMED);
  }

  @Test
  void the_content_type_comes_once() {
    var request =
        new HttpServletRequestWrapper(new MockHttpServletRequest("POST", API)) {
          @Override
          public Enumeration<String> getHeaders(String name) {
            return Collections.enumeration(
                name.equals("Content-Type") ? List.of("application/json", "text/xml") : List.of());
          }
        };

    assertThat(passes(request)).isFalse();
    assertThat(problems.getFirst().detail()).contains("Content-Type");
  }

  @Test
  void a_header_of_many_values_may_come_twice() {
    var request = new MockHttpServletRequest("GET", API);
    request.addHeader("Accept", "text/html");
    request.addHeader("Accept", "application/json");

    assertThat(passes(request)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"gzip", "br", "identity, gzip", ""})
  void an_encoded_json_body_is_refused_with_the_accepted_encoding(String encoding) {
    var request = new MockHttpServletRequest("POST", API);
    request.addHeader("Content-Encoding", encoding);

    var problem = refusal(request);

    assertThat(problem.code()).isEqualTo(ProblemCode.MEDIA_TYPE_UNSUPPORTED);
    assertThat(problem.headers()).containsEntry("Accept-Encoding", "identity");
  }

  @ParameterizedTest
  @ValueSource(strings = {"identity", "Identity"})
  void a_body_that_says_it_is_not_encoded_passes(String encoding) {
    var request = new MockHttpServletRequest("POST", API);
    request.addHeader("Content-Encoding", encoding);

    assertThat(passes(request)).isTrue();
  }

  @Test
  void a_multipart_body_where_json_is_expected_is_refused() {
    assertThat(refusal(withType("POST", API, "multipart/form-data; boundary=x")).code())
        .isEqualTo(ProblemCode.MEDIA_TYPE_UNSUPPORTED);
  }

  @Test
  void a_multipart_body_of_a_page_passes_and_is_read_later() {
    assertThat(passes(withType("POST", PAGE, "multipart/form-data; boundary=x"), unreadable()))
        .isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "POST, multipart/form-data; boundary=x,   true",
    "POST, MULTIPART/Mixed,                   true",
    "GET,  multipart/form-data,               false",
    "HEAD, multipart/form-data,               false",
    "POST, multipart,                         false",
    "POST, application/x-www-form-urlencoded, false",
    "POST, ,                                  false"
  })
  void a_multipart_body_is_told_by_its_type(String method, @Nullable String type, boolean is) {
    assertThat(RequestValidation.isMultipart(withType(method, PAGE, type))).isEqualTo(is);
  }

  @ParameterizedTest
  @ValueSource(strings = {"a\u0000b", "\ud800", "\udc00x", "x\ud83d"})
  void a_parameter_that_cannot_be_stored_is_refused_as_value_and_as_name(String text) {
    for (var parameters : List.of(Map.of("q", text), Map.of(text, "x"))) {
      var request = new MockHttpServletRequest("GET", PAGE);
      request.setParameters(parameters);

      assertThat(refusal(request).code()).isEqualTo(ProblemCode.NOT_UTF8);
    }
  }

  @Test
  void one_of_several_values_that_cannot_be_stored_is_enough() {
    var request = new MockHttpServletRequest("POST", PAGE);
    request.addParameter("label", "fine", "\u0000");

    assertThat(refusal(request).code()).isEqualTo(ProblemCode.NOT_UTF8);
  }

  @Test
  void any_other_text_passes() {
    var request = new MockHttpServletRequest("GET", PAGE);
    request.addParameter("q", "Żółw 🐢 \u0001 \ufffd \uffff", "");

    assertThat(passes(request)).isTrue();
  }

  @ParameterizedTest
  @CsvSource({"400, REQUEST_MALFORMED", "413, PAYLOAD_TOO_LARGE"})
  void parameters_that_the_container_cannot_decode_are_refused_with_its_status(
      int status, ProblemCode code) {
    passes(new MockHttpServletRequest("GET", API), new InvalidParameterException("bad", status));

    assertThat(problems).singleElement().extracting(Problem::code).isEqualTo(code);
  }

  @Test
  void a_json_body_is_never_parsed_as_a_form_whatever_it_is_called() {
    assertThat(passes(withType("POST", API, "application/x-www-form-urlencoded"), unreadable()))
        .isTrue();
  }

  @Test
  void a_head_request_is_validated_like_a_get_request() {
    assertThat(passes(new MockHttpServletRequest("HEAD", API), unreadable())).isFalse();
  }

  private static InvalidParameterException unreadable() {
    return new InvalidParameterException("The parameters were read.", 400);
  }

  private static MockHttpServletRequest withType(
      String method, String path, @Nullable String type) {
    var request = new MockHttpServletRequest(method, path);
    request.setContentType(type);
    return request;
  }

  private Problem refusal(MockHttpServletRequest request) {
    assertThat(passes(request)).as("passes").isFalse();
    return problems.getLast();
  }

  private boolean passes(HttpServletRequest request) {
    var passed = new AtomicBoolean();
    try {
      new RequestValidation(new Recorded())
          .doFilter(request, new MockHttpServletResponse(), (r, a) -> passed.set(true));
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
    return passed.get();
  }

  private boolean passes(MockHttpServletRequest request, InvalidParameterException onRead) {
    return passes(
        new HttpServletRequestWrapper(request) {
          @Override
          public Map<String, String[]> getParameterMap() {
            throw onRead;
          }
        });
  }

  private final class Recorded implements RequestValidation.Answer {

    @Override
    public boolean isJson(HttpServletRequest request) {
      return request.getRequestURI().startsWith("/api/");
    }

    @Override
    public void write(Problem problem, HttpServletRequest request, HttpServletResponse response) {
      problems.add(problem);
    }
  }
}
