package dev.behalf.web.work.live;

import dev.behalf.contract.ProblemCode;
import dev.behalf.server.notifications.Notifications;
import dev.behalf.server.problem.Problem;
import dev.behalf.web.site.security.Caller;
import dev.behalf.web.site.security.Sessions;
import dev.behalf.web.work.jobs.JobChanges;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpSession;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.context.SmartLifecycle;
import org.springframework.http.MediaType;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

/**
 * Server-sent events: "this job has changed", to the pages of its owner and to nobody else. A page
 * that comes back says what it has heard last, and is told what it has missed; where that is not
 * known any more it hears {@code hello}, and reads everything anew.
 */
@RestController
class LiveFeed implements Notifications.Listener, SmartLifecycle {

  /** At 100 jobs a second, more than a minute. */
  private static final int CHANGES_KEPT = 20_000;

  /** Of one user in this replica: more pages than anybody looks at. */
  private static final int MAX_OF_USER = 20;

  private final RecentEvents recent = new RecentEvents(CHANGES_KEPT);
  private final Map<UUID, Set<EventStream>> pages = new HashMap<>();
  private final Sessions sessions;
  private volatile boolean running;

  LiveFeed(Notifications notifications, Sessions sessions) {
    this.sessions = sessions;
    notifications.listen(JobChanges.CHANNEL, this);
  }

  /**
   * Opens a stream.
   *
   * @param lastEventId what a browser says by itself when it comes back
   * @param after the same, said by a page that has closed its stream meanwhile
   */
  @GetMapping(path = "/live", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
  synchronized SseEmitter open(
      Caller caller,
      HttpSession session,
      @RequestHeader(name = "Last-Event-ID", required = false) @Nullable String lastEventId,
      @RequestParam(required = false) @Nullable String after,
      HttpServletResponse response) {
    var userId = caller.userId();
    if (pages.getOrDefault(userId, Set.of()).size() >= MAX_OF_USER) {
      throw new Problem(
              ProblemCode.RATE_LIMITED, "Close a page: you have %d open.".formatted(MAX_OF_USER))
          .with("Retry-After", "15");
    }
    // nginx and others would gather what is told, and pass it on late.
    response.setHeader("X-Accel-Buffering", "no");
    var page = new EventStream(session.getId());
    page.whenClosed(() -> forget(userId, page));
    pages.computeIfAbsent(userId, id -> new HashSet<>()).add(page);
    var heard = Objects.requireNonNullElse(lastEventId, Objects.requireNonNullElse(after, ""));
    recent
        .since(heard, userId)
        .ifPresentOrElse(
            missed -> {
              page.goesOn(heard);
              missed.forEach(page::tell);
            },
            () -> page.hello(recent.last()));
    return page.stream();
  }

  @Override
  public synchronized void received(String word) {
    for (var event : LiveEvent.of(JobChanges.Notification.read(word))) {
      recent.add(event);
      List.copyOf(pages.getOrDefault(event.change().userId(), Set.of()))
          .forEach(page -> page.tell(event));
    }
  }

  /** Words may be lost. */
  @Override
  public synchronized void resumed() {
    recent.forget();
    all().forEach(page -> page.hello(recent.last()));
  }

  /** Keeps proxies from closing a quiet stream, and finds out who has gone. */
  @Scheduled(fixedRateString = "15s")
  synchronized void heartbeat() {
    all().forEach(EventStream::heartbeat);
  }

  /**
   * A page hears no more than its reader may see: it ends with its session, and so with the
   * account.
   */
  @Scheduled(fixedDelayString = "1s")
  void endWithSessions() {
    var open = openSessions();
    if (!open.isEmpty()) {
      close(sessions.ended(open));
    }
  }

  private synchronized Set<String> openSessions() {
    return all().stream().map(EventStream::sessionId).collect(Collectors.toSet());
  }

  private synchronized void close(Set<String> ended) {
    all().stream().filter(page -> ended.contains(page.sessionId())).forEach(EventStream::close);
  }

  @Override
  public void start() {
    running = true;
  }

  /** Open streams would hold up the stop of the web server. */
  @Override
  public synchronized void stop() {
    running = false;
    all().forEach(EventStream::close);
  }

  @Override
  public boolean isRunning() {
    return running;
  }

  /** A copy: to close one takes it out. */
  private List<EventStream> all() {
    return pages.values().stream().flatMap(Set::stream).toList();
  }

  private synchronized void forget(UUID userId, EventStream page) {
    pages.computeIfPresent(
        userId,
        (id, open) -> {
          open.remove(page);
          return open.isEmpty() ? null : open;
        });
  }
}
