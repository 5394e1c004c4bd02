package dev.behalf.web.work.jobs;

import dev.behalf.contract.Environment;
import dev.behalf.contract.Hop;
import dev.behalf.contract.JobPayload;
import dev.behalf.contract.JobState;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A job as its owner sees it.
 *
 * @param notBefore no worker was to get it earlier, if that was asked for
 * @param dueAt no worker gets it earlier: the time above, or the end of a pause before a retry
 * @param units charged, once it has succeeded
 * @param code and detail what went wrong, in the last attempt or for good
 * @param retryOf the job that this one does again
 * @param originKeyId of the key that asked for it, if one did
 * @param result JSON, once it has succeeded
 */
public record Job(
    UUID id,
    Environment environment,
    JobPayload payload,
    JobState state,
    Priority priority,
    @Nullable Instant notBefore,
    Instant dueAt,
    int attempt,
    @Nullable Long units,
    @Nullable String code,
    @Nullable String detail,
    List<Hop> hops,
    Instant createdAt,
    @Nullable Instant finishedAt,
    @Nullable UUID retryOf,
    @Nullable String originKeyId,
    @Nullable String result) {}
