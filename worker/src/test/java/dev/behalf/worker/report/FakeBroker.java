package dev.behalf.worker.report;

import dev.behalf.worker.MessageSecrets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.springframework.amqp.core.Message;
import org.springframework.amqp.core.ReturnedMessage;
import org.springframework.amqp.rabbit.connection.CorrelationData;
import org.springframework.amqp.rabbit.core.RabbitTemplate;

/** A broker that keeps the published messages and confirms each as the test says. */
public final class FakeBroker extends RabbitTemplate {

  /** A message as it was published. */
  public record Sent(String exchange, String routingKey, Message message) {}

  public final List<Sent> sent = new CopyOnWriteArrayList<>();
  private volatile Consumer<CorrelationData> confirms = FakeBroker::accept;

  /** Sets how the broker answers each later message: with one of the methods below. */
  public FakeBroker answers(Consumer<CorrelationData> confirm) {
    confirms = confirm;
    return this;
  }

  public static void accept(CorrelationData message) {
    message.getFuture().complete(new CorrelationData.Confirm(true, null));
  }

  public static void reject(CorrelationData message) {
    message.getFuture().complete(new CorrelationData.Confirm(false, "full"));
  }

  /** Returns the message, as no queue is bound, and then confirms it, as RabbitMQ does. */
  static void bounce(CorrelationData message) {
    message.setReturned(new ReturnedMessage(new Message(new byte[0]), 312, "NO_ROUTE", "", ""));
    accept(message);
  }

  static void neverAnswer(CorrelationData message) {}

  public OutcomePublisher outcomes(MessageSecrets secrets) {
    return new OutcomePublisher(new ConfirmedPublisher(this), secrets);
  }

  public DeadLetters deadLetters() {
    return new DeadLetters(new ConfirmedPublisher(this));
  }

  @Override
  public void send(
      @Nullable String exchange,
      @Nullable String routingKey,
      Message message,
      @Nullable CorrelationData correlation) {
    sent.add(new Sent(String.valueOf(exchange), String.valueOf(routingKey), message));
    if (correlation != null) {
      confirms.accept(correlation);
    }
  }
}
