package dev.behalf.compute.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.behalf.contract.JobPayload;
import dev.behalf.contract.ProblemCode;
import dev.behalf.server.problem.Problem;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class ComputeRequestTest {

  private static final UUID ID = UUID.randomUUID();

  @Test
  void a_request_without_an_id_is_refused_whatever_its_payload() {
    assertThatExceptionOfType(Problem.class)
        .isThrownBy(new ComputeRequest(null, JobPayload.of("echo", "hi"))::checkedId)
        .returns(ProblemCode.ID_MALFORMED, Problem::code);
  }

  @Test
  void a_request_without_a_payload_is_refused() {
    assertThatExceptionOfType(Problem.class)
        .isThrownBy(new ComputeRequest(ID, null)::checkedPayload)
        .returns(ProblemCode.PAYLOAD_INVALID, Problem::code);
  }

  @Test
  void a_payload_is_taken_unchanged() {
    var payload = JobPayload.of("echo", " hi ");

    assertThat(new ComputeRequest(ID, payload).checkedPayload()).isSameAs(payload);
  }
}
