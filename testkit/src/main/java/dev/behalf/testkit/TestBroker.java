package dev.behalf.testkit;

import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import dev.behalf.standalone.EmbeddedBroker;
import dev.behalf.standalone.Ports;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.rabbitmq.RabbitMQContainer;

/** A broker for one test class, empty at its start. */
public interface TestBroker extends AutoCloseable {

  /** Returns the address with user, password and virtual host. */
  URI address();

  boolean isRabbitMq();

  @Override
  void close() throws Exception;

  default Connection connect() throws Exception {
    var factory = new ConnectionFactory();
    factory.setUri(address());
    return factory.newConnection();
  }

  /** Starts Qpid Broker-J in this JVM, which works on every machine. */
  static TestBroker embedded() {
    try {
      var broker =
          new EmbeddedBroker(Files.createTempDirectory("behalf-broker"), Ports.free(), "secret");
      return new Started(broker.address(), broker, false);
    } catch (Exception e) {
      throw new IllegalStateException("The embedded broker could not be started.", e);
    }
  }

  /**
   * Returns RabbitMQ: the one on this machine, with a virtual host of its own, or one in a
   * container.
   */
  static Optional<TestBroker> rabbitMq() {
    return onThisMachine().or(TestBroker::container);
  }

  private static Optional<TestBroker> onThisMachine() {
    var virtualHost = "behalf-test-" + UUID.randomUUID();
    try {
      if (!control("add_vhost", virtualHost)
          || !control("set_permissions", "-p", virtualHost, "guest", ".*", ".*", ".*")) {
        return Optional.empty();
      }
      var address = URI.create("amqp://guest:guest@127.0.0.1:5672/" + virtualHost);
      return Optional.of(new Started(address, () -> control("delete_vhost", virtualHost), true));
    } catch (IOException noRabbitHere) {
      return Optional.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    }
  }

  private static boolean control(String... arguments) throws IOException, InterruptedException {
    var command = new java.util.ArrayList<>(List.of("rabbitmqctl", "-q"));
    command.addAll(List.of(arguments));
    var process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    return process.waitFor(60, TimeUnit.SECONDS) && process.exitValue() == 0;
  }

  private static Optional<TestBroker> container() {
    if (!DockerClientFactory.instance().isDockerAvailable()) {
      return Optional.empty();
    }
    var container = new RabbitMQContainer("rabbitmq:4-alpine");
    container.start();
    var address =
        URI.create(
            container
                .getAmqpUrl()
                .replace(
                    "://",
                    "://"
                        + container.getAdminUsername()
                        + ":"
                        + container.getAdminPassword()
                        + "@"));
    return Optional.of(new Started(address, container, true));
  }

  /** A broker and the action that ends it. */
  record Started(URI address, AutoCloseable end, boolean isRabbitMq) implements TestBroker {
    @Override
    public void close() throws Exception {
      end.close();
    }
  }
}
