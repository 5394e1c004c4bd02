package dev.behalf.worker.compute;

import dev.behalf.contract.CallLimits;
import dev.behalf.contract.JobMessage;
import dev.behalf.contract.ProblemCode;
import dev.behalf.contract.RawJson;
import dev.behalf.contract.StrictJson;
import dev.behalf.contract.WireName;
import dev.behalf.start.WarmUp;
import dev.behalf.worker.WorkerSettings;
import dev.behalf.worker.secrets.ManagedKey;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import okhttp3.ConnectionPool;
import okhttp3.HttpUrl;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Protocol;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import okhttp3.ResponseBody;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/** Calls {@code POST /v1/ai/jobs} as the job's owner. */
@Component
public class ComputeClient implements WarmUp {

  private static final MediaType JSON = MediaType.get("application/json");

  /** The codes of exhausted limits; a short wait would not help. */
  private static final Set<String> USED_UP =
      Set.of(ProblemCode.QUOTA_EXCEEDED.wire(), ProblemCode.KEY_CAP_REACHED.wire());

  private static final Set<String> OF_THE_ENGINE =
      Set.of(ProblemCode.ENGINE_FAILED.wire(), ProblemCode.ENGINE_LOST.wire());

  private static final String MILLIS = "(\\d{1,9}\\.?\\d{0,6})";

  /** Server-Timing; the previous version of compute-server sends no {@code wait}. */
  private static final Pattern TIMES =
      Pattern.compile(
          "(?:wait;dur=%s, )?engine;dur=%s, charge;dur=%s".formatted(MILLIS, MILLIS, MILLIS));

  private static final Duration CONNECTION_AGE = Duration.ofSeconds(30);

  /**
   * The interval of HTTP/2 pings. The client closes a connection whose peer has been silent for two
   * intervals.
   */
  private static final Duration PING_EVERY = Duration.ofSeconds(5);

  private final OkHttpClient http;
  private final int calls;
  private final InstantSource clock;
  private final HttpUrl url;
  private volatile Line line;

  ComputeClient(OkHttpClient http, WorkerSettings settings, InstantSource clock) {
    this.http =
        http.newBuilder()
            .protocols(protocols(settings))
            .pingInterval(PING_EVERY)
            .socketFactory(new KeepAliveSockets())
            .build();
    this.calls = settings.concurrency().live();
    this.clock = clock;
    this.line = line(clock.instant());
    this.url = HttpUrl.get(settings.computeUrl().resolve("/v1/ai/jobs").toString());
  }

  /**
   * Without TLS the client and the server negotiate no protocol: the setting alone says whether the
   * server speaks HTTP/2.
   */
  private static List<Protocol> protocols(WorkerSettings settings) {
    if (!settings.http2()) {
      return List.of(Protocol.HTTP_1_1);
    }
    return settings.computeUrl().getScheme().equals("http")
        ? List.of(Protocol.H2_PRIOR_KNOWLEDGE)
        : List.of(Protocol.HTTP_2, Protocol.HTTP_1_1);
  }

  /**
   * The connections of one period. The client replaces them regularly, because a load balancer
   * before several compute-servers distributes connections, not calls.
   */
  private record Line(OkHttpClient http, Instant since) {}

  private OkHttpClient http() {
    var now = clock.instant();
    if (Duration.between(line.since(), now).abs().compareTo(CONNECTION_AGE) > 0) {
      // Calls in flight finish on the old connections, which close after a minute without a call.
      line = line(now);
    }
    return line.http();
  }

  private Line line(Instant now) {
    var pool = new ConnectionPool(calls, 1, TimeUnit.MINUTES);
    return new Line(http.newBuilder().connectionPool(pool).build(), now);
  }

  private record Body(UUID jobId, RawJson payload) {}

  /**
   * Calls compute-server.
   *
   * @param jobToken the token for the audience of the job's engine; null for none
   */
  public ComputeAnswer call(ManagedKey key, JobMessage job, @Nullable String jobToken) {
    var request =
        new Request.Builder()
            .url(url)
            .header("Authorization", "Api-Key " + key.key())
            .post(RequestBody.create(StrictJson.write(new Body(job.jobId(), job.payload())), JSON));
    request.header("Behalf-Attempt", String.valueOf(job.attempt()));
    if (job.operationVersion() != null) {
      request.header("Behalf-Operation-Version", String.valueOf(job.operationVersion()));
    }
    if (jobToken != null) {
      request.header("Behalf-Job-Token", jobToken);
    }
    if (job.originKeyId() != null) {
      request.header("Behalf-Origin-Key", job.originKeyId());
    }
    try (var response = http().newCall(request.build()).execute()) {
      return answer(response);
    } catch (IOException | JacksonException e) {
      return unavailable(
          "The compute server could not be reached: " + e.getClass().getSimpleName() + ".", null);
    }
  }

  /** Reads an answer, without a call. */
  @Override
  public void warmUp() throws IOException {
    StrictJson.write(new Body(UUID.randomUUID(), new RawJson("{}")));
    try (var response =
        new Response.Builder()
            .request(new Request.Builder().url(url).build())
            .protocol(Protocol.HTTP_1_1)
            .code(200)
            .message("")
            .header("Server-Timing", "wait;dur=0, engine;dur=0, charge;dur=0")
            .body(ResponseBody.create("{\"units\":1}", JSON))
            .build()) {
      answer(response);
    }
  }

  private static ComputeAnswer answer(Response response) throws IOException {
    var bytes = response.body().byteStream().readNBytes(CallLimits.MAX_ANSWER_BYTES + 1);
    if (bytes.length > CallLimits.MAX_ANSWER_BYTES) {
      // A retry would produce a result of the same size.
      return new ComputeAnswer.Refused(
          ProblemCode.RESULT_TOO_LARGE.wire(), "Ask for less: a result has 4 MiB at most.");
    }
    var body = StrictJson.MAPPER.readTree(bytes);
    var code = body.path("code").asString("");
    return switch (response.code()) {
      case 200 ->
          new ComputeAnswer.Done(
              body.required("units").asLong(),
              body.path("replayed").asBoolean(false),
              times(response.header("Server-Timing")));
      case 202 -> new ComputeAnswer.Started();
      case 401 -> new ComputeAnswer.KeyRefused();
      case 428 -> new ComputeAnswer.TokenNeeded();
      case 400, 403, 409, 413, 415, 422 -> refused(code, body);
      case 429 -> USED_UP.contains(code) ? refused(code, body) : later(response);
      case 503 -> isWait(code) ? waits(code, body, response) : later(response);
      default ->
          OF_THE_ENGINE.contains(code)
              ? new ComputeAnswer.Unavailable(code, body.path("detail").asString(""), null)
              : later(response);
    };
  }

  private static boolean isWait(String code) {
    return WireName.find(ProblemCode.class, code).filter(ProblemCode::isWait).isPresent();
  }

  private static ComputeAnswer waits(String code, JsonNode body, Response response) {
    return new ComputeAnswer.Unavailable(
        code, body.path("detail").asString(""), seconds(response.header("Retry-After")));
  }

  private static ComputeAnswer.@Nullable Times times(@Nullable String header) {
    var times = header == null ? null : TIMES.matcher(header);
    return times != null && times.matches()
        ? new ComputeAnswer.Times(
            times.group(1) == null ? Duration.ZERO : millis(times.group(1)),
            millis(times.group(2)),
            millis(times.group(3)))
        : null;
  }

  private static Duration millis(String decimal) {
    return Duration.ofNanos(Math.round(Double.parseDouble(decimal) * 1e6));
  }

  private static ComputeAnswer refused(String code, JsonNode body) {
    return new ComputeAnswer.Refused(code, body.path("detail").asString(""));
  }

  private static ComputeAnswer later(Response response) {
    return unavailable(
        "The compute server answered " + response.code() + ".",
        seconds(response.header("Retry-After")));
  }

  private static ComputeAnswer unavailable(String detail, @Nullable Integer retryAfterSeconds) {
    return new ComputeAnswer.Unavailable(ProblemCode.UNAVAILABLE.wire(), detail, retryAfterSeconds);
  }

  private static @Nullable Integer seconds(@Nullable String header) {
    return header != null && header.matches("\\d{1,5}") ? Integer.valueOf(header) : null;
  }
}
