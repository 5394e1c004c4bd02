package dev.behalf.bench;

import dev.behalf.testkit.Person;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Measures what open pages cost web-app: each holds a stream of events for its user. */
final class OpenPages {

  /** The most streams that a user may have. */
  private static final int OF_ONE = 20;

  /** Pages that are open before the first measurement, so that it finds a warm web-app. */
  private static final int BEFORE = 200;

  private static final int PAGES = 1_000;
  private static final int SECONDS = 30;

  private final TestBed stand;

  OpenPages(TestBed stand) {
    this.stand = stand;
  }

  void measure(Figures figures) throws Exception {
    var open = new ArrayList<InputStream>();
    try {
      open(BEFORE, open);
      var before = residentAfterCollection();
      open(PAGES, open);
      figures.put(
          "open_pages.memory_kib_each", (residentAfterCollection() - before) / (double) PAGES);
      var cpu = stand.cpu.read();
      TimeUnit.SECONDS.sleep(SECONDS);
      // Two heartbeats of each stream, and the check of its session every second.
      stand.cpu.put(figures, "open_pages.cpu_seconds_per_minute", cpu, SECONDS / 60.0);
    } finally {
      for (var page : open) {
        page.close();
      }
    }
    figures.put("open_pages.pages", PAGES + BEFORE);
  }

  /** Returns what web-app has resident without its garbage, in KiB. */
  private long residentAfterCollection() throws IOException, InterruptedException {
    var jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
    new ProcessBuilder(jcmd, "" + stand.system.service("web-app").pid(), "GC.run")
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .start()
        .waitFor();
    TimeUnit.SECONDS.sleep(15); // free native memory is returned every 10 s
    return stand.cpu.resident("web-app");
  }

  private void open(int pages, List<InputStream> open) throws IOException, InterruptedException {
    for (int i = 0; i < pages / OF_ONE; i++) {
      var person = stand.system.signUp();
      for (int j = 0; j < OF_ONE; j++) {
        open.add(open(person));
      }
    }
  }

  private InputStream open(Person person) throws IOException, InterruptedException {
    var answer =
        person
            .http()
            .send(
                HttpRequest.newBuilder(stand.web().resolve("/live")).build(),
                BodyHandlers.ofInputStream());
    if (answer.statusCode() != 200) {
      throw new IOException("A stream was answered " + answer.statusCode());
    }
    return answer.body();
  }
}
