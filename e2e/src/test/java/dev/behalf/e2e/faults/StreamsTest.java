package dev.behalf.e2e.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.behalf.testkit.faults.FaultySystem;
import dev.behalf.testkit.faults.Toxic;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The stream of a job's events, to people whose connections and whose web-app come and go. */
@Tag("faults")
class StreamsTest {

  private static final Duration LENGTH = Duration.ofSeconds(100);
  private static final Duration ASLEEP = Duration.ofSeconds(60);
  private static final int FOLLOWERS = 20;

  @Test
  void no_part_is_missing_or_comes_twice_whatever_is_interrupted() throws Exception {
    try (var site = Site.proxied(List.of(), Map.of());
        var work = LongWork.applied(site, LENGTH);
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var client = site.users().getFirst();
      var job = Objects.requireNonNull(client.submit(work.operation, "hello").jobId());
      var followers = new ArrayList<Future<String>>();
      for (int i = 0; i < FOLLOWERS; i++) {
        // A laptop that is closed for a minute, and pages that are reloaded.
        followers.add(
            threads.submit(
                new Follower(client, job, i % 4 * 50L, i == 1 ? ASLEEP : Duration.ZERO)));
      }

      for (var replica : List.of(FaultySystem.WEB + "-1", FaultySystem.WEB + "-2")) {
        Pause.of(Duration.ofSeconds(10));
        site.system().service(replica).kill();
        site.system().service(replica).start();
        site.system().awaitReady(replica);
      }
      site.system().links().clientToWeb().set(new Toxic.Down());
      Pause.of(Duration.ofSeconds(5));
      site.system().links().clientToWeb().heal();

      for (var follower : followers) {
        var numbers = follower.get().strip().split(" ");
        assertThat(numbers.length).isGreaterThan(500);
        assertThat(String.join(" ", numbers))
            .isEqualTo(
                IntStream.range(0, numbers.length)
                    .mapToObj(Integer::toString)
                    .collect(Collectors.joining(" ")));
      }
      assertThat(followers.stream().map(StreamsTest::length).distinct()).hasSize(1);
    }
  }

  private static int length(Future<String> follower) {
    return follower.resultNow().length();
  }
}
