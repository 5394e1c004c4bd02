package dev.behalf.server.problem;

import static org.assertj.core.api.Assertions.assertThat;

import dev.behalf.contract.ProblemCode;
import dev.behalf.contract.StrictJson;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.MDC;
import org.springframework.mock.web.MockHttpServletResponse;
import tools.jackson.databind.JsonNode;

class ProblemWriterTest {

  private final ProblemWriter problems = new ProblemWriter("Api-Key", "Bearer");
  private final MockHttpServletResponse response = new MockHttpServletResponse();

  @AfterEach
  void clear() {
    MDC.clear();
  }

  @Test
  void a_problem_has_the_members_of_rfc_9457_and_a_code() throws Exception {
    var body = write(new Problem(ProblemCode.JOB_ENDED, "Submit a new job."));

    assertThat(body)
        .isEqualTo(
            StrictJson.MAPPER.readTree(
                """
                {"type": "/docs/problems/job_ended", "title": "The job has ended", "status": 409,
                 "detail": "Submit a new job.", "code": "job_ended"}
                """));
  }

  @Test
  void the_wrong_property_and_the_trace_are_named_if_they_are_known() throws Exception {
    MDC.put("traceId", "abc");

    var body = write(new Problem(ProblemCode.TEXT_EMPTY, "Add a text.").about("text"));

    assertThat(body.path("field").asString()).isEqualTo("text");
    assertThat(body.path("trace_id").asString()).isEqualTo("abc");
  }

  @ParameterizedTest
  @EnumSource
  void every_code_is_an_uncached_problem_with_its_own_status(ProblemCode code) throws Exception {
    var body = write(new Problem(code, "Do this."));

    assertThat(response.getStatus()).isEqualTo(code.status());
    assertThat(body.path("status").asInt()).isEqualTo(code.status());
    assertThat(body.path("code").asString()).isEqualTo(code.wire());
    assertThat(response.getContentType()).isEqualTo("application/problem+json");
    assertThat(response.getHeader("Cache-Control")).isEqualTo("no-store");
  }

  @ParameterizedTest
  @EnumSource
  void every_401_has_a_challenge_and_no_other_status_has_one(ProblemCode code) throws Exception {
    write(new Problem(code, "Do this."));

    assertThat(response.getHeaders("WWW-Authenticate").isEmpty())
        .as("no challenge")
        .isEqualTo(code.status() != 401);
  }

  @ParameterizedTest
  @EnumSource(names = {"KEY_MISSING", "SIGNED_OUT"})
  void a_request_without_a_credential_is_challenged_with_each_scheme_and_no_error(ProblemCode code)
      throws Exception {
    write(new Problem(code, "Send a key."));

    assertThat(response.getHeaders("WWW-Authenticate"))
        .containsExactly("Api-Key realm=\"behalf\"", "Bearer realm=\"behalf\"");
  }

  @ParameterizedTest
  @CsvSource({
    "KEY_INVALID,       'Api-Key realm=\"behalf\", error=\"invalid_key\"'",
    "TOKEN_INVALID,     'Bearer realm=\"behalf\", error=\"invalid_token\"'",
    "SIGNATURE_INVALID, 'Signature realm=\"behalf\"'"
  })
  void a_wrong_credential_is_challenged_in_its_own_scheme(ProblemCode code, String challenge)
      throws Exception {
    write(new Problem(code, "Use another."));

    assertThat(response.getHeaders("WWW-Authenticate")).containsExactly(challenge);
  }

  @Test
  void the_headers_of_a_problem_replace_those_of_the_response() throws Exception {
    response.setHeader("Retry-After", "60");

    write(Problem.busy());

    assertThat(response.getHeaders("Retry-After")).containsExactly("1");
  }

  @Test
  void a_detail_is_sent_in_utf_8_and_escaped() throws Exception {
    var body = write(new Problem(ProblemCode.PAYLOAD_INVALID, "Remove \"Żółw\"\n."));

    assertThat(body.path("detail").asString()).isEqualTo("Remove \"Żółw\"\n.");
  }

  private JsonNode write(Problem problem) throws Exception {
    problems.write(response, problem);
    return StrictJson.MAPPER.readTree(response.getContentAsByteArray());
  }
}
