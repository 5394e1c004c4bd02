package dev.behalf.e2e.faults;

import static dev.behalf.engine.ScriptedEngine.begin;
import static dev.behalf.engine.ScriptedEngine.chunk;

import dev.behalf.contract.ApiKeyFormat;
import dev.behalf.contract.StrictJson;
import dev.behalf.engine.ScriptedEngine;
import dev.behalf.testkit.TestDefinitions;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.awaitility.Awaitility;

/**
 * A long operation whose engine says a number ten times a second for as long as its work takes,
 * answers the text that it got, and reports one unit. It notes when two calls work on the same job
 * at once.
 */
final class LongWork implements AutoCloseable {

  private static final Duration BETWEEN = Duration.ofMillis(100);

  final String operation = "work-" + UUID.randomUUID().toString().substring(0, 8);

  private final ScriptedEngine engine;
  private final Duration length;
  private final Map<String, AtomicInteger> working = new ConcurrentHashMap<>();
  private final AtomicLong overlaps = new AtomicLong();

  private LongWork(Duration length) throws IOException {
    this.length = length;
    this.engine = new ScriptedEngine(out -> {});
    work();
  }

  /** Applies the operation to a system, and waits until both web-apps know it. */
  static LongWork applied(Site site, Duration length) throws Exception {
    return applied(site, length, "run_within: 1h");
  }

  /**
   * Applies the operation.
   *
   * @param limits limits beside those of the jobs at once
   */
  static LongWork applied(Site site, Duration length, String limits) throws Exception {
    var work = new LongWork(length);
    apply(site, work.operation, work.address(), limits);
    return work;
  }

  static void apply(Site site, String name, URI engine, String limits) throws Exception {
    try (var database = site.system().database()) {
      TestDefinitions.apply(
          database,
          """
          name: %s
          title: Anything
          input: {type: object, required: [text], properties: {text: {type: string}}}
          output: {type: object, required: [text]}
          units: {name: unit, metered: {max: 3}}
          run: long
          limits: {%s, at_once: 500, at_once_per_user: 500}
          engine: {http: '%s'}
          """
              .formatted(name, limits, engine),
          "test");
    }
    Awaitility.await().until(() -> isKnown(site, name));
  }

  /** Asks over several connections, which the proxy distributes over the replicas. */
  private static boolean isKnown(Site site, String name) throws Exception {
    var page = HttpRequest.newBuilder(site.system().web().resolve("/docs/operations/" + name));
    for (int i = 0; i < 4; i++) {
      try (var http = HttpClient.newHttpClient()) {
        if (http.send(page.build(), HttpResponse.BodyHandlers.discarding()).statusCode() != 200) {
          return false;
        }
      }
    }
    return true;
  }

  URI address() {
    return engine.address();
  }

  /** How many calls were made. */
  int calls() {
    return engine.received.size();
  }

  /** How often a call began while another one worked on the same job. */
  long overlaps() {
    return overlaps.get();
  }

  /** Returns the calls that had the text of a key in them. */
  List<String> withKeys() {
    var found = new ArrayList<String>();
    for (var request : engine.received) {
      if (ApiKeyFormat.PATTERN.matcher(request.toString()).find()) {
        found.add(request.line());
      }
    }
    return found;
  }

  /** Has the engine do something else, until {@link #work}. */
  void misbehave(ScriptedEngine.Handler handler) {
    engine.respond(handler);
  }

  /** Has the engine do its work. */
  void work() {
    engine.respond(request -> out -> work(request, out));
  }

  private void work(ScriptedEngine.Received request, OutputStream out) throws Exception {
    var job = request.headers().getOrDefault("behalf-job", "");
    var others = working.computeIfAbsent(job, same -> new AtomicInteger());
    if (others.getAndIncrement() > 0) {
      overlaps.incrementAndGet();
    }
    try {
      begin(out);
      var end = System.nanoTime() + length.toNanos();
      for (int i = 0; System.nanoTime() < end; i++) {
        chunk(out, "{\"output\":{\"delta\":\"" + i + " \"}}\n");
        TimeUnit.MILLISECONDS.sleep(BETWEEN.toMillis());
      }
      chunk(out, result(request) + "\n");
      chunk(out, "");
    } finally {
      others.decrementAndGet();
    }
  }

  /** Returns the line with the result of a call. */
  static String result(ScriptedEngine.Received request) {
    var text = StrictJson.MAPPER.readTree(request.body()).path("text");
    return "{\"result\":{\"text\":" + text + "},\"units\":1}";
  }

  @Override
  public void close() throws IOException {
    engine.close();
  }
}
