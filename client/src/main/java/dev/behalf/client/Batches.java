package dev.behalf.client;

import dev.behalf.client.Transport.Call;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The user's batches. */
public final class Batches {

  private static final String PATH = "/api/v1/batches";
  private static final int PAGE = 100;
  private static final int PIECE = 64 * 1024;

  /** The server reads a file for at most ten minutes. */
  private static final Duration SENT = Duration.ofMinutes(11);

  private static final Duration BETWEEN = Duration.ofSeconds(1);

  private final Transport transport;

  Batches(Transport transport) {
    this.transport = transport;
  }

  /**
   * A batch that was sent.
   *
   * @param isReplayed whether it was complete before, under the same idempotency key
   */
  public record Sent(Batch batch, boolean isReplayed) {}

  /**
   * Sends a file; its first jobs run before it has been read. After a break it is sent again, and
   * goes on behind the last line that was stored.
   *
   * @throws ProblemException if the server refuses the file as a whole
   * @throws ConnectionException if no answer came; the same request can be sent again
   */
  public Sent send(BatchRequest request) {
    return transport.send(
        Call.post(request.path(PATH), BodyPublishers.ofInputStream(request.body), request.type)
            .with("Idempotency-Key", request.idempotencyKey())
            .within(SENT)
            .repeatable(),
        answer -> new Sent(Batch.of(answer.json()), answer.isReplayed()));
  }

  /**
   * Returns a batch with its progress.
   *
   * @throws ProblemException with status 404 if the user has no such batch
   */
  public Batch get(UUID id) {
    return transport.get(PATH + "/" + id, Batch::of);
  }

  /** Returns a page of batches, newest first. */
  public Batch.Page list(@Nullable String cursor, int limit) {
    return transport.get(
        new Query(PATH).with("limit", limit).with("cursor", cursor).toString(),
        json ->
            new Batch.Page(
                json.required("batches").valueStream().map(Batch::of).toList(),
                Json.textOrNull(json, "next")));
  }

  /** Returns all batches, newest first, fetched page by page. */
  public Stream<Batch> all() {
    return Pages.all(
        cursor -> {
          var page = list(cursor, PAGE);
          return new Pages.Page<>(page.batches(), page.next());
        });
  }

  /**
   * Waits until all jobs of a batch have ended. Of a file that was not read to its end, only those
   * that were queued are waited for, and {@link Batch#hasEnded} stays false.
   *
   * @throws TimeoutException if one is open after that time
   */
  public Batch await(UUID id, Duration time) throws TimeoutException {
    var end = transport.now().plus(time);
    while (true) {
      var batch = get(id);
      if (batch.hasEnded() || (!batch.isComplete() && batch.open() == 0)) {
        return batch;
      }
      if (!transport.now().isBefore(end)) {
        throw new TimeoutException("Batch " + id + " has open jobs after " + time + ".");
      }
      transport.await(BETWEEN);
    }
  }

  /**
   * Returns what became of each line of JSON lines, in the order of the file. Close the stream
   * unless it is read to its end.
   */
  public Stream<Batch.Result> results(UUID id) {
    var lines = new BoundedLines(new GuardedBody(opened(id).body()));
    return Stream.generate(() -> next(lines))
        .takeWhile(Objects::nonNull)
        .map(line -> transport.read(line, Batch.Result::of))
        .onClose(() -> closed(lines));
  }

  /**
   * Writes the results as the server sends them, in the format of the file.
   *
   * @throws IOException if they cannot be written
   */
  public void download(UUID id, OutputStream out) throws IOException {
    var piece = new byte[PIECE];
    try (var in = new GuardedBody(opened(id).body())) {
      for (int length = read(in, piece); length >= 0; length = read(in, piece)) {
        out.write(piece, 0, length);
      }
    }
  }

  /** Cancels the jobs of a batch that are open, in the background; safe to repeat. */
  public void cancel(UUID id) {
    transport.send(Call.post(PATH + "/" + id + "/cancellation").repeatable(), answer -> answer);
  }

  private HttpResponse<InputStream> opened(UUID id) {
    return transport.open(Call.get(PATH + "/" + id + "/results"));
  }

  private int read(InputStream in, byte[] piece) {
    try {
      return in.read(piece);
    } catch (IOException cut) {
      throw transport.unreachable(ConnectionException.reason(cut));
    }
  }

  private @Nullable String next(BoundedLines lines) {
    try {
      return lines.next();
    } catch (IOException cut) {
      throw transport.unreachable(ConnectionException.reason(cut));
    }
  }

  private static void closed(BoundedLines lines) {
    try {
      lines.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
