package dev.behalf.web.work.jobs;

import dev.behalf.contract.Environment;
import dev.behalf.contract.Hop;
import dev.behalf.contract.Hop.Station;
import dev.behalf.contract.JobPayload;
import dev.behalf.contract.JobState;
import dev.behalf.contract.Pool;
import dev.behalf.web.site.UuidV7;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A job of which a test changes what it is about. */
record SomeJob(
    UUID id,
    JobPayload payload,
    JobState state,
    Priority priority,
    Instant dueAt,
    int attempt,
    @Nullable String code,
    List<Hop> hops) {

  static final Instant SUBMITTED = Instant.parse("2026-11-24T10:00:00Z");

  static SomeJob queued() {
    return new SomeJob(
        UuidV7.at(SUBMITTED),
        JobPayload.of("echo", "hello"),
        JobState.QUEUED,
        Priority.NORMAL,
        SUBMITTED,
        0,
        null,
        List.of(new Hop(Station.SUBMITTED, SUBMITTED)));
  }

  SomeJob text(String text) {
    return new SomeJob(
        id, JobPayload.of("echo", text), state, priority, dueAt, attempt, code, hops);
  }

  SomeJob state(JobState now, int attempts, @Nullable String problem) {
    return new SomeJob(id, payload, now, priority, dueAt, attempts, problem, hops);
  }

  SomeJob priority(Priority now) {
    return new SomeJob(id, payload, state, now, dueAt, attempt, code, hops);
  }

  SomeJob due(Instant at) {
    return new SomeJob(id, payload, state, priority, at, attempt, code, hops);
  }

  SomeJob hops(Hop... all) {
    return new SomeJob(id, payload, state, priority, dueAt, attempt, code, List.of(all));
  }

  Job job() {
    return new Job(
        id,
        Environment.LIVE,
        payload,
        1,
        Pool.QUICK,
        state,
        priority,
        null,
        dueAt,
        attempt,
        null,
        code,
        null,
        hops,
        SUBMITTED,
        state.isFinal() ? SUBMITTED : null,
        null,
        null,
        null,
        Annotations.NONE,
        null);
  }
}
