package dev.behalf.web.webhooks;

import dev.behalf.server.problem.Problems;
import dev.behalf.web.site.BackgroundLoop;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * Takes deliveries as they fall due and makes their attempts, so many at once. Any number of
 * replicas may run. When it stops, it takes nothing more and lets the attempts end that are under
 * way; what does not come to its end is made again after its lease.
 */
@Component
class DeliveryDispatcher implements SmartLifecycle {

  private static final Duration POLL = Duration.ofSeconds(1);

  /** The busier it is, the more is taken at once. */
  private static final long REST_NANOS = 20_000_000;

  private final DueDeliveries due;
  private final EndpointSecrets secrets;
  private final Sender sender;
  private final Attempts attempts;
  private final EndpointPresence presence;
  private final ApplicationEventPublisher events;
  private final WebhooksSettings settings;
  private final Semaphore places;
  private final BackgroundLoop loop = new BackgroundLoop("courier", this::turn);

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

  /** There is something to send: it need not wait until somebody looks. */
  void wake() {
    loop.wake();
  }

  /** Nothing is to be seen before the transaction is committed. */
  void wakeAfterCommit() {
    TransactionSynchronizationManager.registerSynchronization(
        new TransactionSynchronization() {
          @Override
          public void afterCommit() {
            wake();
          }
        });
  }

  @Override
  public void start() {
    loop.start();
  }

  @Override
  public void stop() {
    loop.stop(settings.timeout());
    try {
      // All places free: all attempts have ended.
      var all = settings.atOnce();
      if (places.tryAcquire(all, settings.timeout().toMillis(), TimeUnit.MILLISECONDS)) {
        places.release(all);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Beside the others that stop: it may take as long as an attempt. */
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

  /** How many attempts it has begun. */
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
      // Its lease ends, and it is sent once more.
      disturbed(failed);
    } finally {
      places.release();
      wake();
    }
  }

  /**
   * What cannot be sent is a failed attempt like any other: by its lease it would come for ever.
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

  /** By its kind: what a database says of a row could be a body. */
  private void disturbed(RuntimeException failed) {
    events.publishEvent(new WebhookEvent.Disturbed(failed.getClass().getSimpleName()));
  }
}
