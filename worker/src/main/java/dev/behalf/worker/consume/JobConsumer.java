package dev.behalf.worker.consume;

import com.rabbitmq.client.Channel;
import dev.behalf.contract.JobMessage;
import dev.behalf.worker.compute.ComputeClient;
import dev.behalf.worker.report.DeadLetters;
import dev.behalf.worker.report.OutcomePublisher;
import dev.behalf.worker.secrets.SecretLookup;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;
import org.slf4j.MDC;
import org.springframework.amqp.core.Message;
import org.springframework.amqp.rabbit.annotation.RabbitListener;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.stereotype.Component;

/**
 * Takes a message and acknowledges it only when the broker has confirmed what is to be said about
 * it: the outcome, or a dead letter. A crash before that means another delivery, and compute-server
 * computes and charges a job once.
 */
@Component
class JobConsumer {

  private final MessageReader reader;
  private final SecretLookup secrets;
  private final ComputeClient compute;
  private final OutcomePublisher outcomes;
  private final DeadLetters deadLetters;
  private final ApplicationEventPublisher events;
  private final InstantSource clock;

  JobConsumer(
      MessageReader reader,
      SecretLookup secrets,
      ComputeClient compute,
      OutcomePublisher outcomes,
      DeadLetters deadLetters,
      ApplicationEventPublisher events,
      InstantSource clock) {
    this.reader = reader;
    this.secrets = secrets;
    this.compute = compute;
    this.outcomes = outcomes;
    this.deadLetters = deadLetters;
    this.events = events;
    this.clock = clock;
  }

  @RabbitListener(queues = JobMessage.LIVE_QUEUE, concurrency = "${behalf.concurrency.live}")
  void live(Message message, Channel channel) throws IOException, InterruptedException {
    take(message, channel);
  }

  @RabbitListener(queues = JobMessage.TEST_QUEUE, concurrency = "${behalf.concurrency.test}")
  void test(Message message, Channel channel) throws IOException, InterruptedException {
    take(message, channel);
  }

  private void take(Message message, Channel channel) throws IOException, InterruptedException {
    var tag = message.getMessageProperties().getDeliveryTag();
    try {
      switch (reader.read(message)) {
        case MessageReader.Job job -> run(job.message());
        case MessageReader.Rejected rejected -> reject(message, rejected.reason());
      }
      channel.basicAck(tag, false);
    } catch (RuntimeException failed) {
      events.publishEvent(new WorkerEvent.GivenBack(failed.getClass().getSimpleName()));
      // What fails now, mostly a broker that takes nothing, would fail again at once.
      TimeUnit.SECONDS.sleep(1);
      channel.basicNack(tag, false, true);
    }
  }

  private void run(JobMessage job) {
    try (var jobId = MDC.putCloseable("job_id", job.jobId().toString());
        var userId = MDC.putCloseable("user_id", job.userId().toString());
        var environment = MDC.putCloseable("environment", job.environment().wire())) {
      var start = clock.instant();
      var outcome = new JobRun(job, secrets, compute, clock).outcome();
      outcomes.publish(outcome);
      events.publishEvent(
          new WorkerEvent.Finished(outcome, Duration.between(start, clock.instant())));
    }
  }

  private void reject(Message message, String reason) {
    deadLetters.publish(message, reason);
    events.publishEvent(new WorkerEvent.Rejected(reason));
  }
}
