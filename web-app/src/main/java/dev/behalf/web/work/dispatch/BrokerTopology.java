package dev.behalf.web.work.dispatch;

import dev.behalf.contract.Environment;
import dev.behalf.contract.JobMessage;
import dev.behalf.contract.JobOutcome;
import org.springframework.amqp.core.BindingBuilder;
import org.springframework.amqp.core.Declarables;
import org.springframework.amqp.core.DirectExchange;
import org.springframework.amqp.core.Queue;
import org.springframework.amqp.core.QueueBuilder;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Exchanges and queues of the broker. web-app declares them, and again if one was deleted. */
@Configuration(proxyBeanMethods = false)
class BrokerTopology {

  @Bean
  Declarables topology() {
    var jobs = new DirectExchange(JobMessage.EXCHANGE);
    var outcomes = new DirectExchange(JobOutcome.EXCHANGE);
    var live = queue(JobMessage.LIVE_QUEUE);
    var test = queue(JobMessage.TEST_QUEUE);
    var settled = queue(JobOutcome.QUEUE);
    return new Declarables(
        jobs,
        outcomes,
        QueueBuilder.durable(JobMessage.DEAD_QUEUE).quorum().build(),
        live,
        test,
        settled,
        BindingBuilder.bind(live).to(jobs).with(Environment.LIVE.wire()),
        BindingBuilder.bind(test).to(jobs).with(Environment.TEST.wire()),
        BindingBuilder.bind(settled).to(outcomes).with(JobOutcome.QUEUE));
  }

  /**
   * Returns a quorum queue. A message that exceeds RabbitMQ's delivery limit becomes a dead letter,
   * at least once. This is a backstop: workers publish dead letters themselves.
   */
  private static Queue queue(String name) {
    return QueueBuilder.durable(name)
        .quorum()
        .deadLetterExchange("")
        .deadLetterRoutingKey(JobMessage.DEAD_QUEUE)
        .withArgument("x-dead-letter-strategy", "at-least-once")
        .overflow(QueueBuilder.Overflow.rejectPublish)
        .build();
  }
}
