package dev.behalf.compute.charges;

import com.fasterxml.jackson.annotation.JsonRawValue;
import dev.behalf.contract.ApiProperty;
import dev.behalf.contract.JobResult;
import java.util.UUID;

/**
 * A result as stored and returned.
 *
 * @param result the result as JSON, in the format of its operation
 * @param replayed whether the result was already stored, and so cost nothing this time
 */
public record SavedResult(
    UUID jobId,
    @ApiProperty(as = JobResult.class) @JsonRawValue String result,
    long units,
    boolean replayed) {}
