package dev.behalf.bench.peer;

import java.util.UUID;
import org.springframework.amqp.core.Queue;
import org.springframework.amqp.core.QueueBuilder;
import org.springframework.amqp.support.converter.JacksonJsonMessageConverter;
import org.springframework.context.annotation.Bean;

/** The queue between the web process and the workers. */
public final class Tasks {

  public static final String QUEUE = "peer";

  /** The message of a job. It names the job and its user, and carries no credential. */
  record Task(UUID id, UUID user) {}

  @Bean
  Queue queue() {
    return QueueBuilder.durable(QUEUE).quorum().build();
  }

  @Bean
  JacksonJsonMessageConverter json() {
    return new JacksonJsonMessageConverter();
  }
}
