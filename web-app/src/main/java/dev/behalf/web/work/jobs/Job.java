package dev.behalf.web.work.jobs;

import dev.behalf.contract.Environment;
import dev.behalf.contract.Hop;
import dev.behalf.contract.JobPayload;
import dev.behalf.contract.JobState;
import dev.behalf.contract.Pool;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A job as its owner sees it.
 *
 * @param version version of the operation that the job was submitted with
 * @param pool pool in which the job waits
 * @param notBefore earliest start that the submitter asked for, if any
 * @param dueAt earliest time at which a worker gets the job: {@code notBefore}, the time of
 *     submission, or the end of the pause before the next attempt
 * @param units units charged, once the job has succeeded, or was cancelled while it was running
 * @param code problem of the last attempt or of the final failure; {@code detail} explains it
 * @param cancelAskedAt time at which the owner asked to cancel the job while it was running, if so
 * @param retryOf id of the job that this one retries, if any
 * @param originKeyId id of the API key that submitted the job, if any
 * @param annotations what the submitter has attached to the job
 * @param result result as JSON, once the job has succeeded
 */
public record Job(
    UUID id,
    Environment environment,
    JobPayload payload,
    int version,
    Pool pool,
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
    @Nullable Instant cancelAskedAt,
    @Nullable UUID retryOf,
    @Nullable String originKeyId,
    Annotations annotations,
    @Nullable String result) {}
