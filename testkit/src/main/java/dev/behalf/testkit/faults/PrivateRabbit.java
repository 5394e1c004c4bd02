package dev.behalf.testkit.faults;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.ConnectionFactory;
import dev.behalf.standalone.Ports;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.springframework.util.FileSystemUtils;

/**
 * RabbitMQ nodes for one test, separate from any that serve this machine: they have their own
 * names, ports, data and cookie.
 */
public final class PrivateRabbit implements AutoCloseable {

  private final Path folder = Files.createTempDirectory("behalf-rabbit");
  private final Process portMapper;
  private final List<RabbitNode> nodes = new ArrayList<>();

  private PrivateRabbit(Path programs, int size) throws IOException {
    var cookie = folder.resolve(".erlang.cookie");
    Files.writeString(cookie, UUID.randomUUID().toString().replace("-", ""));
    Files.setPosixFilePermissions(cookie, PosixFilePermissions.fromString("r--------"));
    // Without this epmd, the nodes would start one that outlives them.
    var mapperPort = Ports.free();
    portMapper =
        new ProcessBuilder("epmd", "-port", String.valueOf(mapperPort), "-address", "127.0.0.1")
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    for (int i = 1; i <= size; i++) {
      nodes.add(new RabbitNode(programs, folder, name(i), name(1), mapperPort));
    }
  }

  /**
   * Starts one node, or a cluster whose quorum queues have a member on each node; empty if RabbitMQ
   * is not installed.
   */
  public static Optional<PrivateRabbit> start(int size) throws IOException {
    var programs = programs();
    if (programs.isEmpty()) {
      return Optional.empty();
    }
    var rabbit = new PrivateRabbit(programs.get(), size);
    Runtime.getRuntime().addShutdownHook(new Thread(rabbit::close));
    // The other nodes join the first one.
    for (var node : rabbit.nodes) {
      node.start();
      node.awaitReady();
    }
    return Optional.of(rabbit);
  }

  public List<RabbitNode> nodes() {
    return List.copyOf(nodes);
  }

  /** Returns the only node, or the first one. */
  public RabbitNode node() {
    return nodes.getFirst();
  }

  /** Returns all addresses, in the form of Spring's {@code spring.rabbitmq.addresses}. */
  public String addresses() {
    return nodes.stream().map(node -> node.address().toString()).collect(Collectors.joining(","));
  }

  /** Returns the node that has the leader of a quorum queue. */
  public RabbitNode leaderOf(String queue) throws IOException, InterruptedException {
    var said = alive().control("list_queues", "name", "leader");
    var leader =
        said.lines()
            .map(line -> line.split("\t", -1))
            .filter(line -> line[0].equals(queue))
            .map(line -> line[1])
            .findFirst()
            .orElseThrow(() -> new IOException("There is no queue " + queue + ": " + said));
    return nodes.stream().filter(node -> node.name().equals(leader)).findFirst().orElseThrow();
  }

  /** Raises or clears the memory alarm, which blocks publishers. */
  public void memoryAlarm(boolean on) throws IOException, InterruptedException {
    node().control("set_vm_memory_high_watermark", on ? "0.00001" : "0.4");
    awaitAlarm(on);
  }

  /** Raises or clears the disk alarm, which blocks publishers. */
  public void diskAlarm(boolean on) throws IOException, InterruptedException {
    node().control("set_disk_free_limit", on ? "100000GB" : "50MB");
    awaitAlarm(on);
  }

  /** An action on a channel. */
  @FunctionalInterface
  public interface Work<T> {
    T on(Channel channel) throws Exception;
  }

  public <T> T with(Work<T> work) throws Exception {
    var factory = new ConnectionFactory();
    factory.setUri(alive().address());
    try (var connection = factory.newConnection();
        var channel = connection.createChannel()) {
      return work.on(channel);
    }
  }

  public long messages(String queue) throws Exception {
    return with(channel -> channel.messageCount(queue));
  }

  @Override
  public void close() {
    nodes.forEach(RabbitNode::kill);
    portMapper.destroyForcibly();
    FileSystemUtils.deleteRecursively(folder.toFile());
  }

  private void awaitAlarm(boolean on) {
    Awaitility.await()
        .until(() -> node().control("eval", "rabbit_alarm:get_alarms().").equals("[]") != on);
  }

  private RabbitNode alive() {
    return nodes.stream().filter(RabbitNode::answers).findFirst().orElseThrow();
  }

  private static String name(int number) {
    return "behalf" + number + "@localhost";
  }

  /**
   * Returns the folder of the RabbitMQ programs. The usual folders come before the PATH, where a
   * script that changes the user may take the programs' place.
   */
  private static Optional<Path> programs() {
    var path = Stream.of(System.getenv().getOrDefault("PATH", "").split(":", -1)).map(Path::of);
    return Stream.concat(
            Stream.of(Path.of("/usr/lib/rabbitmq/bin"), Path.of("/opt/rabbitmq/sbin")), path)
        .filter(folder -> Files.isExecutable(folder.resolve("rabbitmq-server")))
        .findFirst();
  }
}
