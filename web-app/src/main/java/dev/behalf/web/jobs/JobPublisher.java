package dev.behalf.web.jobs;

import dev.behalf.contract.JobMessage;
import dev.behalf.contract.KeyRing;
import dev.behalf.contract.StrictJson;
import dev.behalf.web.Secrets;
import dev.behalf.web.jobs.Turns.Turn;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.springframework.amqp.core.Message;
import org.springframework.amqp.core.MessageBuilder;
import org.springframework.amqp.core.MessageDeliveryMode;
import org.springframework.amqp.rabbit.connection.CorrelationData;
import org.springframework.amqp.rabbit.core.RabbitTemplate;
import org.springframework.stereotype.Component;

/** Publishes jobs, signed, and tells which of them the broker has safe in a queue. */
@Component
class JobPublisher {

  private static final long SECONDS_TO_WAIT = 10;

  private final RabbitTemplate broker;
  private final KeyRing secrets;

  JobPublisher(RabbitTemplate broker, Secrets secrets) {
    this.broker = broker;
    this.secrets = KeyRing.parse(secrets.messages());
  }

  /** All on one channel; those that were returned, refused or not confirmed in time come back. */
  List<Turn> publish(List<Turn> turns) {
    var pending = new LinkedHashMap<Turn, CorrelationData>();
    broker.invoke(
        channel -> {
          for (var turn : turns) {
            var correlation = new CorrelationData(turn.message().jobId().toString());
            pending.put(turn, correlation);
            broker.send(
                JobMessage.EXCHANGE,
                turn.message().environment().wire(),
                message(turn),
                correlation);
          }
          return null;
        });
    return unconfirmed(pending);
  }

  private Message message(Turn turn) {
    var body = StrictJson.write(turn.message());
    var message =
        MessageBuilder.withBody(body)
            .setContentType("application/json")
            .setMessageId(turn.message().jobId().toString())
            .setHeader(JobMessage.SIGNATURE, secrets.seal(body))
            .setDeliveryMode(MessageDeliveryMode.PERSISTENT)
            .build();
    if (turn.traceparent() != null) {
      message.getMessageProperties().setHeader("traceparent", turn.traceparent());
    }
    return message;
  }

  private static List<Turn> unconfirmed(Map<Turn, CorrelationData> pending) {
    var deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS_TO_WAIT);
    var unconfirmed = new ArrayList<Turn>();
    pending.forEach(
        (turn, correlation) -> {
          if (!isConfirmed(correlation, deadline - System.nanoTime())) {
            unconfirmed.add(turn);
          }
        });
    return unconfirmed;
  }

  private static boolean isConfirmed(CorrelationData correlation, long nanos) {
    try {
      return correlation.getFuture().get(Math.max(0, nanos), TimeUnit.NANOSECONDS).ack()
          && correlation.getReturned() == null;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    } catch (ExecutionException | TimeoutException e) {
      return false;
    }
  }
}
