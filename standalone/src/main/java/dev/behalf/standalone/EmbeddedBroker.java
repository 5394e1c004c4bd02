package dev.behalf.standalone;

import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import org.apache.qpid.server.SystemLauncher;
import org.apache.qpid.server.SystemLauncherListener.DefaultSystemLauncherListener;
import org.apache.qpid.server.model.BrokerImpl;
import org.apache.qpid.server.model.SystemConfig;
import org.jspecify.annotations.Nullable;

/**
 * Apache Qpid Broker-J in this process: it speaks AMQP 0-9-1 on the loopback address and keeps
 * messages in memory. Jobs that it loses when it ends are still in the database, and {@link
 * Installation} queues them again at the next start. It ignores queue arguments that it does not
 * know, such as those of quorum queues, and has no delivery limit.
 */
public final class EmbeddedBroker implements AutoCloseable {

  private final Started started = new Started();
  private final SystemLauncher launcher = new SystemLauncher(started);
  private final URI address;

  public EmbeddedBroker(Path folder, int port, String password) throws Exception {
    address = URI.create("amqp://behalf:" + password + "@127.0.0.1:" + port);
    launcher.startup(
        Map.of(
            "type",
            "Memory",
            "initialConfigurationLocation",
            resource("/broker.json"),
            // Qpid's default is a classpath: URL, which cannot be read from a jar in a jar.
            "initialSystemPropertiesLocation",
            resource("/broker.properties"),
            "startupLoggedToSystemOut",
            false,
            "context",
            Map.of(
                "qpid.work_dir", folder.toAbsolutePath().toString(),
                "behalf.broker.port", String.valueOf(port),
                "behalf.broker.password", password)));
    endOnlyWhenClosed();
  }

  /** Keeps the system that the launcher has started. */
  private static final class Started extends DefaultSystemLauncherListener {

    private @Nullable SystemConfig<?> system;

    @Override
    public void onContainerResolve(SystemConfig<?> system) {
      this.system = system;
    }
  }

  /**
   * Removes Qpid's shutdown hook, which no setting turns off. The hook would stop the broker as
   * soon as this process begins to end, while services still publish outcomes; {@link #close} stops
   * the broker after them.
   */
  private void endOnlyWhenClosed() throws ReflectiveOperationException {
    var broker = Objects.requireNonNull(started.system).getContainer();
    var hook = BrokerImpl.class.getDeclaredField("_shutdownHook");
    hook.setAccessible(true);
    Runtime.getRuntime().removeShutdownHook((Thread) hook.get(broker));
  }

  private static String resource(String name) {
    return Objects.requireNonNull(EmbeddedBroker.class.getResource(name)).toExternalForm();
  }

  /** Returns the address with user and password. */
  public URI address() {
    return address;
  }

  @Override
  public void close() {
    launcher.shutdown();
  }
}
