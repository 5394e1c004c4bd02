package dev.behalf.e2e.faults;

import static dev.behalf.engine.ScriptedEngine.answer;
import static dev.behalf.engine.ScriptedEngine.begin;
import static dev.behalf.engine.ScriptedEngine.chunk;
import static dev.behalf.engine.ScriptedEngine.lines;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.behalf.engine.ScriptedEngine.Handler;
import dev.behalf.engine.ScriptedEngine.Script;
import dev.behalf.testkit.faults.FaultProxy;
import dev.behalf.testkit.faults.Toxic;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Engines of long work that do something else for a while, and then their work. */
@Tag("faults")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BrokenEnginesTest {

  private static final Duration LENGTH = Duration.ofSeconds(10);
  private static final Duration OF_WORK = Duration.ofMillis(500);
  private static final String MEGABYTE = "x".repeat(1_000_000);

  @AutoClose private Site site;

  @BeforeAll
  void start() throws Exception {
    site = Site.proxied(List.of(), Map.of());
  }

  /** What an engine does instead of its work. */
  record Fault(String name, Handler handler) {

    static Fault of(String name, Script script) {
      return new Fault(name, request -> script);
    }

    @Override
    public String toString() {
      return name;
    }
  }

  static List<Fault> faults() {
    return List.of(
        Fault.of(
            "dies in the middle",
            out -> {
              begin(out);
              chunk(out, "{\"usage\":{\"units\":1}}\n");
              out.close();
            }),
        Fault.of("is silent", out -> TimeUnit.MINUTES.sleep(5)),
        Fault.of(
            "sends garbage",
            answer("200 OK", "Content-Type: application/x-ndjson\r\n", "�\u0000{")),
        Fault.of("speaks no HTTP", out -> out.write("SSH-2.0-x\r\n".getBytes(ISO_8859_1))),
        Fault.of(
            "sends 100 MB",
            out -> {
              begin(out);
              for (int i = 0; i < 100; i++) {
                chunk(out, "{\"log\":{\"message\":\"" + MEGABYTE + "\"}}\n");
              }
            }),
        Fault.of(
            "never ends",
            out -> {
              begin(out);
              while (true) {
                chunk(out, "\n");
                TimeUnit.MILLISECONDS.sleep(100);
              }
            }),
        Fault.of("ends without a result", lines("{\"usage\":{\"units\":1}}")),
        Fault.of("answers 500", answer("500 X", "", "")),
        Fault.of("answers 401", answer("401 X", "", "")),
        Fault.of("answers 429", answer("429 X", "Retry-After: 1\r\n", "")),
        new Fault("reports nothing", request -> lines("{\"result\":" + request.body() + "}")));
  }

  @ParameterizedTest
  @MethodSource("faults")
  void jobs_are_done_when_the_engine_works_again(Fault fault) throws Exception {
    try (var work = LongWork.applied(site, OF_WORK, "run_within: 5s, silence: 3s")) {
      work.misbehave(fault.handler());
      FaultRun.of(site, work, 20, 20)
          .immediately()
          .run(
              "an engine that " + fault.name() + ", 10 s",
              () -> {
                Pause.of(LENGTH);
                work.work();
                return Instant.now();
              });
    }
  }

  @Test
  void an_engine_that_answers_twice_is_heard_once() throws Exception {
    run(
        "answers twice",
        request ->
            lines(LongWork.result(request), "{\"result\":{\"text\":\"other\"},\"units\":3}"));
  }

  @Test
  void a_report_above_the_hold_charges_the_hold() throws Exception {
    try (var work = LongWork.applied(site, OF_WORK)) {
      work.misbehave(
          request -> lines(LongWork.result(request).replace("\"units\":1", "\"units\":1000")));
      var job = site.users().getFirst().submit(work.operation, "hello");
      try (var database = site.system().database()) {
        Awaitility.await().until(() -> Audit.open(database) == 0);
        assertThat(Audit.of(database, List.of(job)).units()).isEqualTo(3);
        assertThat(Audit.held(database)).isZero();
      }
    }
  }

  /** A proxy with a limit of 60 s, as many have, in front of an engine that sends heartbeats. */
  @Test
  void a_proxy_that_cuts_silent_connections_after_60_s_cuts_no_engine_with_heartbeats()
      throws Exception {
    try (var work = LongWork.applied(site, Duration.ofSeconds(75));
        var proxy = new FaultProxy(work.address().getPort())) {
      proxy.set(new Toxic.CutSilent(Duration.ofSeconds(60)));
      LongWork.apply(
          site, work.operation, URI.create("http://127.0.0.1:" + proxy.port()), "run_within: 1h");
      var row =
          FaultRun.of(site, work, 20, 20)
              .run(
                  "runs of 75 s behind a proxy that cuts silent connections after 60 s",
                  Instant::now);
      assertThat(row.again()).isZero();
    }
  }

  private void run(String name, Handler handler) throws Exception {
    try (var work = LongWork.applied(site, OF_WORK)) {
      work.misbehave(handler);
      FaultRun.of(site, work, 20, 20).run("an engine that " + name, Instant::now);
    }
  }
}
