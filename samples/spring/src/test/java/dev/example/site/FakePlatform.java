package dev.example.site;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.behalf.client.test.FakeBehalf;
import dev.behalf.client.test.FakeFailure;
import dev.behalf.client.test.FakeRun;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A Behalf as a platform sees it: a {@link FakeBehalf} for each user, and before them the routes
 * that only a platform needs, by docs/platforms.md.
 */
final class FakePlatform {

  static final String ID = "site";
  static final String PLATFORM_SECRET = "platform-secret";
  static final String WEBHOOK_SECRET =
      "whsec_" + Base64.getEncoder().encodeToString("a secret for tests".getBytes(UTF_8));

  private static final JsonMapper JSON = new JsonMapper();

  /** Requests for users, such as {@code GET /api/v1/jobs/…}; each after the user's external id. */
  final List<String> requests = new CopyOnWriteArrayList<>();

  final List<String> idempotencyKeys = new CopyOnWriteArrayList<>();
  final Map<String, JsonNode> properties = new ConcurrentHashMap<>();
  final List<JsonNode> webhooks = new CopyOnWriteArrayList<>();
  volatile boolean isAway;

  private final Map<String, FakeBehalf> users = new ConcurrentHashMap<>();
  private final HttpClient http = HttpClient.newHttpClient();
  private final HttpServer server;

  private FakePlatform(HttpServer server) {
    this.server = server;
  }

  static FakePlatform start() {
    try {
      var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      var fake = new FakePlatform(server);
      server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
      server.createContext("/", fake::answer);
      server.start();
      return fake;
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  String address() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  FakeBehalf user(String externalId) {
    return users.get(externalId);
  }

  Set<String> users() {
    return users.keySet();
  }

  void reset() {
    isAway = false;
    users.values().forEach(FakeBehalf::close);
    users.clear();
    properties.clear();
    List.of(requests, idempotencyKeys, webhooks).forEach(List::clear);
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      var method = exchange.getRequestMethod();
      var path = exchange.getRequestURI().getPath();
      var body = exchange.getRequestBody().readAllBytes();
      var user = header(exchange, "Behalf-On-Behalf-Of");
      if (isAway) {
        problem(exchange, 503, "unavailable");
      } else if (path.equals("/oauth2/token")) {
        token(exchange);
      } else if (!header(exchange, "Authorization").equals("Bearer the-token")) {
        problem(exchange, 401, "token_invalid");
      } else if (method.equals("PUT") && path.startsWith("/api/v1/users/")) {
        put(exchange, path.substring("/api/v1/users/".length()), JSON.readTree(body));
      } else if (path.equals("/api/v1/webhooks")) {
        webhooks.add(JSON.readTree(body));
        json(exchange, 201, webhook(JSON.readTree(body)));
      } else if (!users.containsKey(user)) {
        problem(exchange, 404, "not_found");
      } else {
        requests.add(user + " " + method + " " + exchange.getRequestURI());
        act(exchange, users.get(user), body);
      }
    }
  }

  private static void token(HttpExchange exchange) throws IOException {
    var basic = Base64.getEncoder().encodeToString((ID + ":" + PLATFORM_SECRET).getBytes(UTF_8));
    if (header(exchange, "Authorization").equals("Basic " + basic)) {
      json(exchange, 200, "{\"access_token\":\"the-token\",\"expires_in\":600}");
    } else {
      json(exchange, 401, "{\"error\":\"invalid_client\"}");
    }
  }

  private void put(HttpExchange exchange, String externalId, JsonNode body) throws IOException {
    properties.put(externalId, body);
    users.computeIfAbsent(
        externalId, id -> FakeBehalf.start().operation("capitals", FakePlatform::work));
    var user =
        JSON.createObjectNode()
            .put("external_id", externalId)
            .put("user_id", UUID.randomUUID().toString())
            .put("created_at", "2026-11-27T10:00:00Z");
    json(exchange, 200, user.toString());
  }

  /** What the texts of the tests ask for. */
  private static Object work(FakeRun run) throws InterruptedException {
    var text = run.input().required("text").asString();
    if (text.startsWith("fail")) {
      throw new FakeFailure("attempts_exhausted", "The last attempt failed too.");
    }
    while (text.startsWith("wait") && !run.isCancelled()) {
      Thread.sleep(5);
    }
    return Map.of("text", text.toUpperCase(java.util.Locale.ROOT));
  }

  private static String webhook(JsonNode body) {
    var answer = JSON.createObjectNode().put("secret", WEBHOOK_SECRET);
    answer
        .putObject("webhook")
        .put("id", UUID.randomUUID().toString())
        .put("created_at", "2026-11-27T10:00:00Z")
        .setAll((tools.jackson.databind.node.ObjectNode) body);
    return answer.toString();
  }

  private void act(HttpExchange exchange, FakeBehalf user, byte[] body) throws IOException {
    var uri = exchange.getRequestURI();
    if (uri.getPath().endsWith("/watch-tokens")) {
      var job = uri.getPath().split("/")[4];
      var token = "{\"token\":\"bhw_%s\",\"expires_at\":\"2026-11-27T10:15:00Z\"}".formatted(job);
      json(exchange, 201, token);
      return;
    }
    var request =
        HttpRequest.newBuilder(URI.create(user.address() + uri))
            .method(exchange.getRequestMethod(), BodyPublishers.ofByteArray(body))
            .header("Authorization", "Api-Key " + user.apiKey());
    var key = header(exchange, "Idempotency-Key");
    if (!key.isEmpty()) {
      idempotencyKeys.add(key);
      request.header("Idempotency-Key", key);
    }
    try {
      var answer = http.send(request.build(), BodyHandlers.ofString());
      json(exchange, answer.statusCode(), answer.body());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static String header(HttpExchange exchange, String name) {
    var value = exchange.getRequestHeaders().getFirst(name);
    return value == null ? "" : value;
  }

  private static void problem(HttpExchange exchange, int status, String code) throws IOException {
    var problem =
        JSON.createObjectNode()
            .put("status", status)
            .put("code", code)
            .put("detail", "There is no such user.");
    json(exchange, status, problem.toString());
  }

  private static void json(HttpExchange exchange, int status, String body) throws IOException {
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    var bytes = body.getBytes(UTF_8);
    exchange.sendResponseHeaders(status, bytes.length);
    exchange.getResponseBody().write(bytes);
  }
}
