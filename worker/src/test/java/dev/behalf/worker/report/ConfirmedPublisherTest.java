package dev.behalf.worker.report;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.behalf.contract.JobMessage;
import java.net.ConnectException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.amqp.AmqpConnectException;
import org.springframework.amqp.AmqpException;
import org.springframework.amqp.core.Message;
import org.springframework.amqp.core.MessageDeliveryMode;

class ConfirmedPublisherTest {

  private static final Message MESSAGE = new Message("hi".getBytes(UTF_8));

  private final FakeBroker broker = new FakeBroker();
  private final ConfirmedPublisher publisher = new ConfirmedPublisher(broker);

  @AfterEach
  void leaveNoInterrupt() {
    Thread.interrupted();
  }

  @Test
  void a_confirmed_message_is_published() {
    assertThatCode(this::publish).doesNotThrowAnyException();
    assertThat(broker.sent).containsExactly(new FakeBroker.Sent("exchange", "key", MESSAGE));
  }

  @Test
  void a_rejected_message_is_not_published() {
    broker.answers(FakeBroker::reject);

    assertThatExceptionOfType(AmqpException.class).isThrownBy(this::publish);
  }

  /** RabbitMQ confirms also a message that it returns, because no queue took it. */
  @Test
  void a_message_that_reached_no_queue_is_not_published_although_it_is_confirmed() {
    broker.answers(FakeBroker::bounce);

    assertThatExceptionOfType(AmqpException.class).isThrownBy(this::publish);
  }

  @Test
  void a_message_whose_confirm_is_lost_with_its_channel_is_not_published() {
    broker.answers(
        message -> message.getFuture().completeExceptionally(new IllegalStateException("closed")));

    assertThatExceptionOfType(AmqpException.class).isThrownBy(this::publish);
  }

  @Test
  void an_unreachable_broker_is_told_as_it_is() {
    broker.answers(
        message -> {
          throw new AmqpConnectException(new ConnectException("away"));
        });

    assertThatExceptionOfType(AmqpConnectException.class).isThrownBy(this::publish);
  }

  @Test
  void an_interrupt_ends_the_wait_for_the_confirm_and_is_kept() {
    broker.answers(FakeBroker::neverAnswer);
    Thread.currentThread().interrupt();

    assertThatExceptionOfType(AmqpException.class).isThrownBy(this::publish);
    assertThat(Thread.currentThread().isInterrupted()).isTrue();
  }

  @Test
  void a_dead_letter_is_unchanged_and_survives_a_restart_of_the_broker() {
    var body = "{broken".getBytes(UTF_8);
    broker.deadLetters().publish(body, "unreadable");

    var sent = broker.sent.getFirst();
    assertThat(sent.exchange()).isEmpty();
    assertThat(sent.routingKey()).isEqualTo(JobMessage.DEAD_QUEUE);
    assertThat(sent.message().getBody()).isEqualTo(body);
    assertThat(sent.message().getMessageProperties().getDeliveryMode())
        .isEqualTo(MessageDeliveryMode.PERSISTENT);
    assertThat(sent.message().getMessageProperties().getHeaders())
        .containsEntry(JobMessage.REASON, "unreadable");
  }

  @Test
  void a_dead_letter_that_the_broker_rejects_is_an_error() {
    broker.answers(FakeBroker::reject);

    assertThatExceptionOfType(AmqpException.class)
        .isThrownBy(() -> broker.deadLetters().publish(new byte[0], "unsigned"));
  }

  private void publish() {
    publisher.publish("exchange", "key", MESSAGE);
  }
}
