package dev.behalf.server.problem;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.behalf.contract.ProblemCode;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.http.MediaType;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;
import org.springframework.web.servlet.HandlerMapping;

class JsonAcceptedTest {

  private final MockHttpServletRequest request = new MockHttpServletRequest();

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "application/json",
        "application/json;charset=utf-8",
        "APPLICATION/JSON",
        "*/*",
        "application/*",
        "text/html, */*;q=0.001",
        "*/*;q=0, application/json",
        "application/*;q=0, application/json;q=0.1",
        "*/*;q=0, application/*"
      })
  void json_is_accepted_if_the_most_specific_matching_range_accepts_it(String accept) {
    request.addHeader("Accept", accept);

    assertThat(accepted()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "text/html",
        "application/xml, text/*",
        "application/problem+json",
        "application/json;q=0",
        "application/json;q=0, */*",
        "application/json;q=0.0, application/*, */*",
        "application/*;q=0, */*",
        "*/*;q=0",
        "json",
        "application/json;q=2",
        "application/json, /"
      })
  void any_other_range_is_refused(String accept) {
    request.addHeader("Accept", accept);

    var problem = catchThrowableOfType(Problem.class, this::accepted);

    assertThat(problem.code()).isEqualTo(ProblemCode.NOT_ACCEPTABLE);
  }

  @Test
  void a_client_that_names_nothing_accepts_json() {
    assertThat(accepted()).isTrue();
  }

  @Test
  void several_headers_are_one_list_that_can_accept() {
    request.addHeader("Accept", "text/html");
    request.addHeader("Accept", "application/json");

    assertThat(accepted()).isTrue();
  }

  @Test
  void several_headers_are_one_list_that_can_refuse() {
    request.addHeader("Accept", "*/*");
    request.addHeader("Accept", "application/json;q=0");

    assertThat(catchThrowableOfType(Problem.class, this::accepted)).isNotNull();
  }

  @Test
  void the_answer_is_plain_json_whatever_else_is_accepted() {
    request.addHeader("Accept", "application/vnd.api+json, */*;q=0.1");

    accepted();

    assertThat(request.getAttribute(HandlerMapping.PRODUCIBLE_MEDIA_TYPES_ATTRIBUTE))
        .isEqualTo(Set.of(MediaType.APPLICATION_JSON));
  }

  @Test
  void a_handler_that_names_the_types_of_its_answers_is_left_alone() {
    var csv = Set.of(MediaType.valueOf("text/csv"));
    request.setAttribute(HandlerMapping.PRODUCIBLE_MEDIA_TYPES_ATTRIBUTE, csv);
    request.addHeader("Accept", "text/csv");

    assertThat(accepted()).isTrue();
    assertThat(request.getAttribute(HandlerMapping.PRODUCIBLE_MEDIA_TYPES_ATTRIBUTE))
        .isEqualTo(csv);
  }

  private boolean accepted() {
    return new JsonAccepted().preHandle(request, new MockHttpServletResponse(), "handler");
  }
}
