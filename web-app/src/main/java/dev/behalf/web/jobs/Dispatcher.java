package dev.behalf.web.jobs;

import dev.behalf.contract.Environment;
import dev.behalf.signals.Signals;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.springframework.amqp.core.AmqpAdmin;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Moves jobs from the table to the broker, in turn over the users, and no more than the window
 * holds. A round marks and publishes in one transaction: after a crash between the two a job is
 * published again, which costs nothing because it is computed and charged once. Any number of
 * replicas may run.
 */
@Component
class Dispatcher implements SmartLifecycle, Signals.Listener {

  private static final int POLL_MILLIS = 500;
  private static final int AT_ONCE = 500;

  /** While more than three quarters of the window are out, nobody is short of work. */
  private static final int WORTH_A_ROUND = 4;

  private static final Duration PAUSE = Duration.ofSeconds(1);

  private final Turns turns;
  private final JobPublisher publisher;
  private final AmqpAdmin broker;
  private final TransactionTemplate transaction;
  private final JobsSettings settings;
  private final ApplicationEventPublisher events;
  private final Semaphore work = new Semaphore(0);
  private volatile @Nullable Thread thread;

  Dispatcher(
      Turns turns,
      JobPublisher publisher,
      AmqpAdmin broker,
      TransactionTemplate transaction,
      JobsSettings settings,
      ApplicationEventPublisher events,
      Signals signals) {
    this.turns = turns;
    this.publisher = publisher;
    this.broker = broker;
    this.transaction = transaction;
    this.settings = settings;
    this.events = events;
    signals.listen(Jobs.QUEUED, this);
  }

  /** A job was stored, or there is room again: it need not wait until somebody looks. */
  void wake() {
    if (work.availablePermits() == 0) {
      work.release();
    }
  }

  @EventListener
  void on(JobEvent event) {
    switch (event) {
      case JobEvent.Submitted e -> wake();
      case JobEvent.BatchSettled e -> wake();
      case JobEvent.Cancelled e -> wake();
      default -> {}
    }
  }

  @Override
  public void heard(String word) {
    wake();
  }

  @Override
  public void resumed() {
    wake();
  }

  @Override
  public void start() {
    // Known before it runs: it goes on for as long as it is.
    var starting = Thread.ofPlatform().name("dispatcher").unstarted(this::run);
    thread = starting;
    starting.start();
  }

  /** Lets the round end that is under way. */
  @Override
  public void stop() {
    var running = thread;
    thread = null;
    if (running != null) {
      wake();
      try {
        running.join(Duration.ofSeconds(15));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  @Override
  public boolean isRunning() {
    return thread != null;
  }

  private void run() {
    while (isRunning()) {
      try {
        if (round(Environment.LIVE) + round(Environment.TEST) == 0) {
          waitForWork(POLL_MILLIS);
        }
      } catch (RuntimeException failed) {
        events.publishEvent(new JobEvent.DispatchFailed(String.valueOf(failed.getMessage())));
        waitForWork(PAUSE.toMillis());
      }
    }
  }

  /** How many the broker has taken. */
  private int round(Environment environment) {
    var round = Objects.requireNonNull(transaction.execute(status -> send(environment)));
    if (round.sent() + round.refused() > 0) {
      events.publishEvent(round);
    }
    if (round.refused() > 0) {
      // A queue may have been deleted by hand.
      broker.initialize();
    }
    return round.sent();
  }

  private JobEvent.Dispatched send(Environment environment) {
    var room = Math.min(AT_ONCE, settings.window() - turns.out(environment));
    if (room < Math.max(1, settings.window() / WORTH_A_ROUND)) {
      return new JobEvent.Dispatched(environment, 0, 0);
    }
    var taken = turns.take(environment, room, settings.perUser(), settings.lease());
    var refused = taken.isEmpty() ? taken : publisher.publish(taken);
    turns.giveBack(refused, PAUSE);
    return new JobEvent.Dispatched(environment, taken.size() - refused.size(), refused.size());
  }

  private void waitForWork(long millis) {
    try {
      if (work.tryAcquire(millis, TimeUnit.MILLISECONDS)) {
        work.drainPermits();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      thread = null;
    }
  }
}
