package dev.behalf.worker.consume;

import dev.behalf.contract.JobMessage;
import dev.behalf.worker.WorkerSettings;
import java.time.Duration;
import java.util.List;
import org.springframework.amqp.rabbit.connection.ConnectionFactory;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/**
 * Subscribes to the live and the test queue separately: a flood of test jobs takes no slot from
 * live jobs.
 */
@Component
class QueueSubscriptions implements SmartLifecycle {

  /** The time to confirm the last outcomes after the last call has ended. */
  private static final Duration FOR_OUTCOMES = Duration.ofSeconds(5);

  private final WorkerSettings settings;
  private final ConnectionFactory connections;
  private final JobConsumer jobs;
  private final ApplicationEventPublisher events;
  private volatile List<QueueSubscription> subscriptions = List.of();

  QueueSubscriptions(
      WorkerSettings settings,
      ConnectionFactory connections,
      JobConsumer jobs,
      ApplicationEventPublisher events) {
    this.settings = settings;
    this.connections = connections;
    this.jobs = jobs;
    this.events = events;
  }

  @Override
  public void start() {
    subscriptions =
        List.of(
            intake(JobMessage.LIVE_QUEUE, settings.concurrency().live()),
            intake(JobMessage.TEST_QUEUE, settings.concurrency().test()));
  }

  private QueueSubscription intake(String queue, int atOnce) {
    return new QueueSubscription(
        queue, atOnce, settings.callTimeout().plus(FOR_OUTCOMES), connections, jobs, events);
  }

  /** Stops accepting jobs and waits for the running ones to finish. */
  @Override
  public void stop() {
    subscriptions.forEach(QueueSubscription::stop);
    try {
      for (var subscription : subscriptions) {
        subscription.awaitEnd();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    subscriptions = List.of();
  }

  @Override
  public boolean isRunning() {
    return !subscriptions.isEmpty();
  }
}
