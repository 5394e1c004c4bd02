package dev.behalf.web.work.dispatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.behalf.contract.Environment;
import dev.behalf.contract.JobMessage;
import java.lang.reflect.Proxy;
import org.junit.jupiter.api.Test;
import org.springframework.amqp.core.AmqpAdmin;
import org.springframework.amqp.core.QueueInformation;

class WaitingMessagesTest {

  private int asked;
  private int atBroker;
  private final WaitingMessages waiting = new WaitingMessages(broker(), 10);

  @Test
  void while_few_wait_what_was_sent_is_counted_without_asking() {
    atBroker = 3;
    waiting.count(Environment.LIVE);
    waiting.add(Environment.LIVE, 4);

    assertThat(waiting.count(Environment.LIVE)).isEqualTo(7);
    assertThat(asked).isEqualTo(1);
  }

  @Test
  void more_than_few_are_counted_by_the_broker_each_time() {
    waiting.count(Environment.LIVE);
    waiting.add(Environment.LIVE, 11);
    atBroker = 20;

    assertThat(waiting.count(Environment.LIVE)).isEqualTo(20);
    atBroker = 12;
    assertThat(waiting.count(Environment.LIVE)).isEqualTo(12);
  }

  @Test
  void what_others_send_is_found_out_soon() {
    waiting.count(Environment.LIVE);
    atBroker = 9;

    await().until(() -> waiting.count(Environment.LIVE) == 9);
  }

  @Test
  void each_environment_has_a_queue_of_its_own() {
    waiting.count(Environment.LIVE);
    waiting.add(Environment.LIVE, 4);

    assertThat(waiting.count(Environment.TEST)).isEqualTo(0);
  }

  /** A broker of which only the number of messages is asked. */
  private AmqpAdmin broker() {
    return (AmqpAdmin)
        Proxy.newProxyInstance(
            AmqpAdmin.class.getClassLoader(),
            new Class<?>[] {AmqpAdmin.class},
            (proxy, method, arguments) -> {
              assertThat(method.getName()).isEqualTo("getQueueInfo");
              assertThat((String) arguments[0]).isIn(JobMessage.LIVE_QUEUE, JobMessage.TEST_QUEUE);
              asked++;
              return new QueueInformation((String) arguments[0], atBroker, 1);
            });
  }
}
