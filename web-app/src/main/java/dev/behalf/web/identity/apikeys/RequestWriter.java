package dev.behalf.web.identity.apikeys;

import java.util.List;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;
import java.util.stream.Stream;
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

  private final KeyRequests requests;
  private final ApplicationEventPublisher events;
  private final RequestBuffer buffer = new RequestBuffer(CAPACITY);
  private final ReentrantLock writing = new ReentrantLock();
  private List<FinishedRequest> batch = List.of();
  private List<FinishedRequest> again = List.of();

  RequestWriter(KeyRequests requests, ApplicationEventPublisher events) {
    this.requests = requests;
    this.events = events;
  }

  private record Key(UUID userId, String keyId) {}

  /** Takes a request without waiting. */
  void add(FinishedRequest request) {
    buffer.add(request);
  }

  /**
   * Writes what waits. The rate is fixed, since tasks with a fixed delay share one thread: a slow
   * database must not keep them waiting.
   */
  @Scheduled(fixedRateString = "500ms")
  void write() {
    if (!writing.tryLock()) {
      return;
    }
    long lost = buffer.takeDropped();
    try {
      var late = again;
      again = List.of();
      lost += written(late).size();
      for (int i = 0; i < CAPACITY / BATCH && fill(); i++) {
        lost += writeBatch();
      }
    } catch (DataAccessResourceFailureException databaseAway) {
      // The next run writes the batch.
    } finally {
      writing.unlock();
      if (lost > 0) {
        events.publishEvent(new RequestsDropped(lost));
      }
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
    try {
      var left = written(batch);
      // The rows of their users were locked; the next run tries once more.
      again = Stream.concat(again.stream(), left.stream()).limit(BATCH).toList();
      batch = List.of();
      return 0;
    } catch (DataAccessResourceFailureException databaseAway) {
      throw databaseAway;
    } catch (DataAccessException refused) {
      // A batch that the database does not take must not stop those behind it.
      var lost = batch.size();
      batch = List.of();
      return lost;
    }
  }

  private List<FinishedRequest> written(List<FinishedRequest> some) {
    if (some.isEmpty()) {
      return some;
    }
    var left = requests.write(some);
    some.stream()
        .collect(
            Collectors.groupingBy(
                request -> new Key(request.userId(), request.keyId()), Collectors.counting()))
        .forEach(this::trim);
    return left;
  }

  /**
   * Removes the oldest requests of a key about once for each thousand new ones: at random, so that
   * nothing is to be remembered of any number of keys.
   */
  private void trim(Key key, long added) {
    if (ThreadLocalRandom.current().nextInt(BATCH) < added) {
      try {
        requests.removeBeyond(key.userId(), key.keyId(), KeyRequests.MAX_OF_KEY);
      } catch (DataAccessException refused) {
        // The next thousand tries again.
      }
    }
  }
}
