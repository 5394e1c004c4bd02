package dev.behalf.worker.report;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.springframework.amqp.AmqpException;
import org.springframework.amqp.core.Message;
import org.springframework.amqp.rabbit.connection.CorrelationData;
import org.springframework.amqp.rabbit.core.RabbitTemplate;
import org.springframework.stereotype.Component;

/** Publishes one message and returns when the broker has confirmed that it is in a queue. */
@Component
class ConfirmedPublisher {

  private static final int SECONDS_TO_WAIT = 10;

  private final RabbitTemplate broker;

  ConfirmedPublisher(RabbitTemplate broker) {
    this.broker = broker;
  }

  /**
   * Publishes a message as mandatory and waits for the broker's confirm.
   *
   * @throws AmqpException if the broker rejects or returns the message, or does not confirm it in
   *     time
   */
  void publish(String exchange, String routingKey, Message message) {
    var correlation = new CorrelationData();
    broker.send(exchange, routingKey, message, correlation);
    if (!isConfirmed(correlation)) {
      throw new AmqpException("The broker did not take the message.");
    }
  }

  private static boolean isConfirmed(CorrelationData correlation) {
    try {
      return correlation.getFuture().get(SECONDS_TO_WAIT, TimeUnit.SECONDS).ack()
          && correlation.getReturned() == null;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    } catch (ExecutionException | TimeoutException e) {
      return false;
    }
  }
}
