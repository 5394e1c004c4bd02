package dev.behalf.web.work.jobs;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonRawValue;
import dev.behalf.contract.ApiProperty;
import dev.behalf.contract.Environment;
import dev.behalf.contract.Hop;
import dev.behalf.contract.JobPayload;
import dev.behalf.contract.JobResult;
import dev.behalf.contract.ProblemCode;
import dev.behalf.server.problem.Problem;
import dev.behalf.server.problem.StrictBody;
import dev.behalf.server.security.Scope;
import dev.behalf.web.identity.watchtokens.WatchTokens;
import dev.behalf.web.identity.watchtokens.WatchTokens.WatchToken;
import dev.behalf.web.site.security.Caller;
import dev.behalf.web.work.events.JobEnds;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.http.CacheControl;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** The API to submit, read, cancel and retry jobs. */
@RestController
@RequestMapping("/api/v1/jobs")
class JobsController {

  private static final String PREFER = "Prefer";
  private static final String APPLIED = "Preference-Applied";
  private static final Pattern WAIT =
      Pattern.compile("(?:^|[,;])\\s*wait\\s*=\\s*\"?(\\d{1,9})(?!\\d)", Pattern.CASE_INSENSITIVE);

  /** The longest wait of a request, in seconds. */
  private static final int LONGEST_WAIT = 60;

  private static final int MAX_PAGE = 100;

  private final Jobs jobs;
  private final Submissions submissions;
  private final WaitReasons waiting;
  private final Cancellations cancellations;
  private final JobEnds ends;
  private final Retries retries;
  private final WatchTokens watching;
  private final InstantSource clock;

  JobsController(
      Jobs jobs,
      Submissions submissions,
      WaitReasons waiting,
      Cancellations cancellations,
      JobEnds ends,
      Retries retries,
      WatchTokens watching,
      InstantSource clock) {
    this.watching = watching;
    this.retries = retries;
    this.clock = clock;
    this.jobs = jobs;
    this.submissions = submissions;
    this.waiting = waiting;
    this.cancellations = cancellations;
    this.ends = ends;
  }

  /**
   * The body of a new job.
   *
   * @param environment live if absent; with an API key only the key's own, also if absent
   * @param priority priority among the user's own jobs; normal if absent
   * @param notBefore earliest time at which a worker gets the job; now if absent
   * @param tags words to find the job by, at most 10
   * @param metadata texts by name to find the job by, at most 1,024 bytes as JSON
   */
  record NewJob(
      @Nullable Environment environment,
      @ApiProperty(required = true) @Nullable JobPayload payload,
      @Nullable Priority priority,
      @Nullable Instant notBefore,
      @Nullable List<String> tags,
      @Nullable Map<String, String> metadata) {}

  @JsonInclude(JsonInclude.Include.NON_NULL)
  record JobAnswer(
      UUID id,
      Environment environment,
      PublicState state,
      WaitReasons.@Nullable Wait waiting,
      JobPayload payload,
      int operationVersion,
      Priority priority,
      @Nullable Instant notBefore,
      int attempt,
      @Nullable Long units,
      @Nullable String code,
      @Nullable String detail,
      @ApiProperty(as = JobResult.class) @JsonRawValue @Nullable String result,
      List<Hop> hops,
      Instant createdAt,
      @Nullable Instant finishedAt,
      @Nullable Instant cancelAskedAt,
      @Nullable UUID retryOf,
      @Nullable List<String> tags,
      @Nullable Map<String, String> metadata,
      @Nullable WatchToken watchToken) {

    /**
     * Returns the representation of a job.
     *
     * @param why reason why the job waits; null in a list and in answers to changes
     */
    static JobAnswer of(Job job, WaitReasons.@Nullable Wait why) {
      return of(job, why, null);
    }

    private static JobAnswer of(
        Job job, WaitReasons.@Nullable Wait why, @Nullable WatchToken watchToken) {
      return new JobAnswer(
          job.id(),
          job.environment(),
          PublicState.of(job.state()),
          why,
          job.payload(),
          job.version(),
          job.priority(),
          job.notBefore(),
          job.attempt(),
          job.units(),
          job.code(),
          job.detail(),
          job.result(),
          job.hops(),
          job.createdAt(),
          job.finishedAt(),
          job.cancelAskedAt(),
          job.retryOf(),
          job.annotations().tags().isEmpty() ? null : job.annotations().tags(),
          job.annotations().metadata().isEmpty() ? null : job.annotations().metadata(),
          watchToken);
    }
  }

  /** A page of jobs; {@code next} is the cursor of the next page. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record JobPage(List<JobAnswer> jobs, @Nullable UUID next) {}

  @PostMapping
  ResponseEntity<JobAnswer> submit(
      Caller caller,
      @RequestHeader(name = "Idempotency-Key", required = false) @Nullable String idempotencyKey,
      @RequestHeader(name = PREFER, required = false) @Nullable String prefer,
      @StrictBody NewJob body) {
    if (body.payload() == null) {
      throw new Problem(
          ProblemCode.PAYLOAD_INVALID,
          "The payload is missing: set \"payload\" with an \"operation\" and its input.");
    }
    var accepted =
        submissions.submit(
            caller.userId(),
            new Submission(
                caller.environment(body.environment()),
                body.payload(),
                Objects.requireNonNullElse(body.priority(), Priority.NORMAL),
                body.notBefore(),
                IdempotencyKey.parse(idempotencyKey),
                caller.keyId(),
                caller.actor().credential(),
                Annotations.of(body.tags(), body.metadata()),
                null));
    var id = accepted.job().id();
    var wait = preferredWait(prefer);
    if (wait == null || !ends.await(caller.userId(), id, wait)) {
      return answer(caller, accepted);
    }
    var job = visible(caller, id);
    var isOpen = !job.state().isFinal();
    return ResponseEntity.status(isOpen ? HttpStatus.ACCEPTED : HttpStatus.OK)
        .headers(answer(caller, accepted).getHeaders())
        .header(APPLIED, "wait=" + wait.toSeconds())
        .body(JobAnswer.of(job, null, isOpen ? watchToken(caller, id) : null));
  }

  @GetMapping("/{id}")
  ResponseEntity<JobAnswer> find(
      Caller caller,
      @RequestHeader(name = PREFER, required = false) @Nullable String prefer,
      @PathVariable UUID id) {
    var job = visible(caller, id);
    var wait = job.state().isFinal() ? null : preferredWait(prefer);
    var answer = ResponseEntity.ok();
    if (wait != null && ends.await(caller.userId(), id, wait)) {
      job = visible(caller, id);
      answer.header(APPLIED, "wait=" + wait.toSeconds());
    }
    return answer.body(JobAnswer.of(job, waiting.why(caller.userId(), job).orElse(null)));
  }

  /**
   * Returns how long a request prefers to wait for the end of its job (RFC 7240, section 4.3), at
   * most a minute; null if it has no such preference.
   */
  private static @Nullable Duration preferredWait(@Nullable String prefer) {
    var wait = WAIT.matcher(Objects.requireNonNullElse(prefer, ""));
    return wait.find()
        ? Duration.ofSeconds(Math.min(LONGEST_WAIT, Long.parseLong(wait.group(1))))
        : null;
  }

  private Job visible(Caller caller, UUID id) {
    return jobs.find(caller.userId(), id)
        .filter(found -> caller.maySee(found.environment()))
        .orElseThrow(Problem::notFound);
  }

  /**
   * Cancels a job; a repeated request gets the same answer. A running job stays so until its run
   * has been stopped.
   */
  @PostMapping("/{id}/cancellation")
  JobAnswer cancel(Caller caller, @PathVariable UUID id) {
    visible(caller, id);
    cancellations.cancel(caller.userId(), id);
    return JobAnswer.of(visible(caller, id), null);
  }

  /** Retries a job as a new job; a repeated request gets the same new job. */
  @PostMapping("/{id}/retry")
  ResponseEntity<JobAnswer> retry(Caller caller, @PathVariable UUID id) {
    visible(caller, id);
    return answer(
        caller, retries.retry(caller.userId(), id, caller.keyId(), caller.actor().credential()));
  }

  /** Issues another token for the page that shows the job, when the one before has expired. */
  @PostMapping("/{id}/watch-tokens")
  ResponseEntity<WatchToken> watch(Caller caller, @PathVariable UUID id) {
    visible(caller, id);
    return ResponseEntity.status(HttpStatus.CREATED)
        .cacheControl(CacheControl.noStore())
        .body(watching.issue(caller, id));
  }

  /** Returns a token for a job; null for a caller who may not read it. */
  private @Nullable WatchToken watchToken(Caller caller, UUID id) {
    return caller.scopes().contains(Scope.JOBS_READ) ? watching.issue(caller, id) : null;
  }

  private ResponseEntity<JobAnswer> answer(Caller caller, Submissions.Accepted accepted) {
    var job = accepted.job();
    var answer = ResponseEntity.accepted().location(URI.create("/api/v1/jobs/" + job.id()));
    return (accepted.replayed() ? answer.header("Idempotent-Replayed", "true") : answer)
        .body(JobAnswer.of(job, null, watchToken(caller, job.id())));
  }

  @GetMapping
  JobPage list(
      Caller caller,
      @RequestParam(defaultValue = "") String q,
      @RequestParam @Nullable UUID cursor,
      @RequestParam(defaultValue = "20") int limit) {
    var page =
        jobs.list(
            caller.userId(),
            caller.onlyEnvironment(),
            JobQuery.parse(q, clock.instant()),
            cursor,
            Math.clamp(limit, 1, MAX_PAGE));
    return new JobPage(
        page.jobs().stream().map(job -> JobAnswer.of(job, null)).toList(), page.next());
  }
}
