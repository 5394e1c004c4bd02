package dev.behalf.bench;

import dev.behalf.contract.StrictJson;
import dev.behalf.testkit.TestDefinitions;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/**
 * Measures long operations, with an engine that is a process of its own: what an open run costs,
 * how soon a cancelled one is stopped, and how soon what the engine says is at a client.
 */
final class Runs {

  private static final int HELD = 2_000;
  private static final int CANCELLED = 100;
  private static final int STREAMS = 200;
  private static final int COMPARED = 300;
  private static final Pattern PART = Pattern.compile("(\\d+):(\\d+) ");

  private final TestBed stand;
  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  Runs(TestBed stand) {
    this.stand = stand;
  }

  /** Measures runs that are held open, the 202 of a run, and cancelling. */
  void measure(Figures figures) throws Exception {
    try (var engine = Engine.start()) {
      apply(engine, "hold");
      apply(engine, "cancel");
      accept(figures);
      hold(figures, engine);
      cancel(figures, engine);
    }
  }

  /** Measures streams: one on an idle system, then many at once. */
  void measureStreams(Figures figures) throws Exception {
    try (var engine = Engine.start()) {
      apply(engine, "parts");
      watch(1); // warms up
      watch(STREAMS);
      put(figures, "streams.one", watch(1), 1);
      put(figures, "streams.many", watch(STREAMS), STREAMS);
    }
  }

  /** The engine's process. */
  private record Engine(Process process, int port) implements AutoCloseable {

    static Engine start() throws IOException, InterruptedException {
      int port;
      try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
        port = socket.getLocalPort();
      }
      var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
      var command = new ArrayList<>(List.of(java, "-Xmx256m"));
      command.addAll(Program.arguments(BenchEngine.class, List.of(String.valueOf(port))));
      var process = new ProcessBuilder(command).inheritIO().start();
      TimeUnit.SECONDS.sleep(2);
      return new Engine(process, port);
    }

    URI at(String path) {
      return URI.create("http://127.0.0.1:" + port + path);
    }

    @Override
    public void close() {
      process.destroyForcibly();
    }
  }

  private void apply(Engine engine, String name) throws Exception {
    try (var connection = stand.system.database()) {
      TestDefinitions.apply(
          connection,
          """
          name: bench-%s
          title: Bench
          input: {type: object, properties: {text: {type: string}}}
          units: {name: job, fixed: 1}
          run: long
          limits: {run_within: 1h, at_once: 4000, at_once_per_user: 4000}
          engine: {http: '%s'}
          """
              .formatted(name, engine.at("/" + name)),
          "bench");
    }
    TimeUnit.SECONDS.sleep(1);
  }

  private UUID submit(int user, String operation) throws Exception {
    var key = stand.users.get(user % stand.users.size()).key();
    var answer =
        http.send(
            request("/api/v1/jobs", key)
                .header("Content-Type", "application/json")
                .POST(
                    HttpRequest.BodyPublishers.ofString(
                        "{\"payload\":{\"operation\":\"%s\",\"text\":\"bench\"}}"
                            .formatted(operation)))
                .build(),
            BodyHandlers.ofString());
    if (answer.statusCode() != 202) {
      throw new IllegalStateException("A job was answered " + answer.body());
    }
    return UUID.fromString(StrictJson.MAPPER.readTree(answer.body()).required("id").asString());
  }

  private HttpRequest.Builder request(String path, String key) {
    return HttpRequest.newBuilder(stand.system.web().resolve(path))
        .header("Authorization", "Api-Key " + key);
  }

  /** Compares how long a worker waits for the 202 of a run and for the 200 of a quick job. */
  private void accept(Figures figures) throws Exception {
    for (var operation : List.of("echo", "bench-hold")) {
      for (int i = 0; i < COMPARED; i++) {
        submit(i, operation);
        TimeUnit.MILLISECONDS.sleep(10);
      }
    }
    awaitRunning(COMPARED);
    stand.awaitNone("operation = 'echo' and state in ('queued', 'dispatched')");
    double quick = untilAnswered("echo");
    double run = untilAnswered("bench-hold");
    figures.put("runs.quick_answer_p50_ms", quick);
    figures.put("runs.run_accepted_p50_ms", run);
    figures.put("runs.accepted_to_quick", run / quick);
  }

  private double untilAnswered(String operation) {
    return Double.parseDouble(
        stand.system.text(
            """
            select percentile_cont(0.5) within group (order by millis) from (
              select extract(epoch from (select (h ->> 'at')::timestamptz from jsonb_array_elements(hops) h
                                         where h ->> 'station' = 'answered' limit 1)
                                      - (select (h ->> 'at')::timestamptz from jsonb_array_elements(hops) h
                                         where h ->> 'station' = 'key_found' limit 1)) * 1000 as millis
              from (select hops from jobs.jobs where operation = '%s' order by id desc limit %d) j) m
            """
                .formatted(operation, COMPARED / 2)));
  }

  private void hold(Figures figures, Engine engine) throws Exception {
    var before = stand.cpu.resident("compute-server");
    for (int i = 0; i < HELD - COMPARED; i++) {
      submit(i, "bench-hold");
    }
    awaitRunning(HELD);
    TimeUnit.SECONDS.sleep(10);
    var cpu = stand.cpu.read();
    TimeUnit.SECONDS.sleep(30);
    // For each minute.
    stand.cpu.put(figures, "runs.held_cpu_seconds_a_minute", cpu, 0.5);
    figures.put("runs.held", HELD);
    figures.put(
        "runs.held_kib_each",
        (stand.cpu.resident("compute-server") - before) / (double) (HELD - COMPARED));
    http.send(HttpRequest.newBuilder(engine.at("/release")).build(), BodyHandlers.discarding());
    stand.awaitNone("operation = 'bench-hold' and state <> 'succeeded'");
  }

  private void awaitRunning(int jobs) throws InterruptedException {
    for (int i = 0; i < 600; i++) {
      if (stand.system.count("select count(*) from jobs.jobs where state = 'running'") >= jobs) {
        return;
      }
      TimeUnit.MILLISECONDS.sleep(200);
    }
    throw new IllegalStateException("After 2 min fewer than " + jobs + " jobs are running.");
  }

  private void cancel(Figures figures, Engine released) throws Exception {
    // Another engine: the first has released all that it does.
    released.close();
    try (var engine = Engine.start()) {
      apply(engine, "cancel");
      var times = new long[CANCELLED];
      for (int i = 0; i < CANCELLED; i++) {
        var job = submit(i, "bench-cancel");
        awaitRunning(1);
        TimeUnit.MILLISECONDS.sleep(50);
        var asked = BenchEngine.now();
        http.send(
            request(
                    "/api/v1/jobs/" + job + "/cancellation",
                    stand.users.get(i % stand.users.size()).key())
                .POST(HttpRequest.BodyPublishers.noBody())
                .build(),
            BodyHandlers.discarding());
        times[i] = TimeUnit.MICROSECONDS.toNanos(closedAt(engine, job) - asked);
        stand.awaitNone("operation = 'bench-cancel' and state = 'running'");
      }
      new Percentiles(times).put(figures, "runs.cancel_to_closed");
    }
  }

  private long closedAt(Engine engine, UUID job) throws Exception {
    for (int i = 0; i < 1_000; i++) {
      var answer =
          http.send(
              HttpRequest.newBuilder(engine.at("/closed?" + job)).build(), BodyHandlers.ofString());
      if (!answer.body().equals("0")) {
        return Long.parseLong(answer.body());
      }
      TimeUnit.MILLISECONDS.sleep(10);
    }
    throw new IllegalStateException("A cancelled run is not stopped after 10 s.");
  }

  private record Watched(ConcurrentLinkedQueue<Long> micros, int parts, int doubled) {}

  /** Watches streams of a hundred parts each; returns how long each part took. */
  private Watched watch(int streams) throws Exception {
    var micros = new ConcurrentLinkedQueue<Long>();
    int parts = 0;
    int doubled = 0;
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var watchers = new ArrayList<Future<List<Integer>>>();
      for (int i = 0; i < streams; i++) {
        int user = i;
        var job = submit(user, "bench-parts");
        watchers.add(threads.submit(() -> watch(user, job, micros)));
      }
      for (var watcher : watchers) {
        var numbers = watcher.get();
        parts += (int) numbers.stream().distinct().count();
        doubled += numbers.size() - (int) numbers.stream().distinct().count();
      }
    }
    return new Watched(micros, parts, doubled);
  }

  private List<Integer> watch(int user, UUID job, ConcurrentLinkedQueue<Long> micros)
      throws Exception {
    var numbers = new ArrayList<Integer>();
    var key = stand.users.get(user % stand.users.size()).key();
    var answer =
        http.send(request("/api/v1/jobs/" + job + "/events", key).build(), BodyHandlers.ofLines());
    answer
        .body()
        .filter(line -> line.startsWith("data:"))
        .forEach(
            line -> {
              var now = BenchEngine.now();
              var part = PART.matcher(line);
              while (part.find()) {
                numbers.add(Integer.valueOf(part.group(1)));
                micros.add(now - Long.parseLong(part.group(2)));
              }
            });
    return numbers;
  }

  private static void put(Figures figures, String name, Watched watched, int streams) {
    new Percentiles(watched.micros().stream().mapToLong(TimeUnit.MICROSECONDS::toNanos).toArray())
        .put(figures, name + "_part_to_client");
    figures.put(name + "_lost", streams * 100 - watched.parts());
    figures.put(name + "_doubled", watched.doubled());
  }
}
