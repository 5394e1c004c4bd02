package dev.behalf.e2e.workers;

import dev.behalf.testkit.TestBroker;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/**
 * A user of RabbitMQ with only the permissions that docs/workers.md gives to workers. On a broker
 * without such users, or without rabbitmqctl, the worker gets the user of the tests.
 */
record LeastRights(URI address, AutoCloseable end) implements AutoCloseable {

  private static final Pattern DOCUMENTED =
      Pattern.compile("rabbitmqctl set_permissions -p \\S+ \\S+ '([^']*)' '([^']*)' '([^']*)'");

  /**
   * Creates the user.
   *
   * @param port the port at which the worker reaches the broker
   */
  static LeastRights on(TestBroker broker, int port) throws IOException, InterruptedException {
    var name = "behalf-worker-" + UUID.randomUUID();
    var password = UUID.randomUUID().toString();
    if (!broker.isRabbitMq() || !control(List.of("add_user", name, password))) {
      return new LeastRights(address(broker, broker.address().getUserInfo(), port), () -> {});
    }
    var virtualHost = broker.address().getPath().substring(1);
    var command = new ArrayList<>(List.of("set_permissions", "-p", virtualHost, name));
    command.addAll(documented());
    if (!control(command)) {
      throw new IllegalStateException("The documented permissions are refused: " + command);
    }
    return new LeastRights(
        address(broker, name + ":" + password, port), () -> control(List.of("delete_user", name)));
  }

  private static URI address(TestBroker broker, String login, int port) {
    return URI.create(
        "amqp://%s@127.0.0.1:%d%s".formatted(login, port, broker.address().getPath()));
  }

  /** Returns the expressions for configure, write and read. */
  private static List<String> documented() throws IOException {
    var page = Path.of(System.getProperty("behalf.home", ".."), "docs", "workers.md");
    var line = DOCUMENTED.matcher(Files.readString(page));
    if (!line.find()) {
      throw new IllegalStateException(page + " names no permissions.");
    }
    return List.of(line.group(1), line.group(2), line.group(3));
  }

  private static boolean control(List<String> arguments) throws IOException, InterruptedException {
    var command = new ArrayList<>(List.of("rabbitmqctl", "-q"));
    command.addAll(arguments);
    try {
      var process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      return process.waitFor(60, TimeUnit.SECONDS) && process.exitValue() == 0;
    } catch (IOException noRabbitHere) {
      return false;
    }
  }

  @Override
  public void close() throws Exception {
    end.close();
  }
}
