package dev.behalf.worker.consume;

import com.rabbitmq.client.ShutdownSignalException;
import dev.behalf.contract.JobMessage;
import dev.behalf.worker.compute.ComputeClient;
import dev.behalf.worker.report.DeadLetters;
import dev.behalf.worker.report.InFlightJobs;
import dev.behalf.worker.report.OutcomePublisher;
import dev.behalf.worker.secrets.SecretLookup;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;
import org.slf4j.MDC;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.stereotype.Component;

/**
 * Handles a message, and acknowledges it only after the broker has confirmed the outcome or the
 * dead letter. After an earlier crash the broker redelivers the message, and compute-server
 * computes and charges a job only once.
 */
@Component
class JobConsumer {

  private final MessageReader reader;
  private final Traces traces;
  private final SecretLookup secrets;
  private final ComputeClient compute;
  private final OutcomePublisher outcomes;
  private final DeadLetters deadLetters;
  private final InFlightJobs inFlight;
  private final ApplicationEventPublisher events;
  private final InstantSource clock;

  JobConsumer(
      MessageReader reader,
      Traces traces,
      SecretLookup secrets,
      ComputeClient compute,
      OutcomePublisher outcomes,
      DeadLetters deadLetters,
      InFlightJobs inFlight,
      ApplicationEventPublisher events,
      InstantSource clock) {
    this.reader = reader;
    this.traces = traces;
    this.secrets = secrets;
    this.compute = compute;
    this.outcomes = outcomes;
    this.deadLetters = deadLetters;
    this.inFlight = inFlight;
    this.events = events;
    this.clock = clock;
  }

  @SuppressWarnings("IllegalCatch") // an exception here would leave the message unacknowledged
  void take(Delivery delivery) {
    var taken = clock.instant();
    var answered = false;
    inFlight.take();
    try {
      switch (reader.read(delivery)) {
        case MessageReader.Job job -> traces.follow(delivery, () -> run(job.message(), taken));
        case MessageReader.Rejected rejected -> reject(delivery, rejected);
      }
      answered = true;
      delivery.acknowledgements().done(delivery.tag());
    } catch (Exception failed) {
      giveBack(delivery, failed);
    } finally {
      inFlight.leave(answered);
    }
  }

  private void run(JobMessage job, Instant taken) {
    try (var jobId = MDC.putCloseable("job_id", job.jobId().toString());
        var userId = MDC.putCloseable("user_id", job.userId().toString());
        var environment = MDC.putCloseable("environment", job.environment().wire())) {
      var outcome = new JobRun(job, secrets, compute, clock).outcome(taken);
      outcomes.publish(outcome).join();
      events.publishEvent(
          new WorkerEvent.Finished(outcome, Duration.between(taken, clock.instant())));
    }
  }

  /**
   * Also ends the job that the message names: if only its lease expired, web-app would send the
   * same message forever.
   */
  private void reject(Delivery delivery, MessageReader.Rejected rejected) {
    deadLetters.publish(delivery.body(), rejected.reason().wire());
    if (rejected.outcome() != null) {
      outcomes.publish(rejected.outcome()).join();
    }
    events.publishEvent(new WorkerEvent.Rejected(rejected.reason().wire()));
  }

  private void giveBack(Delivery delivery, Exception failed) {
    events.publishEvent(new WorkerEvent.Requeued(failed.getClass().getSimpleName()));
    try {
      // The cause, usually a broker that accepts nothing, would make an immediate retry fail too.
      TimeUnit.SECONDS.sleep(1);
      delivery.acknowledgements().givenBack(delivery.tag());
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    } catch (IOException | ShutdownSignalException channelIsClosed) {
      // The broker redelivers the messages of a closed channel.
    }
  }
}
