package dev.behalf.web.identity.apikeys;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.atomic.LongAdder;

/**
 * The finished requests that are not written yet. A full buffer drops further ones and counts them:
 * no request waits for its log.
 */
final class RequestBuffer {

  private final BlockingQueue<FinishedRequest> requests;
  private final LongAdder dropped = new LongAdder();

  RequestBuffer(int capacity) {
    requests = new ArrayBlockingQueue<>(capacity);
  }

  /** Adds a request, or drops it at once if the buffer is full. */
  void add(FinishedRequest request) {
    if (!requests.offer(request)) {
      dropped.increment();
    }
  }

  /** Removes and returns the oldest requests, at most {@code most}. */
  List<FinishedRequest> take(int most) {
    var taken = new ArrayList<FinishedRequest>();
    requests.drainTo(taken, most);
    return taken;
  }

  /** Returns how many requests were dropped since the last call. */
  long takeDropped() {
    return dropped.sumThenReset();
  }
}
