package dev.behalf.worker.consume;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.DefaultConsumer;
import com.rabbitmq.client.Envelope;
import com.rabbitmq.client.ShutdownSignalException;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.springframework.amqp.AmqpException;
import org.springframework.amqp.rabbit.connection.Connection;
import org.springframework.amqp.rabbit.connection.ConnectionFactory;
import org.springframework.amqp.rabbit.connection.RabbitUtils;
import org.springframework.context.ApplicationEventPublisher;

/**
 * A subscription to one queue: runs each job on its own virtual thread, at most as many at once as
 * the channel's prefetch, and subscribes again after the broker or the queue was unavailable.
 */
final class QueueSubscription {

  private static final Duration PAUSE = Duration.ofMillis(500);

  private final String queue;
  private final int atOnce;
  private final ConnectionFactory connections;
  private final JobConsumer jobs;
  private final ApplicationEventPublisher events;
  private final CountDownLatch stop = new CountDownLatch(1);
  private final Thread thread;
  private final Duration patience;

  /**
   * Starts the subscription.
   *
   * @param patience how long running jobs may take to finish when the subscription stops
   */
  QueueSubscription(
      String queue,
      int atOnce,
      Duration patience,
      ConnectionFactory connections,
      JobConsumer jobs,
      ApplicationEventPublisher events) {
    this.queue = queue;
    this.atOnce = atOnce;
    this.patience = patience;
    this.connections = connections;
    this.jobs = jobs;
    this.events = events;
    this.thread = Thread.ofPlatform().name("consumer-" + queue).start(this::run);
  }

  /** Stops accepting jobs; {@link #awaitEnd} waits for those already accepted. */
  void stop() {
    stop.countDown();
  }

  void awaitEnd() throws InterruptedException {
    thread.join(patience);
  }

  private void run() {
    var told = false;
    while (stop.getCount() > 0) {
      try {
        consume();
        told = false;
      } catch (IOException | AmqpException | ShutdownSignalException gone) {
        if (!told) {
          events.publishEvent(
              new WorkerEvent.SubscriptionLost(queue, gone.getClass().getSimpleName()));
        }
        told = true;
        pause();
      }
    }
  }

  private void consume() throws IOException {
    Connection connection = connections.createConnection();
    var channel = connection.createChannel(false);
    try {
      var closed = new CountDownLatch(1);
      var acknowledgements = new Acknowledgements(channel, atOnce);
      // If web-app has not declared the queue yet, basicConsume would make the library log an
      // error.
      channel.queueDeclarePassive(queue);
      channel.basicQos(atOnce);
      var tag = channel.basicConsume(queue, false, consumer(channel, acknowledgements, closed));
      await(closed);
      if (closed.getCount() > 0) {
        channel.basicCancel(tag);
        finish(acknowledgements, closed);
      }
    } finally {
      RabbitUtils.setPhysicalCloseRequired(channel, true);
      RabbitUtils.closeChannel(channel);
    }
  }

  private DefaultConsumer consumer(
      Channel channel, Acknowledgements acknowledgements, CountDownLatch closed) {
    return new DefaultConsumer(channel) {
      @Override
      public void handleDelivery(
          String consumerTag, Envelope envelope, AMQP.BasicProperties properties, byte[] body) {
        var tag = envelope.getDeliveryTag();
        acknowledgements.taken(tag);
        Thread.ofVirtual()
            .start(() -> jobs.take(new Delivery(tag, properties, body, acknowledgements)));
      }

      @Override
      public void handleCancel(String consumerTag) {
        closed.countDown();
      }

      @Override
      public void handleShutdownSignal(String consumerTag, ShutdownSignalException signal) {
        closed.countDown();
      }
    };
  }

  /** Waits until the channel is closed or the subscription stops. */
  private void await(CountDownLatch closed) {
    while (closed.getCount() > 0 && stop.getCount() > 0) {
      pause();
    }
  }

  private void finish(Acknowledgements acknowledgements, CountDownLatch closed) {
    var deadline = System.nanoTime() + patience.toNanos();
    while (!acknowledgements.isIdle() && closed.getCount() > 0 && System.nanoTime() < deadline) {
      try {
        TimeUnit.MILLISECONDS.sleep(20);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }

  private void pause() {
    try {
      stop.await(PAUSE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      stop.countDown();
    }
  }
}
