package dev.behalf.web.work.batches;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.behalf.contract.Environment;
import dev.behalf.contract.ProblemCode;
import dev.behalf.server.problem.Problem;
import dev.behalf.web.site.security.Caller;
import dev.behalf.web.work.bulk.BulkActions;
import dev.behalf.web.work.jobs.Annotations;
import dev.behalf.web.work.jobs.IdempotencyKey;
import dev.behalf.web.work.jobs.PublicState;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** The API to send a file of jobs, follow its progress and read the outcome of each line. */
@RestController
@RequestMapping("/api/v1/batches")
class BatchesController {

  private static final int MAX_PAGE = 100;
  private static final int MOST_INVALID_LINES = 100;

  private final Batches batches;
  private final BatchReader reader;
  private final BatchResults results;
  private final JoinedResults joined;
  private final BulkActions bulkActions;

  BatchesController(
      Batches batches,
      BatchReader reader,
      BatchResults results,
      JoinedResults joined,
      BulkActions bulkActions) {
    this.joined = joined;
    this.batches = batches;
    this.reader = reader;
    this.results = results;
    this.bulkActions = bulkActions;
  }

  /**
   * A file of jobs.
   *
   * @param lines number of lines that were read
   * @param queued number of those lines that became jobs
   * @param complete whether the file was read to its end
   * @param jobs number of jobs by state; absent in a list
   * @param invalidLines the first 100 lines that did not become jobs; absent in a list
   * @param completedAt when the last job had ended; absent until then
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record BatchAnswer(
      UUID id,
      Environment environment,
      String name,
      Batch.Format format,
      int lines,
      int queued,
      boolean complete,
      @Nullable Map<PublicState, Integer> jobs,
      @Nullable List<Batch.InvalidLine> invalidLines,
      Instant createdAt,
      @Nullable Instant completedAt) {

    static BatchAnswer of(
        Batch batch,
        @Nullable Map<PublicState, Integer> jobs,
        @Nullable List<Batch.InvalidLine> invalidLines) {
      return new BatchAnswer(
          batch.id(),
          batch.environment(),
          batch.name(),
          batch.format(),
          batch.lines(),
          batch.queued(),
          batch.isComplete(),
          jobs,
          invalidLines,
          batch.createdAt(),
          batch.completedAt());
    }
  }

  /** A page of batches; {@code next} is the cursor of the next page. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record BatchList(List<BatchAnswer> batches, @Nullable UUID next) {}

  /**
   * Queues a job for each line of the body, while it is being sent.
   *
   * @param name what the caller calls it, at most 120 characters
   * @param environment live if absent; with an API key only the key's own, also if absent
   * @param tag words to find its jobs by, at most 10
   */
  @PostMapping(consumes = {Batch.JSON_LINES_TYPE, "application/jsonl", Batch.CSV_TYPE})
  ResponseEntity<BatchAnswer> send(
      Caller caller,
      @RequestHeader(name = "Idempotency-Key", required = false) @Nullable String idempotencyKey,
      @RequestParam(defaultValue = "") String name,
      @RequestParam @Nullable Environment environment,
      @RequestParam @Nullable List<String> tag,
      HttpServletRequest request)
      throws IOException {
    if (request.getContentLengthLong() > Records.MOST) {
      throw new Problem(
          ProblemCode.PAYLOAD_TOO_LARGE, "Send at most 100 MiB as one batch. Nothing was queued.");
    }
    var asked =
        new NewBatch(
            caller,
            caller.environment(environment),
            name,
            format(request),
            IdempotencyKey.parse(idempotencyKey),
            Annotations.of(tag, null),
            new Columns.ByHeading());
    var taken = take(asked, request);
    var answer = ResponseEntity.accepted().location(URI.create("/api/v1/batches/" + taken.id()));
    return (taken.replayed() ? answer.header("Idempotent-Replayed", "true") : answer)
        .body(find(caller, taken.id()));
  }

  private BatchReader.Taken take(NewBatch asked, HttpServletRequest request) {
    try {
      return reader.take(asked, request.getInputStream());
    } catch (Lines.Unreadable unreadable) {
      throw new Problem(
          ProblemCode.PAYLOAD_INVALID, unreadable.getMessage() + " Nothing was queued.");
    } catch (IOException brokenOff) {
      throw new Problem(
          ProblemCode.REQUEST_MALFORMED,
          "The body ended early, or took longer than 10 minutes. The lines before its end may be"
              + " queued: send all of it again under the same Idempotency-Key.");
    }
  }

  private static Batch.Format format(HttpServletRequest request) {
    var type = MediaType.valueOf(request.getContentType());
    if (type.getCharset() != null && !StandardCharsets.UTF_8.equals(type.getCharset())) {
      throw new Problem(ProblemCode.MEDIA_TYPE_UNSUPPORTED, "Send the lines in UTF-8.");
    }
    return type.getSubtype().equals("csv") ? Batch.Format.CSV : Batch.Format.JSONL;
  }

  @GetMapping
  BatchList list(
      Caller caller,
      @RequestParam @Nullable UUID cursor,
      @RequestParam(defaultValue = "20") int limit) {
    int size = Math.clamp(limit, 1, MAX_PAGE);
    var found = batches.list(caller.userId(), caller.onlyEnvironment(), cursor, size + 1);
    var page = found.subList(0, Math.min(size, found.size()));
    return new BatchList(
        page.stream().map(batch -> BatchAnswer.of(batch, null, null)).toList(),
        found.size() > size ? page.getLast().id() : null);
  }

  @GetMapping("/{id}")
  BatchAnswer find(Caller caller, @PathVariable UUID id) {
    var batch = visible(caller, id);
    return BatchAnswer.of(
        batch,
        batches.progress(caller.userId(), id).byPublicState(),
        batches.faults(caller.userId(), id, MOST_INVALID_LINES));
  }

  /** Writes a line for each line of the file, in its order and its format. */
  @GetMapping(
      path = "/{id}/results",
      produces = {Batch.JSON_LINES_TYPE, Batch.CSV_TYPE, MediaType.ALL_VALUE})
  void results(Caller caller, @PathVariable UUID id, HttpServletResponse response)
      throws IOException {
    results.write(caller.userId(), visible(caller, id), response);
  }

  /** Writes the rows of the file as CSV, as they were sent, each with its outcome. */
  @GetMapping(
      path = "/{id}/results.csv",
      produces = {Batch.CSV_TYPE, MediaType.ALL_VALUE})
  void joinedResults(Caller caller, @PathVariable UUID id, HttpServletResponse response)
      throws IOException {
    joined.write(caller.userId(), visible(caller, id), response);
  }

  /** Cancels the open jobs of a batch, in the background. */
  @PostMapping("/{id}/cancellation")
  ResponseEntity<BatchAnswer> cancel(Caller caller, @PathVariable UUID id) {
    bulkActions.cancelBatch(caller.userId(), visible(caller, id).environment(), id);
    return ResponseEntity.accepted().body(find(caller, id));
  }

  private Batch visible(Caller caller, UUID id) {
    return batches
        .find(caller.userId(), id)
        .filter(found -> caller.maySee(found.environment()))
        .orElseThrow(Problem::notFound);
  }
}
