package dev.behalf.web.work.live;

import dev.behalf.contract.ProblemCode;
import dev.behalf.server.notifications.Notifications;
import dev.behalf.server.problem.Problem;
import dev.behalf.web.site.security.Caller;
import dev.behalf.web.site.security.Sessions;
import dev.behalf.web.work.events.JobChanges;
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
 * Sends an event for each changed job to the open pages of its owner, and to nobody else. A page
 * that reconnects names the last event it received and gets the events it missed. If that event is
 * no longer known, the page gets {@code hello} and loads everything again.
 */
@RestController
class LiveFeed implements Notifications.Listener, SmartLifecycle {

  /** Changes kept for pages that reconnect: at 100 jobs a second, more than a minute. */
  private static final int CHANGES_KEPT = 20_000;

  /** Most streams of one user in this replica: more pages than anybody looks at. */
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
   * @param lastEventId id of the last event, which a browser sends when it reconnects on its own
   * @param after the same id, sent by a page that had closed its stream
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
              ProblemCode.RATE_LIMITED,
              "You have %d open streams: close a page.".formatted(MAX_OF_USER))
          .with("Retry-After", "15");
    }
    // nginx and other proxies would buffer the events and forward them late.
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

  /** Sends {@code hello} to all pages, because notifications may have been lost. */
  @Override
  public synchronized void resumed() {
    recent.forget();
    all().forEach(page -> page.hello(recent.last()));
  }

  /** Keeps proxies from closing a quiet stream, and detects pages that are gone. */
  @Scheduled(fixedRateString = "15s")
  synchronized void heartbeat() {
    all().forEach(EventStream::heartbeat);
  }

  /**
   * Closes the streams of ended sessions, so that a page receives nothing its reader may no longer
   * see. The end of an account also ends its sessions.
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

  /** Closes all streams, which would otherwise delay the shutdown of the web server. */
  @Override
  public synchronized void stop() {
    running = false;
    all().forEach(EventStream::close);
  }

  @Override
  public boolean isRunning() {
    return running;
  }

  /** Returns a copy, because closing a stream removes it from {@link #pages}. */
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
