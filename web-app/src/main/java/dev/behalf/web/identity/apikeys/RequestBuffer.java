package dev.behalf.web.identity.apikeys;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/**
 * The finished requests that are not written yet. A full buffer drops further ones and counts them:
 * no request waits for its log.
 */
final class RequestBuffer {

  /** Requests of one key between two writes: one busy key must not push out all others. */
  static final int MAX_OF_KEY = 500;

  private final BlockingQueue<FinishedRequest> requests;
  private final Map<String, Integer> ofKey = new ConcurrentHashMap<>();
  private final LongAdder dropped = new LongAdder();

  RequestBuffer(int capacity) {
    requests = new ArrayBlockingQueue<>(capacity);
  }

  /** Adds a request, or drops it at once if the buffer is full or holds too many of its key. */
  void add(FinishedRequest request) {
    if (ofKey.merge(request.keyId(), 1, Integer::sum) > MAX_OF_KEY || !requests.offer(request)) {
      dropped.increment();
    }
  }

  /** Removes and returns the oldest requests, at most {@code most}. */
  List<FinishedRequest> take(int most) {
    var taken = new ArrayList<FinishedRequest>();
    requests.drainTo(taken, most);
    return taken;
  }

  /** Begins the time until the next write; returns how many requests the last one has dropped. */
  long takeDropped() {
    ofKey.clear();
    return dropped.sumThenReset();
  }
}
