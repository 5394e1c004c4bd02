package dev.behalf.worker.consume;

import com.rabbitmq.client.AMQP;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A message as the broker has delivered it. */
record Delivery(
    long tag, AMQP.BasicProperties properties, byte[] body, Acknowledgements acknowledgements) {

  /** A header that is a text, or nothing. */
  @Nullable String header(String name) {
    Map<String, Object> headers = properties.getHeaders();
    var value = headers == null ? null : headers.get(name);
    return value == null ? null : value.toString();
  }
}
