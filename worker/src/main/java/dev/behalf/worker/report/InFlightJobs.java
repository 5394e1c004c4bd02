package dev.behalf.worker.report;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import org.springframework.stereotype.Component;

/** Counts the jobs that this process has in flight, and those it has answered. */
@Component
public class InFlightJobs {

  private final AtomicInteger full = new AtomicInteger();
  private final LongAdder done = new LongAdder();

  public void take() {
    full.incrementAndGet();
  }

  /**
   * Removes one job.
   *
   * @param answered whether the broker has confirmed the job's outcome
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
