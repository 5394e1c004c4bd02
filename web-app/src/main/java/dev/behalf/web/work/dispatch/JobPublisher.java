package dev.behalf.web.work.dispatch;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.ReturnListener;
import dev.behalf.contract.JobMessage;
import dev.behalf.contract.KeyRing;
import dev.behalf.contract.StrictJson;
import dev.behalf.web.site.ServiceSecrets;
import dev.behalf.web.work.dispatch.FairQueue.DispatchedJob;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeoutException;
import org.springframework.amqp.rabbit.core.RabbitTemplate;
import org.springframework.stereotype.Component;

/** Publishes jobs, signed, and tells which of them the broker has safe in a queue. */
@Component
class JobPublisher {

  private static final int PERSISTENT = 2;
  private static final long MILLIS_TO_WAIT = 10_000;

  private final RabbitTemplate broker;
  private final KeyRing secrets;

  JobPublisher(RabbitTemplate broker, ServiceSecrets secrets) {
    this.broker = broker;
    this.secrets = KeyRing.parse(secrets.messages());
  }

  /**
   * All on one channel, and one wait for all. Those that were returned come back; where the broker
   * has refused one, or did not confirm all in time, it is not asked which: all come back, and
   * those that were taken all the same are computed and charged once.
   *
   * @param meanwhile is done while the broker writes them down
   */
  List<DispatchedJob> publish(List<DispatchedJob> dispatched, Runnable meanwhile) {
    var returned = ConcurrentHashMap.<String>newKeySet();
    ReturnListener onReturn =
        (code, text, exchange, key, properties, body) -> returned.add(properties.getMessageId());
    var confirmed =
        broker.execute(
            channel -> {
              channel.addReturnListener(onReturn);
              try {
                for (var turn : dispatched) {
                  send(channel, turn);
                }
                meanwhile.run();
                return channel.waitForConfirms(MILLIS_TO_WAIT);
              } catch (TimeoutException late) {
                return false;
              } finally {
                channel.removeReturnListener(onReturn);
              }
            });
    return Boolean.TRUE.equals(confirmed)
        ? dispatched.stream()
            .filter(turn -> returned.contains(turn.message().jobId().toString()))
            .toList()
        : dispatched;
  }

  private void send(Channel channel, DispatchedJob turn) throws IOException {
    var message = turn.message();
    var body = StrictJson.write(message);
    var headers = new HashMap<String, Object>();
    headers.put(JobMessage.SIGNATURE, secrets.seal(body));
    if (turn.traceparent() != null) {
      headers.put("traceparent", turn.traceparent());
    }
    var properties =
        new AMQP.BasicProperties.Builder()
            .contentType("application/json")
            .messageId(message.jobId().toString())
            .deliveryMode(PERSISTENT)
            .headers(headers)
            .build();
    channel.basicPublish(JobMessage.EXCHANGE, message.environment().wire(), true, properties, body);
  }
}
