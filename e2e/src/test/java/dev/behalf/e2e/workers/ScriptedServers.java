package dev.behalf.e2e.workers;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.behalf.contract.ApiKeyFormat;
import dev.behalf.contract.Environment;
import dev.behalf.contract.KeyRing;
import dev.behalf.contract.RequestSignature;
import dev.behalf.contract.StrictJson;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The two servers that a worker calls. The key look-up verifies each signature as web-app does, and
 * compute-server takes only keys that the look-up has given out; without a script, both answer as
 * if all is well.
 */
final class ScriptedServers implements AutoCloseable {

  static final String LOOK_UP = "/internal/v1/key-lookups";
  static final String COMPUTE = "/v1/ai/jobs";

  private final HttpServer server;
  private final KeyRing secrets;
  private final Set<String> nonces = ConcurrentHashMap.newKeySet();
  private final Map<UUID, Deque<Answer>> ofUsers = new ConcurrentHashMap<>();
  private final Map<UUID, Deque<Answer>> ofJobs = new ConcurrentHashMap<>();
  private final Map<String, ApiKeyFormat> keys = new ConcurrentHashMap<>();
  private final Queue<String> secretsOfKeys = new ConcurrentLinkedQueue<>();
  private final Queue<Call> calls = new ConcurrentLinkedQueue<>();
  private final Queue<String> faults = new ConcurrentLinkedQueue<>();

  ScriptedServers(KeyRing secrets) throws IOException {
    this.secrets = secrets;
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/", exchange -> handle(exchange));
    server.start();
  }

  URI address() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  /**
   * A request that a worker has sent.
   *
   * @param headers the headers, with names in lower case
   */
  record Call(String path, UUID jobId, Map<String, String> headers, JsonNode body) {

    @Nullable String header(String name) {
      return headers.get(name);
    }
  }

  /** Sets what the key look-up answers for a user, in order; the last answer stays. */
  void lookUpAnswers(UUID user, Answer... answers) {
    ofUsers.put(user, new ArrayDeque<>(List.of(answers)));
  }

  /** Sets what compute-server answers for a job, in order; the last answer stays. */
  void computeAnswers(UUID job, Answer... answers) {
    ofJobs.put(job, new ArrayDeque<>(List.of(answers)));
  }

  /** Returns a new key of a user, which replaces the one that the look-up gives out otherwise. */
  ApiKeyFormat issue(UUID user, Environment environment) {
    var key = generate(environment);
    keys.put(user + environment.wire(), key);
    return key;
  }

  static Answer found(ApiKeyFormat key) {
    return Answer.of(
        200, "{\"key\":\"%s\",\"key_id\":\"%s\"}".formatted(key.reveal(), key.keyId()));
  }

  static Answer found(ApiKeyFormat key, String jobToken) {
    return Answer.of(
        200,
        "{\"key\":\"%s\",\"key_id\":\"%s\",\"job_token\":\"%s\"}"
            .formatted(key.reveal(), key.keyId(), jobToken));
  }

  List<Call> lookUps(UUID job) {
    return calls(LOOK_UP, job);
  }

  List<Call> computations(UUID job) {
    return calls(COMPUTE, job);
  }

  private List<Call> calls(String path, UUID job) {
    return calls.stream()
        .filter(call -> call.path().equals(path) && call.jobId().equals(job))
        .toList();
  }

  /** Returns the requests that break the contract, each with what is wrong. */
  List<String> faults() {
    return List.copyOf(faults);
  }

  /** Returns the keys that must be nowhere but in requests. */
  List<String> secretsOfKeys() {
    return List.copyOf(secretsOfKeys);
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      var bytes = exchange.getRequestBody().readAllBytes();
      var path = exchange.getRequestURI().getPath();
      var body = StrictJson.MAPPER.readTree(bytes);
      var jobId = UUID.fromString(body.path("job_id").asString(""));
      var headers = new ConcurrentHashMap<String, String>();
      exchange
          .getRequestHeaders()
          .forEach((name, values) -> headers.put(name.toLowerCase(Locale.ROOT), values.getFirst()));
      calls.add(new Call(path, jobId, headers, body));
      answer(path, bytes, headers, body, jobId).send(exchange);
    }
  }

  private Answer answer(
      String path, byte[] bytes, Map<String, String> headers, JsonNode body, UUID jobId) {
    return switch (path) {
      case LOOK_UP -> lookUp(bytes, headers, body);
      case COMPUTE -> compute(headers, jobId);
      default -> fault("A call of " + path, 404);
    };
  }

  private Answer lookUp(byte[] bytes, Map<String, String> headers, JsonNode body) {
    var check =
        RequestSignature.verify(
            secrets,
            "POST",
            LOOK_UP,
            bytes,
            headers.get("content-digest"),
            headers.get("signature-input"),
            headers.get("signature"),
            Instant.now());
    return switch (check) {
      case RequestSignature.Invalid invalid -> fault(invalid.reason(), 401);
      case RequestSignature.Valid valid when !nonces.add(valid.nonce()) ->
          fault("The nonce was used before.", 401);
      case RequestSignature.Valid valid -> {
        var user = UUID.fromString(body.required("user_id").asString());
        var environment = Environment.of(body.required("environment").asString());
        yield next(ofUsers.get(user), found(key(user, environment)));
      }
    };
  }

  private ApiKeyFormat key(UUID user, Environment environment) {
    return keys.computeIfAbsent(user + environment.wire(), owner -> generate(environment));
  }

  private ApiKeyFormat generate(Environment environment) {
    var key = ApiKeyFormat.generate(environment);
    secretsOfKeys.add(key.secret());
    return key;
  }

  private Answer compute(Map<String, String> headers, UUID jobId) {
    var authorization = String.valueOf(headers.get("authorization"));
    return authorization.startsWith("Api-Key bh_")
        ? next(ofJobs.get(jobId), Answer.succeeded())
        : fault("Authorization: " + authorization, 401);
  }

  private static Answer next(@Nullable Deque<Answer> script, Answer otherwise) {
    if (script == null) {
      return otherwise;
    }
    synchronized (script) {
      return script.size() > 1 ? script.remove() : script.element();
    }
  }

  private Answer fault(String fault, int status) {
    faults.add(fault);
    return Answer.problem(status, "signature_invalid");
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
