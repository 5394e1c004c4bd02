package dev.behalf.web.webhooks;

import dev.behalf.server.background.BackgroundLoop;
import dev.behalf.server.problem.Problems;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/**
 * Leases deliveries as they fall due and makes their attempts, up to a limit at a time. Any number
 * of replicas may run. On shutdown, the dispatcher leases nothing more and lets attempts in flight
 * finish; an unfinished attempt is repeated after its lease.
 */
@Component
class DeliveryDispatcher implements SmartLifecycle {

  private static final Duration POLL = Duration.ofSeconds(1);

  /** The pause between rounds (20 ms), so that under load one query leases more deliveries. */
  private static final long REST_NANOS = 20_000_000;

  private final DueDeliveries due;
  private final EndpointSecrets secrets;
  private final Sender sender;
  private final Attempts attempts;
  private final EndpointPresence presence;
  private final ApplicationEventPublisher events;
  private final WebhooksSettings settings;
  private final Semaphore places;
  private final BackgroundLoop loop = new BackgroundLoop("webhook-deliveries", this::turn);

  DeliveryDispatcher(
      DueDeliveries due,
      EndpointSecrets secrets,
      Sender sender,
      Attempts attempts,
      EndpointPresence presence,
      ApplicationEventPublisher events,
      WebhooksSettings settings) {
    this.due = due;
    this.secrets = secrets;
    this.sender = sender;
    this.attempts = attempts;
    this.presence = presence;
    this.events = events;
    this.settings = settings;
    this.places = new Semaphore(settings.atOnce());
  }

  /** Starts the next round at once, without waiting for the poll. */
  void wake() {
    loop.wake();
  }

  /** Wakes the dispatcher after the commit; before it, other connections see no deliveries. */
  void wakeAfterCommit() {
    loop.wakeAfterCommit();
  }

  @Override
  public void start() {
    loop.start();
  }

  @Override
  public void stop() {
    loop.stop(settings.timeout());
    try {
      // Once all slots are free, all attempts have ended.
      var all = settings.atOnce();
      if (places.tryAcquire(all, settings.timeout().toMillis(), TimeUnit.MILLISECONDS)) {
        places.release(all);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Stops in parallel with other components, since stopping may take as long as an attempt. */
  @Override
  public void stop(Runnable done) {
    Thread.ofVirtual()
        .start(
            () -> {
              stop();
              done.run();
            });
  }

  @Override
  public boolean isRunning() {
    return loop.isRunning();
  }

  private void turn() {
    try {
      if (!presence.isSomebody() || round() == 0) {
        loop.isWokenWithin(POLL);
      } else {
        LockSupport.parkNanos(REST_NANOS);
      }
    } catch (RuntimeException failed) {
      disturbed(failed);
      loop.isWokenWithin(POLL);
    }
  }

  /** Returns the number of attempts started. */
  private int round() {
    int room = places.availablePermits();
    var taken = room == 0 ? List.<DueDelivery>of() : due.take(room);
    for (var one : taken) {
      places.acquireUninterruptibly();
      Thread.ofVirtual().name("webhook").start(() -> attempt(one));
    }
    return taken.size();
  }

  private void attempt(DueDelivery one) {
    try {
      attempts.record(one, answer(one));
    } catch (RuntimeException failed) {
      // The lease ends, and the delivery is sent again.
      disturbed(failed);
    } finally {
      places.release();
      wake();
    }
  }

  /**
   * Sends a delivery. One that cannot be sent counts as a failed attempt: left to its lease, it
   * would be retried forever.
   */
  private AttemptResult answer(DueDelivery one) {
    try {
      return sender.send(one, secrets.open(one));
    } catch (RuntimeException failed) {
      if (Problems.isTransient(failed)) {
        throw failed;
      }
      disturbed(failed);
      return sender.notSent();
    }
  }

  /** Reports only the exception's class: a database message about a row could quote a body. */
  private void disturbed(RuntimeException failed) {
    events.publishEvent(new WebhookEvent.Disturbed(failed.getClass().getSimpleName()));
  }
}
