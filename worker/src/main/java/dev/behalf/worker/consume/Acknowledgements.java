package dev.behalf.worker.consume;

import com.rabbitmq.client.Channel;
import java.io.IOException;
import java.util.TreeSet;

/**
 * Acknowledges the deliveries of one channel, many at a time where it can: what is done up to the
 * oldest one that runs still is told in one word. So that a slow job does not hold up all others,
 * no more than half of what the channel may hold is kept back behind it.
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
    var before = running.isEmpty() ? done : done.headSet(running.first());
    // While the oldest runs, its followers gather; without one, each is told at once.
    if (!before.isEmpty()) {
      channel.basicAck(before.last(), true);
      before.clear();
    }
    while (done.size() > mayHoldBack) {
      channel.basicAck(done.pollFirst(), false);
    }
  }

  synchronized void givenBack(long tag) throws IOException {
    running.remove(tag);
    channel.basicNack(tag, false, true);
  }

  synchronized boolean isIdle() {
    return running.isEmpty();
  }
}
