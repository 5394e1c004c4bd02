package dev.behalf.client;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * Answers in turn what it was told to, the last answer again and again, and keeps what it was
 * asked.
 */
public final class FakeBehalf implements AutoCloseable {

  private final HttpServer server;
  private final Deque<Reply> replies = new ArrayDeque<>();
  public final List<Asked> asked = new CopyOnWriteArrayList<>();

  private @Nullable Reply latest;

  private record Reply(int status, String body, Map<String, String> headers) {}

  /** What has come in. */
  public record Asked(String line, String body, Map<String, List<String>> headers) {

    public @Nullable String header(String name) {
      var values = headers.get(name);
      return values == null ? null : values.getFirst();
    }

    public @Nullable String authorization() {
      return header("Authorization");
    }

    public @Nullable String idempotencyKey() {
      return header("Idempotency-key");
    }
  }

  public FakeBehalf() throws IOException {
    this(0);
  }

  FakeBehalf(int port) throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
    server.createContext("/", this::answer);
    server.start();
  }

  public String address() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  public FakeBehalf then(int status, String body, String... headers) {
    var all = new HashMap<String, String>();
    for (int i = 0; i < headers.length; i += 2) {
      all.put(headers[i], headers[i + 1]);
    }
    if (body.startsWith("id:") || body.startsWith(":")) {
      all.putIfAbsent("Content-Type", "text/event-stream");
    }
    replies.add(new Reply(status, body, all));
    return this;
  }

  /** The connection ends without an answer. */
  public FakeBehalf thenNothing() {
    return then(0, "");
  }

  public FakeBehalf thenProblem(int status, String code, String... headers) {
    return then(
        status,
        """
        {"type":"/docs/problems/%s","title":"A title","status":%d,"detail":"What to do.","code":"%s","trace_id":"4bf92f"}
        """
            .formatted(code, status, code),
        headers);
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      var path = exchange.getRequestURI().getPath();
      if (path.startsWith("/api/v1/operations")) {
        operations(exchange, path);
        return;
      }
      var headers = exchange.getRequestHeaders();
      asked.add(
          new Asked(
              exchange.getRequestMethod() + " " + exchange.getRequestURI(),
              new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8),
              Map.copyOf(headers)));
      var reply = next();
      if (reply.status() > 0) {
        reply.headers().forEach(exchange.getResponseHeaders()::set);
        var bytes = reply.body().getBytes(StandardCharsets.UTF_8);
        var promised = reply.headers().get("Content-Length");
        exchange.sendResponseHeaders(
            reply.status(),
            promised != null ? Long.parseLong(promised) : bytes.length == 0 ? -1 : bytes.length);
        exchange.getResponseBody().write(bytes);
      }
    }
  }

  /** Describes the operations, beside what the test has asked for. */
  private static void operations(HttpExchange exchange, String path) throws IOException {
    var name = path.substring(path.lastIndexOf('/') + 1);
    var body =
        switch (name) {
          case "echo" -> operation(name, "\"text\":{\"type\":\"string\"}");
          case "classify" ->
              operation(
                  name,
                  """
                  "text":{"type":"string"},"labels":{"type":"array","items":{"type":"string"}},
                  "examples":{"type":"object","additionalProperties":{"type":"array","items":{"type":"string"}}},
                  "other":{"type":"string"},"limit":{"type":"integer"},"exact":{"type":"boolean"}
                  """);
          case "operations" -> "{\"operations\":[{\"name\":\"classify\"},{\"name\":\"echo\"}]}";
          default ->
              "{\"type\":\"/docs/problems/not_found\",\"status\":404,\"code\":\"not_found\"}";
        };
    var bytes = body.getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(body.contains("not_found") ? 404 : 200, bytes.length);
    exchange.getResponseBody().write(bytes);
  }

  private static String operation(String name, String properties) {
    return "{\"name\":\"%s\",\"input\":{\"type\":\"object\",\"properties\":{%s}}}"
        .formatted(name, properties);
  }

  private Reply next() {
    latest = replies.isEmpty() ? latest : replies.remove();
    return Objects.requireNonNull(latest);
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
