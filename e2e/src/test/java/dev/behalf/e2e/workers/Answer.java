package dev.behalf.e2e.workers;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** What a scripted server answers to one request. */
@FunctionalInterface
interface Answer {

  /** The longest time that an answer is held, in seconds: longer than a worker waits for it. */
  int SECONDS_TO_HOLD = 60;

  void send(HttpExchange exchange) throws IOException;

  /** Returns an answer with a JSON body. */
  static Answer of(int status, String body) {
    return of(status, body, Map.of());
  }

  static Answer of(int status, String body, Map<String, String> headers) {
    return exchange -> {
      var bytes = body.getBytes(StandardCharsets.UTF_8);
      headers.forEach(exchange.getResponseHeaders()::set);
      exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
      exchange.getResponseBody().write(bytes);
    };
  }

  static Answer problem(int status, String code) {
    return problem(status, code, Map.of());
  }

  static Answer problem(int status, String code, Map<String, String> headers) {
    return of(
        status,
        "{\"status\":%d,\"code\":\"%s\",\"detail\":\"%s!\"}".formatted(status, code, code),
        headers);
  }

  static Answer succeeded() {
    return of(200, "{\"result\":{\"text\":\"TOP\"},\"units\":1,\"replayed\":false}");
  }

  /** Returns an answer that is sent once the gate is open. */
  static Answer after(CountDownLatch gate, Answer then) {
    return exchange -> {
      try {
        if (gate.await(SECONDS_TO_HOLD, TimeUnit.SECONDS)) {
          then.send(exchange);
        }
      } catch (InterruptedException stopped) {
        Thread.currentThread().interrupt();
      }
    };
  }

  /** Closes the connection without an answer. */
  static Answer none() {
    return exchange -> {};
  }
}
