package dev.behalf.engine;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.behalf.contract.StrictJson;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * A chat server that answers as OpenAI, vLLM, Ollama or llama.cpp do: it repeats the last message
 * word by word, a token each, and counts a token for each word of the messages. Its forms are those
 * of the public references of these servers.
 */
public final class ChatServer implements AutoCloseable {

  /** Whose forms the server has. */
  public enum Kind {
    OPENAI,
    VLLM,
    OLLAMA,
    LLAMA_CPP
  }

  /** The model that all of these servers have. */
  public static final String MODEL = "small";

  /** A model of OpenAI that refuses {@code max_tokens}. */
  public static final String NEWER_MODEL = "newer";

  public final List<ObjectNode> received = new CopyOnWriteArrayList<>();

  /** Every line and body that was sent to the server. */
  public final List<String> traffic = new CopyOnWriteArrayList<>();

  /** How many answers the client has cut off. */
  public final List<Integer> cutOffAfter = new CopyOnWriteArrayList<>();

  private final Kind kind;
  private final HttpServer server;
  private volatile @Nullable String key;
  private volatile Duration pause = Duration.ZERO;
  private volatile Duration thought = Duration.ZERO;
  private volatile boolean reportsUsage = true;
  private volatile boolean reportsUsageInEachPart;
  private volatile boolean knowsLimit = true;
  private volatile boolean streams = true;
  private volatile @Nullable Integer cutsAfter;
  private volatile @Nullable Failure failure;
  private volatile @Nullable Refusal refusal;

  private record Failure(int after, String line) {}

  private record Refusal(int status, String body, @Nullable String retryAfter) {}

  public ChatServer(Kind kind) throws IOException {
    this.kind = kind;
    this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 50);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/v1/chat/completions", this::serve);
    server.start();
  }

  /** Returns the address before {@code /chat/completions}. */
  public URI address() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/v1");
  }

  public ChatServer withKey(String required) {
    key = required;
    return this;
  }

  /** Pauses after each token. */
  public ChatServer slowly(Duration between) {
    pause = between;
    return this;
  }

  /** Says nothing for some time before the first token, as while a model is loaded. */
  public ChatServer thinkingFor(Duration before) {
    thought = before;
    return this;
  }

  public ChatServer withoutUsage() {
    reportsUsage = false;
    return this;
  }

  /** Reports usage with each part, as vLLM does with {@code continuous_usage_stats}. */
  public ChatServer withUsageInEachPart() {
    reportsUsageInEachPart = true;
    return this;
  }

  /** Goes on past the limit. */
  public ChatServer withoutLimit() {
    knowsLimit = false;
    return this;
  }

  /** Answers as a whole, although a stream is asked for. */
  public ChatServer withoutStream() {
    streams = false;
    return this;
  }

  public ChatServer cutAfter(int tokens) {
    cutsAfter = tokens;
    return this;
  }

  /** Sends a line in the middle of a stream, and ends it. */
  public ChatServer failAfter(int tokens, String line) {
    failure = new Failure(tokens, line);
    return this;
  }

  /** Answers a status until {@link #accept}. */
  public ChatServer refuse(int status, String body, @Nullable String retryAfter) {
    refusal = new Refusal(status, body, retryAfter);
    return this;
  }

  public ChatServer accept() {
    refusal = null;
    failure = null;
    cutsAfter = null;
    return this;
  }

  private void serve(HttpExchange exchange) throws IOException {
    try (exchange) {
      var text = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
      traffic.add(
          exchange.getRequestMethod()
              + " "
              + exchange.getRequestURI()
              + "\n"
              + exchange.getRequestHeaders().entrySet()
              + "\n"
              + text);
      var request = (ObjectNode) StrictJson.MAPPER.readTree(text);
      received.add(request);
      var refused = refusal == null ? refusal(exchange, request) : refusal;
      if (refused != null) {
        refuse(exchange, refused);
      } else if (streams && request.path("stream").asBoolean(false)) {
        stream(exchange, request);
      } else {
        whole(exchange, request);
      }
    }
  }

  private @Nullable Refusal refusal(HttpExchange exchange, ObjectNode request) {
    var authorization = exchange.getRequestHeaders().getFirst("Authorization");
    if (key != null && !("Bearer " + key).equals(authorization)) {
      return new Refusal(
          401, error("invalid_request_error", "invalid_api_key", "Incorrect API key."), null);
    }
    var model = request.path("model").asString("");
    if (!List.of(MODEL, NEWER_MODEL).contains(model)) {
      return new Refusal(
          404, error("invalid_request_error", "model_not_found", "No such model."), null);
    }
    if (model.equals(NEWER_MODEL) && request.has("max_tokens")) {
      return new Refusal(
          400,
          """
          {"error":{"message":"Unsupported parameter: 'max_tokens' is not supported with this model.",
           "type":"invalid_request_error","param":"max_tokens","code":"unsupported_parameter"}}
          """,
          null);
    }
    return null;
  }

  /** Returns an error in the form of this kind of server. */
  public String error(String type, String code, String message) {
    return switch (kind) {
      case OPENAI ->
          "{\"error\":{\"message\":\"%s\",\"type\":\"%s\",\"param\":null,\"code\":\"%s\"}}"
              .formatted(message, type, code);
      case VLLM ->
          "{\"object\":\"error\",\"message\":\"%s\",\"type\":\"%s\",\"param\":null,\"code\":400}"
              .formatted(message, type);
      case OLLAMA ->
          "{\"error\":{\"message\":\"%s\",\"type\":\"%s\",\"param\":null,\"code\":null}}"
              .formatted(message, type);
      case LLAMA_CPP ->
          "{\"error\":{\"code\":400,\"message\":\"%s\",\"type\":\"%s\"}}".formatted(message, type);
    };
  }

  private static void refuse(HttpExchange exchange, Refusal refused) throws IOException {
    if (refused.retryAfter() != null) {
      exchange.getResponseHeaders().add("Retry-After", refused.retryAfter());
    }
    exchange.getResponseHeaders().add("Content-Type", "application/json");
    var body = refused.body().getBytes(UTF_8);
    exchange.sendResponseHeaders(refused.status(), body.length == 0 ? -1 : body.length);
    exchange.getResponseBody().write(body);
  }

  private static String[] words(String text) {
    return text.split("(?<= )");
  }

  private static String lastMessage(ObjectNode request) {
    var messages = request.path("messages");
    return messages.path(messages.size() - 1).path("content").asString("");
  }

  private static int promptTokens(ObjectNode request) {
    return request
        .path("messages")
        .valueStream()
        .mapToInt(message -> words(message.path("content").asString("")).length)
        .sum();
  }

  private int limit(ObjectNode request) {
    var limit = request.path("max_tokens").asInt(request.path("max_completion_tokens").asInt(0));
    return limit == 0 || !knowsLimit ? Integer.MAX_VALUE : limit;
  }

  private void stream(HttpExchange exchange, ObjectNode request) throws IOException {
    exchange.getResponseHeaders().add("Content-Type", "text/event-stream; charset=utf-8");
    exchange.sendResponseHeaders(200, 0);
    int sent = 0;
    try {
      if (kind != Kind.OLLAMA) {
        send(exchange, chunk(request, "{\"role\":\"assistant\",\"content\":\"\"}", null, 0));
      } else {
        line(exchange, ": ping"); // as proxies send
      }
      TimeUnit.MILLISECONDS.sleep(thought.toMillis());
      for (var word : words(lastMessage(request))) {
        var fails = failure;
        if (fails != null && sent == fails.after()) {
          line(exchange, fails.line());
          return;
        }
        if (Integer.valueOf(sent).equals(cutsAfter)) {
          throw new IOException("cut, as asked for");
        }
        if (sent == limit(request)) {
          break;
        }
        send(exchange, chunk(request, delta(word), null, ++sent));
        TimeUnit.MILLISECONDS.sleep(pause.toMillis());
      }
      send(exchange, chunk(request, "{}", sent == limit(request) ? "length" : "stop", sent));
      if (reportsUsage && request.path("stream_options").path("include_usage").asBoolean(false)) {
        send(exchange, usageChunk(request, sent));
      }
      line(exchange, "data: [DONE]");
    } catch (IOException gone) {
      cutOffAfter.add(sent);
      throw gone;
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
  }

  private String delta(String word) {
    var delta = StrictJson.MAPPER.createObjectNode();
    if (kind == Kind.OLLAMA) {
      delta.put("role", "assistant");
    }
    return delta.put("content", word).toString();
  }

  private String chunk(ObjectNode request, String delta, @Nullable String finish, int sent) {
    var usage =
        reportsUsageInEachPart
            ? ",\"usage\":" + usage(request, sent)
            : kind == Kind.OPENAI ? ",\"usage\":null" : "";
    return """
    {"id":"chatcmpl-1","object":"chat.completion.chunk","created":1795514400,"model":"%s-2026",\
    "choices":[{"index":0,"delta":%s,"finish_reason":%s}]%s}"""
        .formatted(
            request.path("model").asString(""),
            delta,
            finish == null ? "null" : "\"" + finish + "\"",
            usage);
  }

  private String usageChunk(ObjectNode request, int sent) {
    return "{\"id\":\"chatcmpl-1\",\"object\":\"chat.completion.chunk\",\"choices\":"
        + (kind == Kind.VLLM ? "null" : "[]")
        + ",\"usage\":"
        + usage(request, sent)
        + "}";
  }

  private static String usage(ObjectNode request, int sent) {
    int prompt = promptTokens(request);
    return "{\"prompt_tokens\":%d,\"completion_tokens\":%d,\"total_tokens\":%d}"
        .formatted(prompt, sent, prompt + sent);
  }

  private void whole(HttpExchange exchange, ObjectNode request) throws IOException {
    var text = lastMessage(request);
    var answer = StrictJson.MAPPER.createObjectNode();
    answer.put("object", "chat.completion").put("model", MODEL);
    var choice = answer.putArray("choices").addObject();
    choice.putObject("message").put("role", "assistant").put("content", text);
    choice.put("finish_reason", "stop");
    if (reportsUsage) {
      answer.set("usage", StrictJson.MAPPER.readTree(usage(request, words(text).length)));
    }
    var body = StrictJson.write(answer);
    exchange.getResponseHeaders().add("Content-Type", "application/json");
    exchange.sendResponseHeaders(200, body.length);
    exchange.getResponseBody().write(body);
  }

  private static void send(HttpExchange exchange, String chunk) throws IOException {
    line(exchange, "data: " + chunk);
  }

  private static void line(HttpExchange exchange, String line) throws IOException {
    exchange.getResponseBody().write((line + "\n\n").getBytes(UTF_8));
    exchange.getResponseBody().flush();
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
