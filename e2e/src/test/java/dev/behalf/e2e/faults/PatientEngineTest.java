package dev.behalf.e2e.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.behalf.standalone.Ports;
import dev.behalf.testkit.Required;
import dev.behalf.testkit.faults.FaultySystem;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.convert.DurationStyle;

/**
 * An engine of 20 lines that works for {@code -Dlong=10m} on leases of 30 s, while all that it does
 * not need is restarted: web-app, workers and broker.
 */
@Tag("faults")
class PatientEngineTest {

  private static final String ENGINE =
      """
      import json, sys, time
      from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

      class Engine(BaseHTTPRequestHandler):
          protocol_version = "HTTP/1.1"

          def do_POST(self):
              text = json.loads(self.rfile.read(int(self.headers["Content-Length"])))["text"]
              self.send_response(200)
              self.send_header("Content-Type", "application/x-ndjson")
              self.send_header("Connection", "close")
              self.end_headers()
              end = time.monotonic() + float(sys.argv[2])
              while time.monotonic() < end:
                  self.say({"progress": {"message": "%d s left" % (end - time.monotonic())}})
                  time.sleep(5)
              self.say({"result": {"text": text}, "units": 1})

          def say(self, line):
              self.wfile.write(json.dumps(line).encode() + b"\\n")

      ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Engine).serve_forever()
      """;

  @TempDir private Path folder;

  @Test
  void work_goes_on_for_as_long_as_it_takes() throws Exception {
    var length = DurationStyle.detectAndParse(System.getProperty("long", "10m"));
    var python = Required.program("python3");
    var port = Ports.free();
    var file = Files.writeString(folder.resolve("engine.py"), ENGINE);
    var engine =
        new ProcessBuilder(python.toString(), file.toString(), "" + port, "" + length.toSeconds())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    try (var site = Site.proxied(List.of(), Map.of())) {
      LongWork.apply(site, "patient", URI.create("http://127.0.0.1:" + port), "run_within: 24h");
      var job = site.users().getFirst().submit("patient", "hello");
      awaitState(site, "running", Duration.ofMinutes(1));

      Pause.of(length.dividedBy(3));
      for (var service : List.of(FaultySystem.WEB, FaultySystem.WORKER)) {
        for (var replica : List.of(service + "-1", service + "-2")) {
          site.system().service(replica).kill();
          site.system().service(replica).start();
          site.system().awaitReady(replica);
        }
      }
      site.rabbit().node().kill();
      site.rabbit().node().start();
      site.rabbit().node().awaitReady();

      awaitState(site, "succeeded", length.plusMinutes(1));
      try (var database = site.system().database()) {
        assertThat(Audit.of(database, List.of(job)))
            .isEqualTo(new Audit(1, 1, 0, 0, 0, 0, 0, 1, 1));
        assertThat(Audit.held(database)).isZero();
        assertThat(Audit.runs(database)).as("begun once").isEqualTo(1);
      }
      assertThat(site.system().violatedInvariants()).isEmpty();
    } finally {
      engine.destroy();
    }
  }

  private static void awaitState(Site site, String state, Duration atMost) {
    Awaitility.await(state)
        .atMost(atMost)
        .pollInterval(Duration.ofSeconds(1))
        .ignoreExceptions()
        .until(
            () -> {
              try (var database = site.system().database()) {
                return Audit.inState(database, state) == 1;
              }
            });
  }
}
