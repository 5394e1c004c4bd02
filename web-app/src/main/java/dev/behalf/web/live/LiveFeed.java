package dev.behalf.web.live;

import dev.behalf.signals.Signals;
import dev.behalf.web.doors.Caller;
import dev.behalf.web.jobs.Changes;
import java.io.IOException;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import org.springframework.context.SmartLifecycle;
import org.springframework.http.MediaType;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

/**
 * Server-sent events: "this job has changed", to the pages of its owner and to nobody else. A page
 * that hears {@code hello} reads everything anew, so nothing is missed over a gap.
 */
@RestController
class LiveFeed implements Signals.Listener, SmartLifecycle {

  private static final long MINUTES_30 = 30 * 60_000L;

  private final Map<UUID, Set<SseEmitter>> pages = new ConcurrentHashMap<>();
  private final ExecutorService senders = Executors.newVirtualThreadPerTaskExecutor();
  private volatile boolean running;

  LiveFeed(Signals signals) {
    signals.listen(Changes.CHANNEL, this);
  }

  private record Changed(UUID id, String state) {}

  private record Hello() {}

  @GetMapping(path = "/live", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
  SseEmitter open(Caller caller) {
    var page = new SseEmitter(MINUTES_30);
    var userId = caller.userId();
    pages.compute(
        userId,
        (id, emitters) -> {
          var open = emitters == null ? ConcurrentHashMap.<SseEmitter>newKeySet() : emitters;
          open.add(page);
          return open;
        });
    page.onCompletion(() -> close(userId, page));
    page.onTimeout(page::complete);
    page.onError(e -> close(userId, page));
    send(page, "hello", new Hello());
    return page;
  }

  @Override
  public void heard(String word) {
    for (var change : Changes.read(word)) {
      var told = new Changed(change.jobId(), change.state().wire());
      pages
          .getOrDefault(change.userId(), Set.of())
          .forEach(page -> senders.execute(() -> send(page, "job", told)));
    }
  }

  @Override
  public void resumed() {
    forAll(page -> send(page, "hello", new Hello()));
  }

  /** Keeps proxies from closing a quiet stream, and finds out who has gone. */
  @Scheduled(fixedRateString = "15s")
  void heartbeat() {
    forAll(
        page -> {
          try {
            page.send(SseEmitter.event().comment(""));
          } catch (IOException | IllegalStateException gone) {
            page.completeWithError(gone);
          }
        });
  }

  @Override
  public void start() {
    running = true;
  }

  /** Open streams would hold up the stop of the web server. */
  @Override
  public void stop() {
    running = false;
    pages.values().forEach(emitters -> emitters.forEach(SseEmitter::complete));
  }

  @Override
  public boolean isRunning() {
    return running;
  }

  private void forAll(Consumer<SseEmitter> action) {
    pages
        .values()
        .forEach(emitters -> emitters.forEach(page -> senders.execute(() -> action.accept(page))));
  }

  private static void send(SseEmitter page, String name, Object data) {
    try {
      page.send(SseEmitter.event().name(name).data(data, MediaType.APPLICATION_JSON));
    } catch (IOException | IllegalStateException gone) {
      page.completeWithError(gone);
    }
  }

  private void close(UUID userId, SseEmitter page) {
    pages.computeIfPresent(
        userId,
        (id, emitters) -> {
          emitters.remove(page);
          return emitters.isEmpty() ? null : emitters;
        });
  }
}
