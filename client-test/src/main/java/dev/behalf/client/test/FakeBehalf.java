package dev.behalf.client.test;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.behalf.client.BehalfClient;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A Behalf in the memory of a test, which obeys the contract of jobs, events, batches and
 * operations. It has one user, with a test key, and charges one unit a job. Keys, platforms, quotas
 * and webhooks are left out.
 *
 * <pre>{@code
 * try (var fake = FakeBehalf.start().operation("greet", run -> run.input());
 *     var behalf = fake.client()) {
 *   shop.placeOrder(behalf);
 *   assertThat(fake.submitted()).hasSize(1);
 * }
 * }</pre>
 */
public final class FakeBehalf implements AutoCloseable {

  private static final String KEY = "bh_test_000000000000000000000000000000000000000000001DUvLQ";
  private static final String USER = "0190a5c8-0000-7000-8000-0000000000aa";
  private static final int MAX_PAGE = 100;

  private final FakeJobs jobs = new FakeJobs();
  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private int outages;

  private FakeBehalf(HttpServer server) {
    this.server = server;
  }

  /** Starts a server on a free port of this machine. */
  public static FakeBehalf start() {
    try {
      var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      var fake = new FakeBehalf(server);
      server.setExecutor(fake.threads);
      server.createContext("/", fake::answer);
      server.start();
      return fake;
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  /** Defines an operation. */
  public FakeBehalf operation(String name, FakeOperation operation) {
    jobs.define(name, operation);
    return this;
  }

  /** Answers the next requests with 503, as during a restart. */
  public synchronized FakeBehalf unavailable(int requests) {
    outages = requests;
    return this;
  }

  public String address() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  /** Returns the only key that is accepted: a test key. */
  public String apiKey() {
    return KEY;
  }

  /** Makes a client of this server. */
  public BehalfClient client() {
    return BehalfClient.builder(address()).apiKey(KEY).build();
  }

  /**
   * Returns the submissions, the oldest first, as their bodies: {@code payload}, {@code tags},
   * {@code metadata} and the like. Each line of a batch is one.
   */
  public List<JsonNode> submitted() {
    return jobs.submitted();
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }

  private synchronized boolean isOut() {
    return outages > 0 && outages-- > 0;
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      var body = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
      try {
        if (isOut()) {
          exchange.getResponseHeaders().set("Retry-After", "0");
          throw new FakeProblem(503, "unavailable", "Try again.");
        }
        authenticate(exchange);
        route(exchange, body);
      } catch (FakeProblem problem) {
        exchange.getResponseHeaders().set("Content-Type", "application/problem+json");
        send(exchange, problem.status, problem.body());
      }
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
  }

  private static void authenticate(HttpExchange exchange) {
    var given = exchange.getRequestHeaders().getFirst("Authorization");
    if (given == null) {
      throw new FakeProblem(401, "key_missing", "Send a key.");
    }
    if (!given.equals("Api-Key " + KEY)) {
      throw new FakeProblem(401, "key_invalid", "The key is unknown.");
    }
  }

  private void route(HttpExchange exchange, String body) throws IOException, InterruptedException {
    var path = exchange.getRequestURI().getPath().split("/");
    var route = exchange.getRequestMethod() + " " + pattern(path);
    switch (route) {
      case "POST jobs" -> submit(exchange, body);
      case "GET jobs" -> list(exchange);
      case "GET jobs/id" -> json(exchange, 200, awaited(exchange, jobs.get(id(path))).json());
      case "GET jobs/id/events" -> events(exchange, jobs.get(id(path)));
      case "POST jobs/id/cancellation" -> json(exchange, 200, jobs.cancel(id(path)).json());
      case "POST jobs/id/retry" -> taken(exchange, jobs.retry(id(path)));
      case "POST batches" -> sendBatch(exchange, body);
      case "GET batches/id" -> json(exchange, 200, jobs.batch(id(path)).json());
      case "GET batches/id/results" -> results(exchange, jobs.batch(id(path)));
      case "POST batches/id/cancellation" -> cancel(exchange, jobs.batch(id(path)));
      case "GET operations" -> operations(exchange);
      case "GET operations/name" -> operation(exchange, path[4]);
      case "GET me" -> json(exchange, 200, me());
      case "GET usage" -> json(exchange, 200, usage());
      default -> throw FakeProblem.notFound();
    }
  }

  /** Returns the path behind {@code /api/v1/}, with {@code id} or {@code name} in its place. */
  private static String pattern(String[] path) {
    if (path.length < 4 || !path[1].equals("api") || !path[2].equals("v1")) {
      return "";
    }
    var parts = new ArrayList<>(List.of(path).subList(3, path.length));
    if (parts.size() > 1) {
      parts.set(1, parts.getFirst().equals("operations") ? "name" : "id");
    }
    return String.join("/", parts);
  }

  private static UUID id(String[] path) {
    try {
      return UUID.fromString(path[4]);
    } catch (IllegalArgumentException noId) {
      throw new FakeProblem(400, "id_malformed", "Write the id as a UUID.");
    }
  }

  private void submit(HttpExchange exchange, String body) throws IOException, InterruptedException {
    try {
      if (!(FakeJson.MAPPER.readTree(body) instanceof ObjectNode asked)) {
        throw new FakeProblem(400, "json_malformed", "Send an object.");
      }
      var key = exchange.getRequestHeaders().getFirst("Idempotency-Key");
      taken(exchange, jobs.submit(asked, key));
    } catch (JacksonException noJson) {
      throw new FakeProblem(400, "json_malformed", "The body is not JSON.");
    }
  }

  private static void taken(HttpExchange exchange, FakeJobs.Taken<FakeJob> taken)
      throws IOException, InterruptedException {
    if (taken.isReplayed()) {
      exchange.getResponseHeaders().set("Idempotent-Replayed", "true");
    }
    var job = awaited(exchange, taken.made());
    json(exchange, job.hasEnded() ? 200 : 202, job.json());
  }

  /** Waits as {@code Prefer: wait=N} asks. */
  private static FakeJob awaited(HttpExchange exchange, FakeJob job) throws InterruptedException {
    var prefer = exchange.getRequestHeaders().getFirst("Prefer");
    if (prefer != null && prefer.matches("wait=\\d{1,2}")) {
      job.await(1000L * Math.min(60, Integer.parseInt(prefer.substring("wait=".length()))));
      exchange.getResponseHeaders().set("Preference-Applied", prefer);
    }
    return job;
  }

  private void list(HttpExchange exchange) throws IOException {
    var limit = Math.clamp(Integer.parseInt(parameter(exchange, "limit", "20")), 1, MAX_PAGE);
    var cursor = parameter(exchange, "cursor", "");
    var found = jobs.find(parameter(exchange, "q", ""));
    var from = 0;
    while (!cursor.isEmpty() && from < found.size()) {
      from++;
      if (found.get(from - 1).id.toString().equals(cursor)) {
        break;
      }
    }
    var page = found.subList(from, Math.min(found.size(), from + limit));
    var json = FakeJson.MAPPER.createObjectNode();
    var array = json.putArray("jobs");
    page.forEach(job -> array.add(job.json()));
    if (from + limit < found.size()) {
      json.put("next", page.getLast().id.toString());
    }
    json(exchange, 200, json);
  }

  /** Streams what happens to a job, up to its end. */
  private static void events(HttpExchange exchange, FakeJob job)
      throws IOException, InterruptedException {
    var header = exchange.getRequestHeaders().getFirst("Last-Event-ID");
    var after = Long.parseLong(parameter(exchange, "after", header == null ? "0" : header));
    if (after >= FakeJob.END) {
      exchange.sendResponseHeaders(204, -1);
      return;
    }
    exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
    exchange.sendResponseHeaders(200, 0);
    var out = exchange.getResponseBody();
    while (after < FakeJob.END) {
      var event = job.next(after);
      if (event == null) {
        out.write(":\n\n".getBytes(UTF_8));
      } else {
        after = event.id();
        var text = "id:" + after + "\nevent:" + event.name() + "\ndata:" + event.data() + "\n\n";
        out.write(text.getBytes(UTF_8));
      }
      out.flush();
    }
  }

  private void sendBatch(HttpExchange exchange, String file) throws IOException {
    var headers = exchange.getRequestHeaders();
    if (!String.valueOf(headers.getFirst("Content-Type")).matches("application/(x-ndjson|jsonl)")) {
      throw new FakeProblem(415, "media_type_unsupported", "The fake reads JSON lines only.");
    }
    var taken =
        jobs.send(
            file,
            parameter(exchange, "name", ""),
            parameter(exchange, "environment", "test"),
            parameters(exchange, "tag"),
            headers.getFirst("Idempotency-Key"));
    if (taken.isReplayed()) {
      exchange.getResponseHeaders().set("Idempotent-Replayed", "true");
    }
    json(exchange, 202, taken.made().json());
  }

  private static void results(HttpExchange exchange, FakeBatch batch) throws IOException {
    exchange.getResponseHeaders().set("Content-Type", "application/x-ndjson");
    send(exchange, 200, batch.results());
  }

  private static void cancel(HttpExchange exchange, FakeBatch batch) throws IOException {
    batch.jobs().forEach(FakeJob::cancel);
    json(exchange, 202, batch.json());
  }

  private void operations(HttpExchange exchange) throws IOException {
    var json = FakeJson.MAPPER.createObjectNode();
    var array = json.putArray("operations");
    jobs.names().forEach(name -> array.add(described(name)));
    json(exchange, 200, json);
  }

  private void operation(HttpExchange exchange, String name) throws IOException {
    if (!jobs.names().contains(name)) {
      throw FakeProblem.notFound();
    }
    json(exchange, 200, described(name));
  }

  private static ObjectNode described(String name) {
    var json = FakeJson.MAPPER.createObjectNode().put("name", name).put("version", 1);
    json.putObject("title").put("en", name);
    json.putObject("input").put("type", "object");
    return json;
  }

  private static ObjectNode me() {
    var json =
        FakeJson.MAPPER
            .createObjectNode()
            .put("user_id", USER)
            .put("credential", "key " + KEY.substring(8, 20))
            .put("environment", "test");
    List.of("jobs:read", "jobs:write", "usage:read").forEach(json.putArray("scopes")::add);
    return json;
  }

  private ObjectNode usage() {
    var used = jobs.find("state:succeeded").size();
    var json = FakeJson.MAPPER.createObjectNode();
    json.putArray("usage")
        .addObject()
        .put("environment", "test")
        .put("period", java.time.YearMonth.now(java.time.ZoneOffset.UTC).toString())
        .put("used", used)
        .put("held", 0)
        .put("limit", 1_000_000)
        .put("left", 1_000_000 - used);
    return json;
  }

  private static String parameter(HttpExchange exchange, String name, String otherwise) {
    var values = parameters(exchange, name);
    return values.isEmpty() ? otherwise : values.getFirst();
  }

  private static List<String> parameters(HttpExchange exchange, String name) {
    var values = new ArrayList<String>();
    @Nullable String query = exchange.getRequestURI().getRawQuery();
    for (var one : query == null ? new String[0] : query.split("&")) {
      if (one.startsWith(name + "=")) {
        values.add(URLDecoder.decode(one.substring(name.length() + 1), UTF_8));
      }
    }
    return values;
  }

  private static void json(HttpExchange exchange, int status, JsonNode json) throws IOException {
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    send(exchange, status, json.toString());
  }

  private static void send(HttpExchange exchange, int status, String body) throws IOException {
    var bytes = body.getBytes(UTF_8);
    exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
    exchange.getResponseBody().write(bytes);
  }
}
