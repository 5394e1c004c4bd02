package dev.behalf.web.webhooks;

import java.io.IOException;
import java.net.Proxy;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import okhttp3.ConnectionPool;
import okhttp3.HttpUrl;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Protocol;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import okio.BufferedSink;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Makes one attempt: signs the body, posts it and reads the response. */
@Component
class Sender {

  static final String ID = "webhook-id";
  static final String TIMESTAMP = "webhook-timestamp";
  static final String SIGNATURE = "webhook-signature";

  private static final int MAX_ANSWER_BYTES = 64 * 1024;
  private static final int KEPT_ANSWER_BYTES = 1024;
  private static final Duration CONNECT = Duration.ofSeconds(5);

  private final Destinations destinations;
  private final OkHttpClient http;
  private final InstantSource clock;

  Sender(Destinations destinations, WebhooksSettings settings, InstantSource clock) {
    this.destinations = destinations;
    this.clock = clock;
    this.http =
        new OkHttpClient.Builder()
            .proxy(Proxy.NO_PROXY)
            .dns(destinations)
            .socketFactory(destinations.sockets())
            .protocols(List.of(Protocol.HTTP_1_1))
            .followRedirects(false)
            .followSslRedirects(false)
            .connectTimeout(CONNECT)
            .readTimeout(settings.timeout())
            .writeTimeout(settings.timeout())
            .callTimeout(settings.timeout())
            .connectionPool(new ConnectionPool(settings.atOnce(), 30, TimeUnit.SECONDS))
            .build();
  }

  /**
   * Sends a delivery once.
   *
   * @param secrets the signing secrets
   */
  AttemptResult send(DueDelivery due, List<String> secrets) {
    var now = clock.instant();
    var begun = System.nanoTime();
    try (var response = http.newCall(request(due, secrets, now)).execute()) {
      var text = text(response);
      return new AttemptResult(
          now, since(begun), response.code(), text, null, retryAfter(response, clock.instant()));
    } catch (IOException failed) {
      return new AttemptResult(now, since(begun), null, null, AttemptFailure.of(failed), null);
    }
  }

  /** Returns the result of an attempt that could not be sent at all. */
  AttemptResult notSent() {
    return new AttemptResult(
        clock.instant(), Duration.ZERO, null, null, AttemptFailure.INTERNAL, null);
  }

  private Request request(DueDelivery due, List<String> secrets, Instant now)
      throws AddressRefused {
    var url = HttpUrl.get(due.url());
    if (!destinations.isAllowed(url)) {
      throw new AddressRefused();
    }
    var timestamp = now.getEpochSecond();
    return new Request.Builder()
        .url(url)
        .header("User-Agent", "Behalf-Webhooks/1")
        // No compression: a response could unpack to any size.
        .header("Accept-Encoding", "identity")
        .header(ID, due.id())
        .header(TIMESTAMP, String.valueOf(timestamp))
        .header(
            SIGNATURE,
            secrets.stream()
                .map(secret -> Signature.sign(secret, due.id(), timestamp, due.body()))
                .collect(Collectors.joining(" ")))
        .post(new Body(due.body().getBytes(StandardCharsets.UTF_8)))
        .build();
  }

  /** A body that is sent once: the retry schedule, not the HTTP client, decides on retries. */
  private static final class Body extends RequestBody {

    private static final MediaType JSON = MediaType.get("application/json");
    private final byte[] bytes;

    Body(byte[] bytes) {
      this.bytes = bytes;
    }

    @Override
    public MediaType contentType() {
      return JSON;
    }

    @Override
    public long contentLength() {
      return bytes.length;
    }

    @Override
    public boolean isOneShot() {
      return true;
    }

    @Override
    public void writeTo(BufferedSink sink) throws IOException {
      sink.write(bytes);
    }
  }

  /** Returns the beginning of the body; a truncated body does not matter, the status counts. */
  private static String text(Response response) {
    try {
      var bytes = response.body().byteStream().readNBytes(MAX_ANSWER_BYTES);
      var kept = Arrays.copyOf(bytes, Math.min(bytes.length, KEPT_ANSWER_BYTES));
      // PostgreSQL cannot store U+0000 in text.
      return new String(kept, StandardCharsets.UTF_8).replace('\0', '\uFFFD');
    } catch (IOException incomplete) {
      return "";
    }
  }

  private static @Nullable Duration retryAfter(Response response, Instant now) {
    var asked = response.header("Retry-After");
    if (asked == null || (response.code() != 429 && response.code() != 503)) {
      return null;
    }
    if (asked.matches("\\d{1,9}")) {
      return Duration.ofSeconds(Long.parseLong(asked));
    }
    try {
      var until = ZonedDateTime.parse(asked, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
      return Duration.between(now, until);
    } catch (DateTimeParseException noTime) {
      return null;
    }
  }

  private static Duration since(long begun) {
    return Duration.ofNanos(System.nanoTime() - begun);
  }
}
