package dev.behalf.compute.jobs;

import com.fasterxml.jackson.annotation.JsonRawValue;
import java.util.UUID;

/**
 * A result as it is saved and answered.
 *
 * @param result JSON, different for each operation
 * @param replayed it was there already and cost nothing this time
 */
record SavedResult(UUID jobId, @JsonRawValue String result, long units, boolean replayed) {}
