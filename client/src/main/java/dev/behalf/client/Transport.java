package dev.behalf.client;

import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * Sends requests to one server, with one credential. It follows no redirects, so that the
 * credential goes to this server only.
 *
 * @param actsFor external id of the user for whom a platform acts; null if it acts as itself
 * @param note receives the reason for each retry
 */
record Transport(
    HttpClient http,
    ServerAddress address,
    Credential credential,
    @Nullable String actsFor,
    String userAgent,
    RetryPolicy retries,
    InstantSource clock,
    Pause pause,
    Consumer<String> note) {

  static final Duration CONNECT = Duration.ofSeconds(5);
  private static final Duration ANSWER = Duration.ofSeconds(30);

  /** Maximum length of an answer in bytes: a page of jobs has a quarter of it. */
  private static final int MAX_ANSWER = 16 * 1024 * 1024;

  /** So often in a row a stream may be cut before anything comes. */
  private static final int MOST_CUTS = 10;

  /** A stream that has lived so long was not cut, even if nothing has happened to the job. */
  private static final Duration LONG_ENOUGH = Duration.ofMinutes(1);

  /**
   * A request.
   *
   * @param isRepeatable whether it changes nothing, or the same when it is sent twice
   */
  record Call(
      String method,
      String path,
      BodyPublisher body,
      Map<String, String> headers,
      Duration timeout,
      boolean isRepeatable) {

    static Call get(String path) {
      return of("GET", path, BodyPublishers.noBody()).repeatable();
    }

    static Call delete(String path) {
      return of("DELETE", path, BodyPublishers.noBody()).repeatable();
    }

    static Call put(String path, JsonNode body) {
      return of("PUT", path, json(body)).repeatable();
    }

    static Call post(String path, JsonNode body) {
      return of("POST", path, json(body)).with("Content-Type", "application/json");
    }

    static Call post(String path) {
      return of("POST", path, BodyPublishers.noBody());
    }

    static Call post(String path, BodyPublisher body, String type) {
      return of("POST", path, body).with("Content-Type", type);
    }

    private static Call of(String method, String path, BodyPublisher body) {
      return new Call(method, path, body, Map.of(), ANSWER, false);
    }

    private static BodyPublisher json(JsonNode body) {
      return BodyPublishers.ofByteArray(Json.MAPPER.writeValueAsBytes(body));
    }

    Call with(String header, String value) {
      var all = new LinkedHashMap<>(headers);
      all.put(header, value);
      return new Call(method, path, body, all, timeout, isRepeatable);
    }

    Call within(Duration time) {
      return new Call(method, path, body, headers, time, isRepeatable);
    }

    Call repeatable() {
      return new Call(method, path, body, headers, timeout, true);
    }
  }

  /**
   * A successful answer.
   *
   * @param isReplayed whether the server had done it before, for the same idempotency key
   */
  record Answer(JsonNode json, boolean isReplayed) {}

  Transport actingFor(String externalId) {
    return new Transport(
        http, address, credential, externalId, userAgent, retries, clock, pause, note);
  }

  Transport retrying(RetryPolicy policy) {
    return new Transport(http, address, credential, actsFor, userAgent, policy, clock, pause, note);
  }

  Instant now() {
    return clock.instant();
  }

  <T> T get(String path, Function<JsonNode, T> shape) {
    return send(Call.get(path), answer -> shape.apply(answer.json()));
  }

  /**
   * Sends a request, and expects a JSON object or no content.
   *
   * @param shape reads the answer; what it cannot read is no answer of a Behalf server
   */
  <T> T send(Call call, Function<Answer, T> shape) {
    return read(answer(call, () -> credential.authorization(this), this::read), shape);
  }

  /** Sends a request, and returns the lines of the answer. */
  <T> List<T> lines(Call call, Function<JsonNode, T> shape) {
    var text = answer(call, () -> credential.authorization(this), this::text);
    return text.lines().map(line -> read(line, shape)).toList();
  }

  /** Reads a line of JSON. */
  <T> T read(String line, Function<JsonNode, T> shape) {
    return read(Json.readOrMissing(line), shape);
  }

  private <A, T> T read(A answer, Function<A, T> shape) {
    try {
      return shape.apply(answer);
    } catch (JacksonException | DateTimeException | IllegalArgumentException otherShape) {
      throw new ConnectionException("The answer of " + address + " cannot be read.");
    }
  }

  /** Sends a request, and returns the answer as it comes; its body is to be closed. */
  HttpResponse<InputStream> open(Call call) {
    return answer(call, () -> credential.authorization(this), answer -> answer);
  }

  /** Asks for a token of a platform. */
  JsonNode token(String basic) {
    var form =
        Call.post(
                "/oauth2/token",
                BodyPublishers.ofString("grant_type=client_credentials"),
                "application/x-www-form-urlencoded")
            .repeatable();
    return answer(form, () -> basic, this::read).json();
  }

  private interface Authorization {
    String value();
  }

  /** Reads an answer while it can still be asked for again. */
  private interface Reading<T> {
    T read(HttpResponse<InputStream> answer) throws IOException;
  }

  private <T> T answer(Call call, Authorization authorization, Reading<T> reading) {
    var isRenewed = false;
    for (int attempt = 1; ; attempt++) {
      Duration next;
      String why;
      try {
        var proof = authorization.value();
        var answer = http.send(request(call, proof), BodyHandlers.ofInputStream());
        if (answer.statusCode() / 100 == 2) {
          return reading.read(answer);
        }
        var refusal = refusal(answer);
        if (refusal.status() == 401 && !isRenewed && credential.isRenewed(refusal, proof)) {
          isRenewed = true;
          continue;
        }
        next = refusal.retryAfter(now()).orElse(RetryPolicy.pauseAfter(attempt));
        if (!refusal.isTemporary() || !mayRepeat(call, attempt, next)) {
          throw refusal;
        }
        why = "the server answered " + refusal.status();
      } catch (IOException lost) {
        var fault = PayloadException.in(lost);
        if (fault != null) {
          throw fault;
        }
        why = ConnectionException.reason(lost);
        next = RetryPolicy.pauseAfter(attempt);
        if (!mayRepeat(call, attempt, next)) {
          throw unreachable(why);
        }
      } catch (InterruptedException e) {
        throw interrupted();
      }
      note.accept(why + "; retrying in " + seconds(next) + " s");
      await(next);
    }
  }

  private boolean mayRepeat(Call call, int attempt, Duration pause) {
    return call.isRepeatable() && retries.allow(attempt, pause);
  }

  private HttpRequest request(Call call, String authorization) {
    var request =
        HttpRequest.newBuilder(address.resolve(call.path()))
            .method(call.method(), call.body())
            .timeout(call.timeout())
            .setHeader("Accept", "application/json, */*;q=0.5")
            .setHeader("User-Agent", userAgent);
    call.headers().forEach(request::setHeader);
    request.setHeader("Authorization", authorization);
    if (actsFor != null && !call.path().startsWith("/oauth2/")) {
      request.setHeader("Behalf-On-Behalf-Of", actsFor);
    }
    return request.build();
  }

  private ProblemException refusal(HttpResponse<InputStream> answer) throws IOException {
    try (var body = new GuardedBody(answer.body())) {
      if (answer.statusCode() / 100 == 3) {
        throw new ConnectionException(
            address
                + " redirects to "
                + answer.headers().firstValue("Location").orElse("another address")
                + ": sign in there, because a key does not follow redirects.");
      }
      return ProblemException.of(
          answer, new String(body.readNBytes(MAX_ANSWER), StandardCharsets.UTF_8));
    }
  }

  /**
   * Follows a stream of server-sent events up to its last. A stream that is cut goes on behind the
   * last event.
   *
   * @param isLast takes each event and says whether it is the last
   */
  void follow(String path, Predicate<JobEvent> isLast) {
    var last = "0";
    int cuts = 0;
    while (true) {
      var answer =
          open(
              Call.get(path + "?after=" + last)
                  .with("Accept", "text/event-stream, application/json"));
      var began = System.nanoTime();
      try (var events = new EventStream(new GuardedBody(answer.body()))) {
        if (answer.statusCode() == 204) {
          return;
        }
        requireEvents(answer);
        for (var event = events.next(); event != null; event = events.next()) {
          cuts = -1;
          last = event.id().isEmpty() ? last : event.id();
          if (isLast.test(event)) {
            return;
          }
        }
      } catch (IOException cut) {
        // Goes on behind the last event, like a stream that has ended after its half hour.
      }
      cuts = System.nanoTime() - began > LONG_ENOUGH.toNanos() ? 0 : cuts + 1;
      if (cuts > MOST_CUTS) {
        throw unreachable("the stream was cut " + cuts + " times before an event came");
      }
      await(RetryPolicy.pauseAfter(Math.clamp(cuts, 1, MOST_CUTS / 2)));
    }
  }

  private void requireEvents(HttpResponse<?> answer) {
    var type = answer.headers().firstValue("Content-Type").orElse("");
    if (!type.startsWith("text/event-stream")) {
      throw notBehalf();
    }
  }

  private Answer read(HttpResponse<InputStream> answer) throws IOException {
    var text = text(answer);
    if (answer.statusCode() == 204) {
      return new Answer(Json.object(), false);
    }
    var json = Json.readOrMissing(text);
    if (!json.isObject()) {
      throw notBehalf();
    }
    return new Answer(json, answer.headers().firstValue("Idempotent-Replayed").isPresent());
  }

  private String text(HttpResponse<InputStream> answer) throws IOException {
    try (var body = new GuardedBody(answer.body())) {
      var bytes = body.readNBytes(MAX_ANSWER + 1);
      if (bytes.length > MAX_ANSWER) {
        throw new ConnectionException("The answer of " + address + " is too long.");
      }
      return new String(bytes, StandardCharsets.UTF_8);
    }
  }

  private ConnectionException notBehalf() {
    return new ConnectionException("The server at " + address + " is not a Behalf server.");
  }

  /** Waits, or throws if the thread is interrupted. */
  void await(Duration time) {
    try {
      pause.sleep(time);
    } catch (InterruptedException e) {
      throw interrupted();
    }
  }

  ConnectionException unreachable(String why) {
    return new ConnectionException(address + " could not be reached: " + why + ".");
  }

  static ConnectionException interrupted() {
    Thread.currentThread().interrupt();
    return new ConnectionException("Interrupted.");
  }

  private static String seconds(Duration time) {
    return time.toMillis() % 1000 == 0
        ? String.valueOf(time.toSeconds())
        : String.valueOf(time.toMillis() / 1000.0);
  }
}
