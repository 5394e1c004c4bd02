package dev.behalf.compute.jobs;

import com.fasterxml.jackson.annotation.JsonRawValue;
import dev.behalf.contract.ApiProperty;
import dev.behalf.contract.JobResult;
import java.util.UUID;

/**
 * A result as it is saved and answered.
 *
 * @param result JSON, different for each operation
 * @param replayed it was there already and cost nothing this time
 */
record SavedResult(
    UUID jobId,
    @ApiProperty(as = JobResult.class) @JsonRawValue String result,
    long units,
    boolean replayed) {}
