package dev.behalf.web.operators.console;

import dev.behalf.contract.Environment;
import dev.behalf.contract.JobMessage;
import dev.behalf.contract.JobOutcome;
import dev.behalf.web.site.security.Caller;
import dev.behalf.web.work.dispatch.Pauses;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/** The queues of both environments, in the table and at the broker, and their pauses. */
@Component
class Queues {

  private final QueueMetrics figures;
  private final Broker broker;
  private final Pauses pauses;
  private final OperatorAudit log;

  Queues(QueueMetrics figures, Broker broker, Pauses pauses, OperatorAudit log) {
    this.figures = figures;
    this.broker = broker;
    this.pauses = pauses;
    this.log = log;
  }

  /**
   * One queue.
   *
   * @param atBroker the queue at the broker; null if the broker is unreachable
   * @param pause the pause of the whole queue; null if there is none
   */
  record Queue(
      QueueMetrics.Of figures, Broker.@Nullable Queue atBroker, Pauses.@Nullable Pause pause) {

    public Environment environment() {
      return figures.environment();
    }
  }

  List<Queue> list() {
    var paused = pauses();
    return figures.read().stream()
        .map(
            of ->
                new Queue(
                    of,
                    broker.queue(JobMessage.queue(of.environment())),
                    paused.stream()
                        .filter(p -> p.userId() == null && p.environment() == of.environment())
                        .findFirst()
                        .orElse(null)))
        .toList();
  }

  /** Returns the queues that carry no jobs: outcomes and dead letters. */
  List<Broker.Queue> others() {
    return Stream.of(JobOutcome.QUEUE, JobMessage.DEAD_QUEUE)
        .map(broker::queue)
        .filter(Objects::nonNull)
        .toList();
  }

  /** Returns the operators' pauses of queues and of users' jobs. */
  List<Pauses.Pause> pauses() {
    return pauses.list(Pauses.By.OPERATOR, null);
  }

  @Transactional
  public void pause(Caller caller, Environment environment, @Nullable UUID userId) {
    pauses.pause(environment, userId, Pauses.By.OPERATOR);
    write(caller, "queue.paused", environment, userId);
  }

  @Transactional
  public void resume(Caller caller, Environment environment, @Nullable UUID userId) {
    if (pauses.resume(environment, userId, Pauses.By.OPERATOR)) {
      write(caller, "queue.resumed", environment, userId);
    }
  }

  private void write(Caller caller, String action, Environment environment, @Nullable UUID userId) {
    var details = Map.of("environment", environment.wire());
    if (userId == null) {
      log.write(caller, action, environment.wire(), details);
    } else {
      log.writeAbout(caller, userId, action, details);
    }
  }
}
