package dev.behalf.testkit.faults;

import com.rabbitmq.client.ConnectionFactory;
import dev.behalf.standalone.Ports;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/** A RabbitMQ node of a test, with its data in its own folder. */
public final class RabbitNode {

  private static final Duration START = Duration.ofSeconds(90);

  private final String name;
  private final Path programs;
  private final Path folder;
  private final int port = Ports.free();
  private final Map<String, String> environment;
  private @Nullable Process process;

  RabbitNode(Path programs, Path cluster, String name, String first, int portMapper)
      throws IOException {
    this.name = name;
    this.programs = programs;
    this.folder = Files.createDirectories(cluster.resolve(name));
    var configuration = folder.resolve("rabbitmq.conf");
    Files.writeString(configuration, configuration(first));
    var plugins = folder.resolve("plugins");
    Files.writeString(plugins, "[].\n");
    environment =
        Map.ofEntries(
            Map.entry("HOME", cluster.toString()),
            Map.entry("ERL_EPMD_PORT", String.valueOf(portMapper)),
            Map.entry("ERL_EPMD_ADDRESS", "127.0.0.1"),
            Map.entry("RABBITMQ_NODENAME", name),
            Map.entry("RABBITMQ_DIST_PORT", String.valueOf(Ports.free())),
            Map.entry("RABBITMQ_MNESIA_BASE", folder.resolve("data").toString()),
            Map.entry("RABBITMQ_LOG_BASE", folder.resolve("log").toString()),
            Map.entry("RABBITMQ_ENABLED_PLUGINS_FILE", plugins.toString()),
            Map.entry("RABBITMQ_CONFIG_FILE", configuration.toString()),
            Map.entry("RABBITMQ_CONF_ENV_FILE", "/dev/null"),
            Map.entry(
                "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS",
                "-kernel inet_dist_use_interface {127,0,0,1} -kernel net_ticktime 8"));
  }

  public String name() {
    return name;
  }

  public int port() {
    return port;
  }

  public URI address() {
    return URI.create("amqp://guest:guest@127.0.0.1:" + port);
  }

  /** Starts the node and returns at once; {@link #awaitReady} waits. */
  public void start() throws IOException {
    var command =
        new ProcessBuilder(programs.resolve("rabbitmq-server").toString())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(folder.resolve("out.log").toFile()));
    command.environment().putAll(environment);
    process = command.start();
  }

  public void awaitReady() {
    Awaitility.await().atMost(START).pollInterval(Duration.ofMillis(50)).until(this::answers);
  }

  /** Kills the node and all its processes at once, as a power cut would. */
  public void kill() {
    var running = process;
    if (running != null) {
      ProcessSignals.killTree(running.toHandle());
      process = null;
    }
  }

  /** Suspends the node; its connections stay open. */
  public void stop() throws IOException, InterruptedException {
    ProcessSignals.stop(emulator());
  }

  public void goOn() throws IOException, InterruptedException {
    ProcessSignals.goOn(emulator());
  }

  /** Runs {@code rabbitmqctl} and returns its output. */
  public String control(String... arguments) throws IOException, InterruptedException {
    var command =
        new ArrayList<>(List.of(programs.resolve("rabbitmqctl").toString(), "-q", "-n", name));
    command.addAll(List.of(arguments));
    var builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().putAll(environment);
    var asked = builder.start();
    var said = new String(asked.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (!asked.waitFor(60, TimeUnit.SECONDS) || asked.exitValue() != 0) {
      throw new IOException(String.join(" ", command) + " was answered " + said);
    }
    return said.strip();
  }

  boolean answers() {
    try {
      var factory = new ConnectionFactory();
      factory.setUri(address());
      factory.setConnectionTimeout(1_000);
      factory.setHandshakeTimeout(2_000);
      factory.newConnection().close();
      return true;
    } catch (IOException | TimeoutException notYet) {
      return false;
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  /**
   * Returns the process id of the Erlang VM. The start script is its parent, and does not pass
   * signals on.
   */
  private long emulator() {
    var running = process;
    if (running == null) {
      throw new IllegalStateException(name + " does not run.");
    }
    return running
        .descendants()
        .filter(one -> one.info().command().orElse("").contains("beam"))
        .findFirst()
        .orElseThrow()
        .pid();
  }

  private String configuration(String first) {
    return """
        listeners.tcp.1 = 127.0.0.1:%d
        disk_free_limit.absolute = 50MB
        vm_memory_high_watermark.relative = 0.4
        log.file.level = info
        cluster_formation.peer_discovery_backend = classic_config
        cluster_formation.classic_config.nodes.1 = %s
        """
        .formatted(port, first);
  }
}
