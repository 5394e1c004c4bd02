package dev.behalf.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.behalf.contract.StrictJson;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** The instruments themselves. */
class MeasuringTest {

  @Test
  void the_client_reads_answers_with_a_length_and_in_chunks_and_asks_as_often_as_it_is_told()
      throws Exception {
    var asked = new AtomicInteger();
    var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          var body = "hi".getBytes(StandardCharsets.US_ASCII);
          exchange.sendResponseHeaders(200, asked.incrementAndGet() % 2 == 0 ? body.length : 0);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    server.start();
    try {
      var url = URI.create("http://127.0.0.1:" + server.getAddress().getPort());

      var answers = new HttpLoad(url, 4).send(101, i -> HttpLoad.get("/"), true);

      assertThat(asked).hasValue(101);
      assertThat(answers).hasSize(101);
      assertThat(answers)
          .allSatisfy(
              answer -> {
                assertThat(answer.status()).isEqualTo(200);
                assertThat(answer.body()).contains("hi");
                assertThat(answer.nanos()).isPositive();
              });
    } finally {
      server.stop(0);
    }
  }

  @Test
  void a_chart_has_a_bar_for_each_figure_that_was_measured_the_longest_for_the_most() {
    var figures = new Figures();
    figures.put("cpu.worker", 0.5);
    figures.put("cpu.broker", 0.25);

    var svg =
        Chart.of(
                "CPU",
                "s",
                figures,
                Map.of("cpu.worker", "worker", "cpu.broker", "broker", "cpu.none", "none"))
            .svg();

    assertThat(svg).contains(">worker<", ">0.50 s<", ">broker<", ">0.25 s<").doesNotContain("none");
    assertThat(svg).contains("width=\"440\"", "width=\"220\"");
  }

  @Test
  void a_headline_is_told_as_a_share_of_the_limits_that_were_measured() {
    var figures = new Figures();
    figures.put("limits.transactions_per_second.one_job_a_commit_1_connections", 2_000);
    figures.put("limits.transactions_per_second.one_job_a_commit_16_connections", 8_000);
    figures.put("drain.jobs_per_second", 4_000);
    figures.put("idle.p50_ms", 10);

    Limits.putShares(figures, "drain", "jobs_per_second");
    Limits.putCommits(figures, "idle", "p50_ms");

    assertThat(figures.get("drain.share_of.one_job_a_commit")).isEqualTo(0.5);
    assertThat(figures.has("drain.share_of.broker_messages")).as("not measured").isFalse();
    assertThat(figures.get("idle.in_commits_alone")).isEqualTo(20);
  }

  @Test
  void behalf_is_compared_with_its_peer_where_both_were_measured() {
    var figures = new Figures();
    figures.put("drain.jobs_per_second", 3_000);
    figures.put("peer.drain.jobs_per_second", 1_000);
    figures.put("peer.idle.submit_to_stored_outcome_p50_ms", 5);

    Peer.putRatios(figures, "peer");

    assertThat(figures.get("peer.ratio.drain_jobs_per_second")).isEqualTo(3);
    assertThat(figures.has("peer.ratio.idle_p50")).as("only one of them").isFalse();
  }

  @Test
  void a_dot_in_the_name_of_a_figure_is_a_level_in_the_json() {
    var figures = new Figures();
    figures.put("drain.jobs_per_second", 1234.5678);
    figures.put("drain.cpu.total", 0.25);

    var json = StrictJson.MAPPER.readTree(figures.json());

    assertThat(json.at("/drain/jobs_per_second").asDouble()).isEqualTo(1235);
    assertThat(json.at("/drain/cpu/total").asDouble()).isEqualTo(0.25);
  }

  @Test
  void percentiles_are_those_of_the_sorted_durations() {
    var times =
        new Percentiles(LongStream.rangeClosed(1, 100).map(i -> (101 - i) * 1_000_000).toArray());

    assertThat(times.millis(50)).isEqualTo(51);
    assertThat(times.millis(99)).isEqualTo(100);
  }

  @Test
  void the_clock_counts_what_this_process_computes() {
    var cpu = new CpuClock();
    cpu.add("me", ProcessHandle.current()::pid);
    var before = cpu.total();
    var end = System.nanoTime() + 300_000_000;
    while (System.nanoTime() < end) {
      Thread.onSpinWait();
    }

    assertThat(cpu.total() - before).isBetween(0.1, 5.0);
  }
}
