package dev.behalf.web.identity.apikeys;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.dao.DataAccessException;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/**
 * Writes the finished requests of keys to the database, within a second and outside of the
 * requests. While the database is away, requests wait in the buffer; a crash loses them.
 */
@Component
class RequestWriter implements DisposableBean {

  /** Requests that wait at most: some 2 MB, and several seconds of a busy replica. */
  private static final int CAPACITY = 10_000;

  private static final int BATCH = 1_000;

  /** New requests of a key after which its oldest are removed. */
  private static final int TRIM_AFTER = 1_000;

  private static final int MAX_COUNTED = 10_000;

  private final KeyRequests requests;
  private final ApplicationEventPublisher events;
  private final RequestBuffer buffer = new RequestBuffer(CAPACITY);
  private final Map<Key, Integer> written = new HashMap<>();
  private List<FinishedRequest> batch = List.of();

  RequestWriter(KeyRequests requests, ApplicationEventPublisher events) {
    this.requests = requests;
    this.events = events;
  }

  private record Key(UUID userId, String keyId) {}

  /** Takes a request without waiting. */
  void add(FinishedRequest request) {
    buffer.add(request);
  }

  @Scheduled(fixedDelayString = "500ms")
  synchronized void write() {
    var lost = buffer.takeDropped();
    try {
      while (fill()) {
        lost += writeBatch();
      }
    } catch (DataAccessResourceFailureException databaseAway) {
      // The next run writes the batch.
    }
    if (lost > 0) {
      events.publishEvent(new RequestsDropped(lost));
    }
  }

  /** Writes the requests still in memory before the server stops. */
  @Override
  public void destroy() {
    write();
  }

  private boolean fill() {
    if (batch.isEmpty()) {
      batch = buffer.take(BATCH);
    }
    return !batch.isEmpty();
  }

  /** Writes the batch and returns how many of its requests are lost. */
  private int writeBatch() {
    var writing = batch;
    try {
      requests.write(writing);
      batch = List.of();
    } catch (DataAccessResourceFailureException databaseAway) {
      throw databaseAway;
    } catch (DataAccessException refused) {
      // A batch that the database does not take must not stop those behind it.
      batch = List.of();
      return writing.size();
    }
    writing.forEach(request -> count(new Key(request.userId(), request.keyId())));
    return 0;
  }

  private void count(Key key) {
    if (written.merge(key, 1, Integer::sum) >= TRIM_AFTER) {
      written.remove(key);
      requests.removeBeyond(key.userId(), key.keyId(), KeyRequests.MAX_OF_KEY);
    }
    if (written.size() > MAX_COUNTED) {
      // Of keys so rarely used that thousands of others came between, little is stored.
      written.clear();
    }
  }
}
