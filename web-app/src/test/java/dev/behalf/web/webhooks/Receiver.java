package dev.behalf.web.webhooks;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.behalf.client.InvalidWebhookException;
import dev.behalf.client.WebhookVerifier;
import dev.behalf.contract.StrictJson;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.JsonNode;

/** Somebody's endpoint: keeps what it gets, and answers as it is told to. */
final class Receiver implements AutoCloseable {

  private final HttpServer server;
  private final List<Request> requests = new CopyOnWriteArrayList<>();
  private final CountDownLatch closed = new CountDownLatch(1);
  private volatile int status = 204;
  private volatile String text = "";
  private volatile Map<String, String> headers = Map.of();

  Receiver() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/", this::answer);
    server.start();
  }

  record Request(String path, Map<String, List<String>> headers, String body) {

    String header(String name) {
      return headers.entrySet().stream()
          .filter(header -> header.getKey().equalsIgnoreCase(name))
          .map(header -> String.join(", ", header.getValue()))
          .findFirst()
          .orElse("");
    }

    String id() {
      return header("webhook-id");
    }

    JsonNode json() {
      return StrictJson.MAPPER.readTree(body);
    }

    /** Whether the client of somebody who has this secret takes it for genuine. */
    boolean isSignedWith(String secret) {
      try {
        return new WebhookVerifier(secret)
            .verify(this::header, body.getBytes(StandardCharsets.UTF_8))
            .id()
            .equals(id());
      } catch (InvalidWebhookException notGenuine) {
        return false;
      }
    }
  }

  Receiver answering(int otherStatus, String otherText, Map<String, String> otherHeaders) {
    text = otherText;
    headers = otherHeaders;
    status = otherStatus;
    return this;
  }

  Receiver answering(int otherStatus) {
    return answering(otherStatus, "", Map.of());
  }

  URI url(String path) {
    return URI.create("http://127.0.0.1:" + port() + path);
  }

  int port() {
    return server.getAddress().getPort();
  }

  List<Request> requests() {
    return requests;
  }

  int connections() {
    return requests.size();
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      var body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
      var path = exchange.getRequestURI().toString();
      requests.add(new Request(path, Map.copyOf(exchange.getRequestHeaders()), body));
      if (path.startsWith("/slow")) {
        closed.await(20, TimeUnit.SECONDS);
      }
      headers.forEach((name, value) -> exchange.getResponseHeaders().set(name, value));
      var bytes = text.getBytes(StandardCharsets.UTF_8);
      exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
      exchange.getResponseBody().write(bytes);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    closed.countDown();
    server.stop(0);
  }
}
