package dev.behalf.cli;

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
final class FakeBehalf implements AutoCloseable {

  private final HttpServer server;
  private final Deque<Reply> replies = new ArrayDeque<>();
  final List<Asked> asked = new CopyOnWriteArrayList<>();

  private @Nullable Reply latest;

  private record Reply(int status, String body, Map<String, String> headers) {}

  /** What has come in. */
  record Asked(
      String line, String body, @Nullable String authorization, @Nullable String idempotencyKey) {}

  FakeBehalf() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::answer);
    server.start();
  }

  String address() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  FakeBehalf then(int status, String body, String... headers) {
    var all = new HashMap<String, String>();
    for (int i = 0; i < headers.length; i += 2) {
      all.put(headers[i], headers[i + 1]);
    }
    replies.add(new Reply(status, body, all));
    return this;
  }

  /** The connection ends without an answer. */
  FakeBehalf thenNothing() {
    return then(0, "");
  }

  FakeBehalf thenProblem(int status, String code, String... headers) {
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
      var headers = exchange.getRequestHeaders();
      asked.add(
          new Asked(
              exchange.getRequestMethod() + " " + exchange.getRequestURI(),
              new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8),
              headers.getFirst("Authorization"),
              headers.getFirst("Idempotency-Key")));
      var reply = next();
      if (reply.status() > 0) {
        reply.headers().forEach(exchange.getResponseHeaders()::set);
        var bytes = reply.body().getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(reply.status(), bytes.length == 0 ? -1 : bytes.length);
        exchange.getResponseBody().write(bytes);
      }
    }
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
