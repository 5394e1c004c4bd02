package dev.behalf.bench;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/**
 * An engine, as a process of its own: {@code /hold} works until it is released and says something
 * every 6 s, {@code /cancel} says that it lives every 5 ms and remembers when its connection was
 * closed, {@code /parts} says a hundred parts, ten a second, each with the time.
 */
final class BenchEngine {

  private final CountDownLatch released = new CountDownLatch(1);
  private final Map<String, Long> closed = new ConcurrentHashMap<>();

  private BenchEngine() {}

  public static void main(String[] arguments) throws IOException {
    var engine = new BenchEngine();
    var address =
        new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(arguments[0]));
    var server = HttpServer.create(address, 4_000);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/", engine::answer);
    server.start();
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      exchange.getRequestBody().readAllBytes();
      switch (exchange.getRequestURI().getPath()) {
        case "/release" -> {
          released.countDown();
          exchange.sendResponseHeaders(204, -1);
        }
        case "/closed" -> {
          var at = closed.getOrDefault(exchange.getRequestURI().getQuery(), 0L);
          var body = String.valueOf(at).getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(200, body.length);
          exchange.getResponseBody().write(body);
        }
        default -> work(exchange);
      }
    }
  }

  private void work(HttpExchange exchange) throws IOException {
    var job = exchange.getRequestHeaders().getFirst("Behalf-Job");
    exchange.getResponseHeaders().set("Content-Type", "application/x-ndjson");
    exchange.sendResponseHeaders(200, 0);
    var out = exchange.getResponseBody();
    try {
      switch (exchange.getRequestURI().getPath()) {
        case "/hold" -> hold(out, 6_000, "{\"progress\":{\"message\":\"at work\"}}");
        case "/cancel" -> hold(out, 5, "");
        default -> parts(out);
      }
      say(out, "{\"result\":{}}");
    } catch (IOException gone) {
      closed.put(job, now());
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
  }

  private void hold(OutputStream out, long everyMillis, String line)
      throws IOException, InterruptedException {
    do {
      say(out, line);
    } while (!released.await(everyMillis, TimeUnit.MILLISECONDS));
  }

  private static void parts(OutputStream out) throws IOException, InterruptedException {
    for (int i = 0; i < 100; i++) {
      say(out, "{\"output\":{\"delta\":\"%d:%d \"}}".formatted(i, now()));
      TimeUnit.MILLISECONDS.sleep(100);
    }
  }

  private static void say(OutputStream out, String line) throws IOException {
    out.write((line + "\n").getBytes(StandardCharsets.UTF_8));
    out.flush();
  }

  /** Returns the time in microseconds, which processes of one machine share. */
  static long now() {
    return ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now());
  }
}
