package dev.behalf.e2e.faults;

import dev.behalf.contract.JobMessage;
import dev.behalf.contract.JobOutcome;
import dev.behalf.testkit.faults.RabbitNode;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
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

  @AutoClose private Site site;

  @BeforeAll
  void start() throws Exception {
    site = Site.clustered();
  }

  @ParameterizedTest
  @ValueSource(strings = {JobMessage.LIVE_QUEUE, JobOutcome.QUEUE})
  void the_leader_is_killed(String queue) throws Exception {
    Trial.asSet(site)
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

  @Test
  void a_majority_is_killed_and_comes_back() throws Exception {
    Trial.asSet(site)
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
    Trial.asSet(site)
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
