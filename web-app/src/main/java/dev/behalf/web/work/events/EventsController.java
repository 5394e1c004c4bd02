package dev.behalf.web.work.events;

import dev.behalf.contract.JobState;
import dev.behalf.contract.ProblemCode;
import dev.behalf.contract.StrictJson;
import dev.behalf.server.problem.Problem;
import dev.behalf.web.site.security.Admissions;
import dev.behalf.web.site.security.Caller;
import dev.behalf.web.work.events.EventRows.End;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

/**
 * Streams what happens to one job to its owner, as server-sent events, from any number on and up to
 * the end of the job.
 */
@RestController
class EventsController {

  /** The number of the end, behind any event; a whole number that JavaScript can hold. */
  static final long END = 9_000_000_000_000_000L;

  private static final long MINUTES_30 = 30 * 60_000L;
  private static final Duration HEARTBEAT = Duration.ofSeconds(15);
  private static final Duration LOOK = Duration.ofSeconds(1);

  private final EventRows rows;
  private final Watches watches;

  EventsController(EventRows rows, Watches watches) {
    this.rows = rows;
    this.watches = watches;
  }

  /**
   * Opens a stream.
   *
   * @param lastEventId the number of the last event that was received, which a browser sends when
   *     it connects again
   * @param after the same number, for clients that open a stream anew
   */
  @GetMapping("/api/v1/jobs/{id}/events")
  ResponseEntity<SseEmitter> stream(
      Caller caller,
      HttpServletRequest request,
      @PathVariable UUID id,
      @RequestHeader(name = "Last-Event-ID", required = false) @Nullable String lastEventId,
      @RequestParam(required = false) @Nullable String after) {
    var environment =
        rows.environment(caller.userId(), id).filter(caller::maySee).orElseThrow(Problem::notFound);
    long from =
        number(Objects.requireNonNullElse(lastEventId, Objects.requireNonNullElse(after, "0")));
    if (from >= END) {
      return ResponseEntity.noContent().build();
    }
    var watch = new Watch(caller.userId(), id, environment, Admissions.of(request), from);
    watches.add(watch);
    var stream = new SseEmitter(MINUTES_30);
    stream.onTimeout(stream::complete);
    var sender = Thread.ofVirtual().name("job-events").unstarted(() -> send(watch, stream));
    stream.onCompletion(
        () -> {
          watches.remove(watch);
          sender.interrupt();
        });
    sender.start();
    // nginx and other proxies would buffer the events and forward them late.
    return ResponseEntity.ok()
        .contentType(MediaType.TEXT_EVENT_STREAM)
        .header("X-Accel-Buffering", "no")
        .body(stream);
  }

  private static long number(String text) {
    if (text.isEmpty()) {
      // What a client sends that has seen no event, and always sends the header.
      return 0;
    }
    if (!text.matches("\\d{1,16}")) {
      throw new Problem(
          ProblemCode.REQUEST_MALFORMED,
          "Send the number of the last event in \"after\" or Last-Event-ID, or nothing.");
    }
    return Long.parseLong(text);
  }

  private void send(Watch watch, SseEmitter stream) {
    try {
      // So that the client knows at once that the stream is open.
      stream.send(SseEmitter.event().comment(""));
      long quietSince = System.nanoTime();
      while (!watch.isClosed()) {
        var batch = watch.await(LOOK);
        if (batch != null) {
          send(batch, stream);
          quietSince = System.nanoTime();
          if (batch.isLast()) {
            break;
          }
          watches.goOn(watch);
        } else if (System.nanoTime() - quietSince > HEARTBEAT.toNanos()) {
          stream.send(SseEmitter.event().comment(""));
          quietSince = System.nanoTime();
        }
      }
      stream.complete();
    } catch (IOException | IllegalStateException gone) {
      stream.completeWithError(gone);
    } catch (InterruptedException closed) {
      Thread.currentThread().interrupt();
    } finally {
      watches.remove(watch);
    }
  }

  private static void send(Watch.Batch batch, SseEmitter stream) throws IOException {
    for (var said : batch.said()) {
      stream.send(event(said.seq(), said.name(), said.data()));
    }
    var end = batch.end();
    if (end != null && end.state() != null) {
      stream.send(event(END, "end", json(end, end.state())));
    }
  }

  private static String json(End end, JobState state) {
    var json = new LinkedHashMap<String, Object>();
    json.put("state", state.wire());
    if (end.units() != null) {
      json.put("units", end.units());
    }
    if (end.code() != null) {
      json.put("code", end.code());
    }
    return StrictJson.text(json);
  }

  private static SseEmitter.SseEventBuilder event(long seq, String name, String data) {
    return SseEmitter.event().id(String.valueOf(seq)).name(name).data(data, MediaType.TEXT_PLAIN);
  }
}
