package dev.behalf.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.MessageProperties;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("server")
class EmbeddedBrokerTest {

  @TempDir Path folder;

  @Test
  void confirms_what_it_takes_and_accepts_the_arguments_of_quorum_queues() throws Exception {
    try (var broker = new EmbeddedBroker(folder, Ports.free(), "secret")) {
      with(
          broker,
          channel -> {
            channel.queueDeclare(
                "q",
                true,
                false,
                false,
                Map.of(
                    "x-queue-type",
                    "quorum",
                    "x-dead-letter-exchange",
                    "",
                    "x-dead-letter-routing-key",
                    "dead"));
            channel.confirmSelect();
            channel.basicPublish(
                "",
                "q",
                true,
                MessageProperties.PERSISTENT_BASIC,
                "hello".getBytes(StandardCharsets.UTF_8));
            channel.waitForConfirmsOrDie(5_000);
            assertThat(channel.basicGet("q", true).getBody()).asString().isEqualTo("hello");
          });
    }
  }

  @Test
  void takes_no_wrong_password() throws Exception {
    try (var broker = new EmbeddedBroker(folder, Ports.free(), "secret")) {
      var factory = new ConnectionFactory();
      factory.setUri(broker.address());
      factory.setPassword("wrong");
      assertThatThrownBy(factory::newConnection).isInstanceOf(IOException.class);
    }
  }

  @Test
  void returns_a_mandatory_message_that_no_queue_takes() throws Exception {
    try (var broker = new EmbeddedBroker(folder, Ports.free(), "secret")) {
      with(
          broker,
          channel -> {
            var returned = new CompletableFuture<String>();
            channel.addReturnListener(message -> returned.complete(message.getRoutingKey()));
            channel.confirmSelect();
            channel.basicPublish(
                "", "nowhere", true, MessageProperties.PERSISTENT_BASIC, new byte[0]);
            channel.waitForConfirms(5_000);
            assertThat(returned.get(5, TimeUnit.SECONDS)).isEqualTo("nowhere");
          });
    }
  }

  private interface Use {
    void of(Channel channel) throws Exception;
  }

  private static void with(EmbeddedBroker broker, Use use) throws Exception {
    var factory = new ConnectionFactory();
    factory.setUri(broker.address());
    try (var connection = factory.newConnection();
        var channel = connection.createChannel()) {
      use.of(channel);
    }
  }
}
