package dev.behalf.worker.report;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import org.springframework.stereotype.Component;

/** How many jobs this process holds, and has answered for. */
@Component
public class InFlightJobs {

  private final AtomicInteger full = new AtomicInteger();
  private final LongAdder done = new LongAdder();

  public void take() {
    full.incrementAndGet();
  }

  /**
   * Lets go of one.
   *
   * @param answered whether what became of it is safe at the broker
   */
  public void leave(boolean answered) {
    full.decrementAndGet();
    if (answered) {
      done.increment();
    }
  }

  int full() {
    return full.get();
  }

  long done() {
    return done.sum();
  }
}
