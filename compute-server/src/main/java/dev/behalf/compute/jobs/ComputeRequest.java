package dev.behalf.compute.jobs;

import dev.behalf.contract.ApiProperty;
import dev.behalf.contract.JobPayload;
import dev.behalf.contract.ProblemCode;
import dev.behalf.server.problem.Problem;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The body of {@code POST /v1/ai/jobs}. */
record ComputeRequest(
    @ApiProperty(required = true) @Nullable UUID jobId,
    @ApiProperty(required = true) @Nullable JobPayload payload) {

  UUID checkedId() {
    if (jobId == null) {
      throw new Problem(
          ProblemCode.ID_MALFORMED,
          "Set \"job_id\" to a UUID; the same id is computed and charged once.");
    }
    return jobId;
  }

  JobPayload checkedPayload() {
    if (payload == null) {
      throw new Problem(
          ProblemCode.PAYLOAD_INVALID,
          "The payload is missing: set \"payload\" with an \"operation\" and its input.");
    }
    return payload;
  }
}
