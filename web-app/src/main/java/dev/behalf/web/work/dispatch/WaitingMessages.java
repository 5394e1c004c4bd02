package dev.behalf.web.work.dispatch;

import dev.behalf.contract.Environment;
import dev.behalf.contract.JobMessage;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import org.springframework.amqp.core.AmqpAdmin;

/**
 * Counts the messages that wait at the broker. The rows do not show it: after leases end, their
 * messages are still there.
 *
 * <p>While few messages wait, the broker need not be asked for each job: no more wait than it last
 * said, and than were sent since. What other replicas send meanwhile is found out half a second
 * later; the window, which is counted in rows, limits it.
 */
final class WaitingMessages {

  private static final Duration MAX_AGE = Duration.ofMillis(500);

  private record Count(long messages, long at) {
    private boolean isFresh() {
      return System.nanoTime() - at < MAX_AGE.toNanos();
    }
  }

  private final AmqpAdmin broker;
  private final int few;
  private final Map<Environment, Count> known = new EnumMap<>(Environment.class);

  /**
   * @param few the number of messages up to which an estimate will do
   */
  WaitingMessages(AmqpAdmin broker, int few) {
    this.broker = broker;
    this.few = few;
  }

  /** Returns the number of messages that wait; while they are few, at least that number. */
  long count(Environment environment) {
    var last = known.get(environment);
    if (last == null || !last.isFresh() || last.messages() > few) {
      var queue = broker.getQueueInfo(JobMessage.queue(environment));
      last = new Count(queue == null ? 0 : queue.getMessageCount(), System.nanoTime());
      known.put(environment, last);
    }
    return last.messages();
  }

  /** Counts messages that were sent. */
  void add(Environment environment, int sent) {
    known.computeIfPresent(
        environment, (key, last) -> new Count(last.messages() + sent, last.at()));
  }
}
