package dev.behalf.engine;

import dev.behalf.contract.StrictJson;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.InetAddress;
import java.net.ProtocolException;
import java.net.Proxy;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import javax.net.ssl.SSLException;
import okhttp3.Call;
import okhttp3.Connection;
import okhttp3.ConnectionPool;
import okhttp3.EventListener;
import okhttp3.Headers;
import okhttp3.HttpUrl;
import okhttp3.Interceptor;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Protocol;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * Calls engines: HTTP/1.1 with kept connections, no redirect, no repetition. Safe for use by many
 * threads; a call blocks its thread.
 */
public final class EngineClient {

  private static final String VERSION = "1";
  private static final String JSON = "application/json";
  private static final String RETRY_AFTER = "Behalf-Retry-After";
  private static final String LINES = "application/x-ndjson";
  private static final MediaType INPUT = MediaType.get(JSON);

  private static final Duration CONNECT = Duration.ofSeconds(5);

  /**
   * How long an unused connection is kept. Servers close theirs after two seconds or more, and a
   * call on a connection that was just closed is a failed attempt.
   */
  private static final Duration KEPT = Duration.ofSeconds(1);

  /** How long the rest of a stream is read after its end, so that the connection can be kept. */
  private static final Duration DRAIN = Duration.ofSeconds(1);

  /** The largest body of an answer other than 200 that is read. */
  private static final long MAX_PROBLEM = 64 * 1024;

  private static final int IDLE_CONNECTIONS = 64;

  private final OkHttpClient http;
  private final InstantSource clock;

  public EngineClient(InstantSource clock) {
    this.clock = clock;
    this.http =
        new OkHttpClient.Builder()
            .proxy(Proxy.NO_PROXY)
            .protocols(List.of(Protocol.HTTP_1_1))
            .followRedirects(false)
            .followSslRedirects(false)
            // A repeated call would be computed twice.
            .retryOnConnectionFailure(false)
            .connectTimeout(CONNECT)
            .connectionPool(
                new ConnectionPool(IDLE_CONNECTIONS, KEPT.toMillis(), TimeUnit.MILLISECONDS))
            .addNetworkInterceptor(EngineClient::guard)
            .build();
  }

  /** Thrown before anything is sent to an address that an engine may not have. */
  private static final class AddressRefused extends IOException {
    private AddressRefused(String message) {
      super(message);
    }
  }

  /**
   * Makes a call and waits for its end.
   *
   * @param listener receives what the engine says before its end, on this thread
   */
  public EngineAnswer call(EngineCall call, Consumer<EngineEvent> listener) {
    return call(call, listener, new EngineStop());
  }

  /**
   * Makes a call and waits for its end, or until it is stopped.
   *
   * @param listener receives what the engine says before its end, on this thread
   * @param stop stops the call at any time
   */
  public EngineAnswer call(EngineCall call, Consumer<EngineEvent> listener, EngineStop stop) {
    var began = System.nanoTime();
    var connection = new Connected();
    var client =
        http.newBuilder()
            .callTimeout(call.runWithin())
            .readTimeout(call.runWithin())
            .eventListener(connection)
            .build();
    var request = client.newCall(request(call));
    stop.follow(request);
    try (var response = request.execute()) {
      return answer(call, response, listener, began);
    } catch (EngineStream.Broken broken) {
      return new EngineAnswer.Failed(
          broken.reason().startsWith("The answer ended"), broken.reason());
    } catch (IOException failed) {
      if (stop.isStopped()) {
        return new EngineAnswer.Stopped();
      }
      return connection.isMade
          ? failure(call, failed, Duration.ofNanos(System.nanoTime() - began))
          : new EngineAnswer.Unusable(true, reason(failed));
    }
  }

  /** Notes whether a call got a connection. */
  private static final class Connected extends EventListener {
    private volatile boolean isMade;

    @Override
    public void connectionAcquired(Call call, Connection connection) {
      isMade = true;
    }
  }

  private EngineAnswer answer(
      EngineCall call, Response response, Consumer<EngineEvent> listener, long began)
      throws IOException, EngineStream.Broken {
    return switch (response.code()) {
      case 200 -> read(call, response, listener, began);
      case 400, 413, 415, 422 -> EngineStream.problem(problem(response));
      case 429, 503 -> new EngineAnswer.Busy(retryAfter(response));
      case 401, 403, 404, 405, 407 ->
          new EngineAnswer.Unusable(false, "The engine answered " + response.code() + ".");
      default ->
          response.isRedirect() || response.code() / 100 == 3
              ? new EngineAnswer.Unusable(
                  false, "The engine answered " + response.code() + ": redirects are not followed.")
              : new EngineAnswer.Failed(false, "The engine answered " + response.code() + ".");
    };
  }

  private EngineAnswer read(
      EngineCall call, Response response, Consumer<EngineEvent> listener, long began)
      throws IOException, EngineStream.Broken {
    if (!"identity".equals(response.header("Content-Encoding", "identity"))) {
      return new EngineAnswer.Failed(false, "The engine sent an encoded body.");
    }
    var source = response.body().source();
    var stream = new EngineStream(source, call.maxResult(), call.runWithin(), listener);
    return switch (type(response)) {
      case JSON -> stream.whole(response.header("Behalf-Units"));
      case LINES -> {
        var waited = Duration.ofNanos(System.nanoTime() - began);
        if (waited.compareTo(call.silence()) > 0) {
          yield silent(call);
        }
        source.timeout().timeout(call.silence().toNanos(), TimeUnit.NANOSECONDS);
        var end = stream.lines();
        source.timeout().timeout(DRAIN.toNanos(), TimeUnit.NANOSECONDS);
        drain(response);
        yield end;
      }
      default ->
          new EngineAnswer.Failed(false, "The engine sent neither " + JSON + " nor " + LINES + ".");
    };
  }

  /** Reads on for a moment: if the body ends, the connection can be used again. */
  private static void drain(Response response) {
    try {
      response.body().source().skip(1);
    } catch (IOException endedOrSilent) {
      // The connection is used again if the body has ended, and closed if not.
    }
  }

  private static String type(Response response) {
    var type = response.body().contentType();
    return type == null ? "" : type.type() + "/" + type.subtype();
  }

  private static JsonNode problem(Response response) throws IOException {
    var source = response.body().source();
    source.request(MAX_PROBLEM);
    var bytes = source.getBuffer().snapshot().toByteArray();
    try {
      var body = StrictJson.MAPPER.readTree(bytes);
      return body.path("problem").isObject() ? body.path("problem") : body;
    } catch (JacksonException noJson) {
      return StrictJson.MAPPER.createObjectNode();
    }
  }

  private @Nullable Duration retryAfter(Response response) {
    var header = response.header(RETRY_AFTER);
    if (header == null) {
      return null;
    }
    if (header.matches("\\d{1,6}")) {
      return Duration.ofSeconds(Long.parseLong(header));
    }
    try {
      var at = ZonedDateTime.parse(header, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
      var wait = Duration.between(clock.instant(), at);
      return wait.isNegative() ? Duration.ZERO : wait;
    } catch (DateTimeParseException neither) {
      return null;
    }
  }

  private static String reason(IOException failed) {
    return switch (failed) {
      case UnknownHostException unknown -> "The host of the engine has no address.";
      case SSLException untrusted -> "The TLS connection to the engine cannot be made.";
      case InterruptedIOException timeout -> "The engine does not accept connections in time.";
      default -> "The engine does not accept connections.";
    };
  }

  private static EngineAnswer failure(EngineCall call, IOException failed, Duration took) {
    return switch (failed) {
      case AddressRefused refused ->
          new EngineAnswer.Unusable(true, String.valueOf(refused.getMessage()));
      case ProtocolException status when String.valueOf(status.getMessage()).contains("(407)") ->
          new EngineAnswer.Unusable(false, "The engine answered 407.");
      case InterruptedIOException timeout ->
          took.compareTo(call.runWithin()) >= 0
              ? new EngineAnswer.Failed(
                  true, "The engine did not end within " + call.runWithin().toMillis() + " ms.")
              : silent(call);
      default -> new EngineAnswer.Failed(true, "The connection to the engine was cut.");
    };
  }

  private static EngineAnswer silent(EngineCall call) {
    return new EngineAnswer.Failed(
        true, "The engine was silent for " + call.silence().toMillis() + " ms.");
  }

  private Request request(EngineCall call) {
    var now = clock.instant();
    var url = HttpUrl.get(call.address().toString());
    var headers = headers(call, now);
    if (call.secret() != null) {
      headers.putAll(
          EngineSignature.of(
              call.secret(),
              url,
              call.input(),
              Map.copyOf(headers),
              now,
              UUID.randomUUID().toString()));
    }
    return new Request.Builder()
        .url(url)
        .headers(Headers.of(headers))
        .post(RequestBody.create(call.input(), INPUT))
        .build();
  }

  private static Map<String, String> headers(EngineCall call, Instant now) {
    var headers = new LinkedHashMap<String, String>();
    headers.put("Accept", LINES + ", " + JSON);
    // Without this, the client would ask for gzip.
    headers.put("Accept-Encoding", "identity");
    headers.put("User-Agent", "Behalf");
    headers.put("Behalf-Protocol", VERSION);
    headers.put("Behalf-Job", call.jobId().toString());
    headers.put("Behalf-Run", call.runId().toString());
    headers.put("Behalf-User", call.userId().toString());
    headers.put("Behalf-Environment", call.environment().wire());
    headers.put("Behalf-Operation", call.operation());
    headers.put("Behalf-Attempt", String.valueOf(call.attempt()));
    headers.put("Behalf-Max-Units", String.valueOf(call.maxUnits()));
    headers.put(
        "Behalf-Deadline", now.plus(call.runWithin()).truncatedTo(ChronoUnit.MILLIS).toString());
    if (call.jobToken() != null) {
      headers.put("Behalf-Job-Token", call.jobToken());
    }
    if (call.traceparent() != null) {
      headers.put("traceparent", call.traceparent());
    }
    return headers;
  }

  /**
   * Refuses addresses after the connection is made, by the address that it is connected to, and
   * before anything is sent: inputs cross no public network in clear text, and no engine is the
   * metadata service of a cloud.
   */
  private static Response guard(Interceptor.Chain chain) throws IOException {
    var connection = chain.connection();
    var address = connection == null ? null : connection.route().socketAddress().getAddress();
    if (address != null && address.isLinkLocalAddress()) {
      throw new AddressRefused("An engine cannot have a link-local address.");
    }
    if (!chain.request().isHttps() && (address == null || !isPrivate(address))) {
      throw new AddressRefused(
          "Without TLS an engine must have a loopback or private address: use https.");
    }
    var response = chain.proceed(chain.request());
    var after = response.header("Retry-After");
    // The client itself would repeat the call after "Retry-After: 0".
    return after == null
        ? response
        : response.newBuilder().removeHeader("Retry-After").header(RETRY_AFTER, after).build();
  }

  private static boolean isPrivate(InetAddress address) {
    var bytes = address.getAddress();
    return address.isLoopbackAddress()
        || address.isSiteLocalAddress()
        // Unique local addresses of IPv6 (RFC 4193).
        || (bytes.length == 16 && (bytes[0] & 0xfe) == 0xfc);
  }
}
