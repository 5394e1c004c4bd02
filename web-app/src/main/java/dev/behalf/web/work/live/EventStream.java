package dev.behalf.web.work.live;

import dev.behalf.web.work.jobs.PublicState;
import java.io.IOException;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import org.springframework.http.MediaType;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

/** A stream that sends server-sent events to one page, in order. */
final class EventStream {

  private static final long MINUTES_30 = 30 * 60_000L;

  /** Most events that may wait to be sent. A page further behind is closed and reconnects. */
  private static final int MAY_WAIT = 1_000;

  private final SseEmitter stream = new SseEmitter(MINUTES_30);
  private final BlockingQueue<SseEmitter.SseEventBuilder> waiting =
      new ArrayBlockingQueue<>(MAY_WAIT);
  private final AtomicBoolean closing = new AtomicBoolean();
  private final String sessionId;
  private final Thread sender = Thread.ofVirtual().name("page").unstarted(this::send);

  private record Changed(UUID id, PublicState state, boolean open) {}

  EventStream(String sessionId) {
    this.sessionId = sessionId;
    stream.onTimeout(stream::complete);
    sender.start();
  }

  void whenClosed(Runnable action) {
    stream.onCompletion(
        () -> {
          sender.interrupt();
          action.run();
        });
  }

  String sessionId() {
    return sessionId;
  }

  SseEmitter stream() {
    return stream;
  }

  /** Sends {@code hello}: all content of the page may be outdated. */
  void hello(String last) {
    tell(event("hello", last, Map.of()));
  }

  /** Sends {@code goes-on}: all events after {@code last} follow. */
  void goesOn(String last) {
    tell(event("goes-on", last, Map.of()));
  }

  void tell(LiveEvent event) {
    tell(event("job", event.id(), changed(event)));
  }

  void heartbeat() {
    tell(SseEmitter.event().comment(""));
  }

  /** Closes without waiting: to complete a stream waits for a send that a slow reader blocks. */
  void close() {
    if (closing.compareAndSet(false, true)) {
      Thread.ofVirtual().name("page-close").start(stream::complete);
    }
  }

  private static Changed changed(LiveEvent event) {
    var state = event.change().state();
    return new Changed(event.change().jobId(), PublicState.of(state), state.isOpen());
  }

  private static SseEmitter.SseEventBuilder event(String name, String id, Object data) {
    return SseEmitter.event().id(id).name(name).data(data, MediaType.APPLICATION_JSON);
  }

  private void tell(SseEmitter.SseEventBuilder event) {
    if (!waiting.offer(event)) {
      close();
    }
  }

  private void send() {
    try {
      while (true) {
        stream.send(waiting.take());
      }
    } catch (IOException | IllegalStateException gone) {
      stream.completeWithError(gone);
    } catch (InterruptedException closed) {
      Thread.currentThread().interrupt();
    }
  }
}
