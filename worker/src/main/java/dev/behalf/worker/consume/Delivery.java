package dev.behalf.worker.consume;

import com.rabbitmq.client.AMQP;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A message as the broker delivered it. */
record Delivery(
    long tag, AMQP.BasicProperties properties, byte[] body, Acknowledgements acknowledgements) {

  /** Returns a header as text, or null if it is missing. */
  @Nullable String header(String name) {
    Map<String, Object> headers = properties.getHeaders();
    var value = headers == null ? null : headers.get(name);
    return value == null ? null : value.toString();
  }
}
