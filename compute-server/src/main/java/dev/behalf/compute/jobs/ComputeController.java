package dev.behalf.compute.jobs;

import dev.behalf.compute.charges.Results;
import dev.behalf.compute.charges.SavedResult;
import dev.behalf.contract.Environment;
import dev.behalf.contract.JobState;
import dev.behalf.server.apikeys.KeyHolder;
import dev.behalf.server.problem.Problem;
import dev.behalf.server.problem.StrictBody;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;
import org.springframework.http.ResponseEntity;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** The endpoints that compute a job and return a saved result. */
@RestController
@RequestMapping("/v1/ai/jobs")
class ComputeController {

  /** Sent by workers: the id of the user's key that queued the job, whose cap is charged. */
  private static final String ORIGIN_KEY = "Behalf-Origin-Key";

  /** Sent by workers: the number of the attempt. A call without the header is a first attempt. */
  private static final String ATTEMPT = "Behalf-Attempt";

  private static final String FIRST = "1";

  /** Sent by workers: the token that says to the engine's audience whose work it is. */
  private static final String JOB_TOKEN = "Behalf-Job-Token";

  private static final String TRACE = "traceparent";

  private static final Pattern TRACEPARENT =
      Pattern.compile("00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}");

  private static final int MAX_ATTEMPT = 1_000;

  /** Sent by workers: the version of the operation that the job was submitted with. */
  private static final String VERSION = "Behalf-Operation-Version";

  private final Tasks tasks;
  private final ComputeJobs jobs;
  private final Results results;

  ComputeController(Tasks tasks, ComputeJobs jobs, Results results) {
    this.tasks = tasks;
    this.jobs = jobs;
    this.results = results;
  }

  /** The answer for a job of a long operation whose run is open. */
  record Accepted(UUID jobId, JobState state) {}

  @PostMapping
  ResponseEntity<?> compute(
      @AuthenticationPrincipal KeyHolder holder,
      @RequestHeader(name = ORIGIN_KEY, required = false) @Nullable String originKeyId,
      @RequestHeader(name = ATTEMPT, defaultValue = FIRST) String attempt,
      @RequestHeader(name = VERSION, required = false) @Nullable Integer version,
      @RequestHeader(name = JOB_TOKEN, required = false) @Nullable String jobToken,
      @RequestHeader(name = TRACE, required = false) @Nullable String trace,
      @StrictBody ComputeRequest body) {
    var jobId = body.checkedId();
    try (var job = MDC.putCloseable("job_id", jobId.toString())) {
      var payload = body.checkedPayload();
      var task = tasks.of(holder.userId(), payload, version);
      if (holder.environment() == Environment.TEST) {
        SimulatedFailures.play(payload, attempt.equals(FIRST));
      }
      var call =
          new ComputeJobs.Call(
              originKeyId, number(attempt), holder.isManaged() ? jobToken : null, valid(trace));
      return switch (jobs.run(holder, jobId, payload, task, call)) {
        case ComputeJobs.Done done ->
            ResponseEntity.ok().header("Server-Timing", timing(done)).body(done.result());
        case ComputeJobs.Started started ->
            ResponseEntity.accepted().body(new Accepted(jobId, JobState.RUNNING));
      };
    }
  }

  private static int number(String attempt) {
    return attempt.matches("[1-9]\\d{0,3}") ? Math.min(MAX_ATTEMPT, Integer.parseInt(attempt)) : 1;
  }

  private static @Nullable String valid(@Nullable String trace) {
    return trace != null && TRACEPARENT.matcher(trace).matches() ? trace : null;
  }

  /**
   * Returns the {@code Server-Timing} header, in milliseconds (<a
   * href="https://www.w3.org/TR/server-timing/">Server Timing</a>).
   */
  private static String timing(ComputeJobs.Done done) {
    return "wait;dur=%s, engine;dur=%s, charge;dur=%s"
        .formatted(millis(done.waited()), millis(done.engine()), millis(done.charge()));
  }

  private static String millis(Duration time) {
    return BigDecimal.valueOf(time.toNanos() / 1_000, 3).toPlainString();
  }

  @GetMapping("/{id}")
  SavedResult find(@AuthenticationPrincipal KeyHolder holder, @PathVariable UUID id) {
    return results.find(holder.userId(), holder.environment(), id).orElseThrow(Problem::notFound);
  }
}
