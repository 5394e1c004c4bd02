package dev.behalf.e2e.faults;

import com.rabbitmq.client.ConnectionFactory;
import dev.behalf.contract.JobMessage;
import dev.behalf.contract.JobOutcome;
import dev.behalf.testkit.faults.RabbitNode;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Three RabbitMQ nodes with quorum queues, of which some are killed. */
@Tag("faults")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ClusterTest {

  private static final Map<String, Object> QUORUM = Map.of("x-queue-type", "quorum");

  @AutoClose private Site site;

  @BeforeAll
  void start() throws Exception {
    site = Site.clustered();
  }

  @ParameterizedTest
  @ValueSource(strings = {JobMessage.LIVE_QUEUE, JobOutcome.QUEUE})
  void the_leader_is_killed(String queue) throws Exception {
    FaultRun.asSet(site)
        .run(
            "three brokers: kill -9 of the leader of " + queue,
            () -> {
              var leader = site.rabbit().leaderOf(queue);
              leader.kill();
              var end = Instant.now();
              Pause.of(Duration.ofSeconds(3));
              leader.start();
              leader.awaitReady();
              return end;
            });
  }

  /**
   * What of it is the broker's own: a plain client on a node that lives, which publishes and
   * consumes all the time.
   */
  @Test
  void a_plain_client_waits_for_a_new_leader_as_well() throws Exception {
    var queue = "plain";
    site.rabbit().with(channel -> channel.queueDeclare(queue, true, false, false, QUORUM));
    var leader = site.rabbit().leaderOf(queue);
    var alive =
        site.rabbit().nodes().stream().filter(node -> node != leader).findFirst().orElseThrow();
    var factory = new ConnectionFactory();
    factory.setUri(alive.address());
    var at = new ConcurrentLinkedQueue<Long>();
    try (var connection = factory.newConnection();
        var consumer = connection.createChannel();
        var publisher = connection.createChannel()) {
      consumer.basicConsume(queue, true, (tag, message) -> at.add(System.nanoTime()), tag -> {});
      var killed = 0L;
      for (int i = 0; i < 1_000; i++) {
        publisher.basicPublish("", queue, null, new byte[10]);
        if (i == 200) {
          leader.kill();
          killed = System.nanoTime();
        }
        Pause.of(Duration.ofMillis(10));
      }
      var end = killed;
      var first = at.stream().filter(time -> time > end + 50_000_000).findFirst().orElseThrow();
      System.out.printf("the broker alone: %.2f s until the next message%n", (first - end) / 1e9);
    }
    leader.start();
    leader.awaitReady();
  }

  @Test
  void a_majority_is_killed_and_comes_back() throws Exception {
    FaultRun.asSet(site)
        .run(
            "three brokers: kill -9 of two for 5 s",
            () -> {
              var two = site.rabbit().nodes().subList(1, 3);
              two.forEach(RabbitNode::kill);
              Pause.of(Duration.ofSeconds(5));
              return back(two);
            });
  }

  @Test
  void all_are_killed_and_come_back() throws Exception {
    FaultRun.asSet(site)
        .run(
            "three brokers: kill -9 of all",
            () -> {
              site.rabbit().nodes().forEach(RabbitNode::kill);
              return back(site.rabbit().nodes());
            });
  }

  private static Instant back(List<RabbitNode> nodes) throws Exception {
    for (var node : nodes) {
      node.start();
    }
    nodes.getFirst().awaitReady();
    var end = Instant.now();
    nodes.forEach(RabbitNode::awaitReady);
    return end;
  }
}
