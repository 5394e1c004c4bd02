package dev.behalf.worker.consume;

import com.rabbitmq.client.Channel;
import java.io.IOException;
import java.util.TreeSet;

/**
 * Acknowledges the deliveries of one channel, several with one ack where possible: one ack covers
 * everything finished before the oldest delivery that is still running. At most half of the
 * prefetch is held back behind that delivery, so that a slow job does not block all others.
 */
final class Acknowledgements {

  private final Channel channel;
  private final int mayHoldBack;
  private final TreeSet<Long> running = new TreeSet<>();
  private final TreeSet<Long> done = new TreeSet<>();

  Acknowledgements(Channel channel, int prefetch) {
    this.channel = channel;
    this.mayHoldBack = prefetch / 2;
  }

  synchronized void taken(long tag) {
    running.add(tag);
  }

  synchronized void done(long tag) throws IOException {
    running.remove(tag);
    done.add(tag);
    acknowledge();
  }

  synchronized void givenBack(long tag) throws IOException {
    running.remove(tag);
    channel.basicNack(tag, false, true);
    acknowledge();
  }

  private void acknowledge() throws IOException {
    var before = running.isEmpty() ? done : done.headSet(running.first());
    // Deliveries behind the oldest running one are held back; if none is running, all are acked.
    if (!before.isEmpty()) {
      channel.basicAck(before.last(), true);
      before.clear();
    }
    while (done.size() > mayHoldBack) {
      channel.basicAck(done.pollFirst(), false);
    }
  }

  synchronized boolean isIdle() {
    return running.isEmpty();
  }
}
