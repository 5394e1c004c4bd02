package dev.behalf.web.jobs;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonRawValue;
import dev.behalf.contract.Environment;
import dev.behalf.contract.Hop;
import dev.behalf.contract.JobPayload;
import dev.behalf.contract.ProblemCode;
import dev.behalf.problem.Problem;
import dev.behalf.problem.StrictBody;
import dev.behalf.web.doors.Caller;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** The API to queue jobs and to see what became of them. */
@RestController
@RequestMapping("/api/v1/jobs")
class JobsController {

  private static final int MAX_PAGE = 100;

  private final Jobs jobs;

  JobsController(Jobs jobs) {
    this.jobs = jobs;
  }

  /**
   * The body of a new job.
   *
   * @param environment live if absent; an API key has its own, which this may only repeat
   */
  record NewJob(@Nullable Environment environment, @Nullable JobPayload payload) {}

  @JsonInclude(JsonInclude.Include.NON_NULL)
  record JobAnswer(
      UUID id,
      Environment environment,
      String state,
      JobPayload payload,
      int attempt,
      @Nullable Long units,
      @Nullable String code,
      @Nullable String detail,
      @JsonRawValue @Nullable String result,
      List<Hop> hops,
      Instant createdAt,
      @Nullable Instant finishedAt) {

    static JobAnswer of(Job job) {
      return new JobAnswer(
          job.id(),
          job.environment(),
          job.state().wire(),
          job.payload(),
          job.attempt(),
          job.units(),
          job.code(),
          job.detail(),
          job.result(),
          job.hops(),
          job.createdAt(),
          job.finishedAt());
    }
  }

  /** A page of jobs; {@code next} is the cursor of the page after it. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record JobPage(List<JobAnswer> jobs, @Nullable UUID next) {}

  @PostMapping
  ResponseEntity<JobAnswer> submit(
      Caller caller,
      @RequestHeader(name = "Idempotency-Key", required = false) @Nullable String idempotencyKey,
      @StrictBody NewJob body) {
    if (body.payload() == null) {
      throw new Problem(
          ProblemCode.PAYLOAD_INVALID, "Set \"payload\" with an \"operation\" and a \"text\".");
    }
    var environment = caller.environment(body.environment());
    var accepted =
        jobs.submit(
            caller.userId(),
            environment,
            body.payload(),
            IdempotencyKey.parse(idempotencyKey),
            caller.keyId());
    var job = jobs.find(caller.userId(), accepted.id()).orElseThrow(Problem::notFound);
    var answer = ResponseEntity.accepted().location(URI.create("/api/v1/jobs/" + job.id()));
    return (accepted.replayed() ? answer.header("Idempotent-Replayed", "true") : answer)
        .body(JobAnswer.of(job));
  }

  @GetMapping("/{id}")
  JobAnswer find(Caller caller, @PathVariable UUID id) {
    return jobs.find(caller.userId(), id)
        .filter(job -> caller.maySee(job.environment()))
        .map(JobAnswer::of)
        .orElseThrow(Problem::notFound);
  }

  @GetMapping
  JobPage list(
      Caller caller,
      @RequestParam @Nullable UUID cursor,
      @RequestParam(defaultValue = "20") int limit) {
    var size = Math.clamp(limit, 1, MAX_PAGE);
    var found = jobs.list(caller.userId(), caller.onlyEnvironment(), cursor, size);
    var next = found.size() < size ? null : Objects.requireNonNull(found.getLast()).id();
    return new JobPage(found.stream().map(JobAnswer::of).toList(), next);
  }
}
