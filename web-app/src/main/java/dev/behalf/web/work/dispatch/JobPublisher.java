package dev.behalf.web.work.dispatch;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.ReturnListener;
import dev.behalf.contract.JobMessage;
import dev.behalf.contract.KeyRing;
import dev.behalf.contract.StrictJson;
import dev.behalf.start.WarmUp;
import dev.behalf.web.site.ServiceSecrets;
import dev.behalf.web.work.dispatch.FairQueue.DispatchedJob;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeoutException;
import org.springframework.amqp.rabbit.core.RabbitTemplate;
import org.springframework.stereotype.Component;

/** Publishes signed job messages and reports which jobs the broker did not accept. */
@Component
class JobPublisher implements WarmUp {

  private static final int PERSISTENT = 2;
  private static final long MILLIS_TO_WAIT = 10_000;

  /** A routing key for which there is no queue. */
  private static final String NOWHERE = "";

  private final RabbitTemplate broker;
  private final KeyRing secrets;

  JobPublisher(RabbitTemplate broker, ServiceSecrets secrets) {
    this.broker = broker;
    this.secrets = KeyRing.parse(secrets.messages());
  }

  /**
   * Publishes all jobs on one channel, waits once for all confirms and returns the jobs to queue
   * again: those that the broker returned as unroutable. If the broker refused one, or did not
   * confirm all within 10 s, the confirms do not say which, so all are queued again; a job that the
   * broker did accept is still computed and charged only once.
   *
   * @param meanwhile runs while the broker stores the messages
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
                  send(channel, turn, turn.message().environment().wire(), true);
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

  /** Publishes a message for which there is no queue: the broker confirms and drops it. */
  @Override
  public void warmUp() {
    var turn = new DispatchedJob(JobMessage.ofNobody(), null, 0, 1);
    broker.execute(
        channel -> {
          send(channel, turn, NOWHERE, false);
          return channel.waitForConfirms(MILLIS_TO_WAIT);
        });
  }

  private void send(Channel channel, DispatchedJob turn, String routingKey, boolean mandatory)
      throws IOException {
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
    channel.basicPublish(JobMessage.EXCHANGE, routingKey, mandatory, properties, body);
  }
}
