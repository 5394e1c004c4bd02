package dev.behalf.standalone;

import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import org.apache.qpid.server.SystemLauncher;

/**
 * Apache Qpid Broker-J in this process: speaks AMQP 0-9-1 on the loopback address, from memory.
 * What it holds when it ends is in the database all the same, and {@link Installation} queues it
 * again at the next start. It ignores queue arguments that it does not know, such as those of
 * quorum queues, and has no delivery limit.
 */
public final class EmbeddedBroker implements AutoCloseable {

  private final SystemLauncher launcher = new SystemLauncher();
  private final URI address;

  public EmbeddedBroker(Path folder, int port, String password) throws Exception {
    address = URI.create("amqp://behalf:" + password + "@127.0.0.1:" + port);
    launcher.startup(
        Map.of(
            "type",
            "Memory",
            "initialConfigurationLocation",
            resource("/broker.json"),
            // Qpid's own default is a classpath: address, which cannot be read from a jar in a jar.
            "initialSystemPropertiesLocation",
            resource("/broker.properties"),
            "startupLoggedToSystemOut",
            false,
            "context",
            Map.of(
                "qpid.work_dir", folder.toAbsolutePath().toString(),
                "behalf.broker.port", String.valueOf(port),
                "behalf.broker.password", password)));
  }

  private static String resource(String name) {
    return Objects.requireNonNull(EmbeddedBroker.class.getResource(name)).toExternalForm();
  }

  /** With user and password in it. */
  public URI address() {
    return address;
  }

  @Override
  public void close() {
    launcher.shutdown();
  }
}
