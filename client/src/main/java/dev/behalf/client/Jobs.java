package dev.behalf.client;

import dev.behalf.client.Transport.Call;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The jobs of the user. */
public final class Jobs {

  private static final String PATH = "/api/v1/jobs";
  private static final int PAGE = 100;

  /** Time that the server waits before it answers that a job goes on, in seconds. */
  private static final int WAIT = 20;

  private static final Duration BRIEF = Duration.ofMillis(200);
  private static final Duration LONGEST = Duration.ofSeconds(2);

  private final Transport transport;

  Jobs(Transport transport) {
    this.transport = transport;
  }

  /** Submits a job of an operation; see {@link JobRequest#of}. */
  public Submitted submit(String operation, Object input) {
    return submit(JobRequest.of(operation, input));
  }

  /**
   * Submits a job. While the server is away, it is sent again under the same idempotency key: it is
   * queued once.
   *
   * @throws ProblemException if the server refuses it
   * @throws ConnectionException if no answer came; the same request can be submitted again
   */
  public Submitted submit(JobRequest request) {
    return transport.send(
        Call.post(PATH, request.body())
            .with("Idempotency-Key", request.idempotencyKey())
            .repeatable(),
        Submitted::of);
  }

  /**
   * Returns a job, with its result if it has succeeded.
   *
   * @throws ProblemException with status 404 if the user has no such job
   */
  public Job get(UUID id) {
    return transport.get(PATH + "/" + id, Job::of);
  }

  /**
   * Waits for the end of a job, whatever it is: see {@link Job#hasSucceeded}.
   *
   * @throws TimeoutException if the job has not ended after that time; it goes on
   */
  public Job await(UUID id, Duration time) throws TimeoutException {
    var end = transport.now().plus(time);
    var pause = BRIEF;
    while (true) {
      var asked = transport.now();
      var left = Duration.between(asked, end);
      var seconds = Math.clamp(left.toSeconds(), 0, WAIT);
      var call = Call.get(PATH + "/" + id);
      var job =
          transport.send(
              seconds == 0 ? call : call.with("Prefer", "wait=" + seconds),
              answer -> Job.of(answer.json()));
      if (job.hasEnded()) {
        return job;
      }
      if (!left.isPositive()) {
        throw new TimeoutException("Job " + id + " is " + job.state() + " after " + time + ".");
      }
      if (Duration.between(asked, transport.now()).compareTo(BRIEF) < 0) {
        // The server does not wait: too many requests of this user do, or it is stopping.
        transport.await(pause);
        pause = longer(pause);
      }
    }
  }

  private static Duration longer(Duration pause) {
    var next = pause.multipliedBy(2);
    return next.compareTo(LONGEST) > 0 ? LONGEST : next;
  }

  /**
   * Gives what happens to a job up to its end, as it happens. A stream that is cut goes on behind
   * the last event.
   */
  public void stream(UUID id, Consumer<JobEvent> events) {
    streamUntil(
        id,
        event -> {
          events.accept(event);
          return event.isEnd();
        });
  }

  /** Gives what happens to a job until the receiver says that an event was the last. */
  public void streamUntil(UUID id, Predicate<JobEvent> isLast) {
    transport.follow(PATH + "/" + id + "/events", isLast);
  }

  /**
   * Returns a page of jobs, newest first.
   *
   * @param query in the server's language, such as {@code state:failed tag:nightly}; empty for all
   * @param cursor {@link JobPage#next()} of the page before; null for the first
   * @param limit 1 to 100
   */
  public JobPage list(String query, @Nullable String cursor, int limit) {
    return transport.get(
        new Query(PATH).with("limit", limit).with("cursor", cursor).with("q", query).toString(),
        json ->
            new JobPage(
                json.required("jobs").valueStream().map(Job::of).toList(),
                Json.textOrNull(json, "next")));
  }

  /** Returns all jobs that a query finds, newest first, fetched page by page. */
  public Stream<Job> find(String query) {
    return Pages.all(
        cursor -> {
          var page = list(query, cursor, PAGE);
          return new Pages.Page<>(page.jobs(), page.next());
        });
  }

  /** Cancels a job without a charge; safe to repeat. */
  public Job cancel(UUID id) {
    return transport.send(
        Call.post(PATH + "/" + id + "/cancellation").repeatable(), answer -> Job.of(answer.json()));
  }

  /** Retries a failed or cancelled job as a new job; a repeated call returns the same one. */
  public Submitted retry(UUID id) {
    return transport.send(Call.post(PATH + "/" + id + "/retry").repeatable(), Submitted::of);
  }

  /** Issues a token with which a page reads the job for 15 minutes. */
  public WatchToken watchToken(UUID id) {
    return transport.send(
        Call.post(PATH + "/" + id + "/watch-tokens").repeatable(),
        answer -> WatchToken.of(answer.json()));
  }
}
