package dev.behalf.cli.api;

import dev.behalf.contract.StrictJson;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Predicate;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * A client of one server, with one key. It follows no redirects, so that the key goes to this
 * server only.
 */
public final class Server implements AutoCloseable {

  private static final Duration CONNECT = Duration.ofSeconds(5);
  private static final Duration ANSWER = Duration.ofSeconds(30);

  /** So often in a row a stream may be cut before anything comes. */
  private static final int MOST_CUTS = 10;

  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(CONNECT).build();
  private final ServerAddress address;
  private final String key;
  private final InstantSource clock;
  private final Pause pause;
  private final Consumer<String> note;

  /**
   * Creates a client for one command.
   *
   * @param note receives the reason for each retry
   */
  public Server(
      ServerAddress address, String key, InstantSource clock, Pause pause, Consumer<String> note) {
    this.address = address;
    this.key = key;
    this.clock = clock;
    this.pause = pause;
    this.note = note;
  }

  /** A successful answer. */
  public record Answer(JsonNode json, boolean replayed) {}

  public JsonNode get(String path, RetryPolicy repeats) {
    return send(request(path).GET().build(), repeats).json();
  }

  /** Sends a POST request, without a body if the array is empty. */
  public Answer post(String path, byte[] body, Map<String, String> headers, RetryPolicy repeats) {
    var request =
        request(path)
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofByteArray(body));
    headers.forEach(request::header);
    return send(request.build(), repeats);
  }

  /**
   * An event of a stream.
   *
   * @param id its number, from which a cut stream goes on
   */
  public record Event(String id, String name, JsonNode data) {}

  /**
   * Follows a stream of server-sent events up to its last. A stream that is cut goes on behind the
   * last event.
   *
   * @param isLast takes each event and says whether it is the last
   */
  public void follow(String path, Predicate<Event> isLast) {
    var last = "0";
    int attempt = 0;
    while (true) {
      try {
        var request =
            request(path + "?after=" + last)
                .setHeader("Accept", "text/event-stream, application/json")
                .GET()
                .build();
        var answer = http.send(request, BodyHandlers.ofInputStream());
        if (answer.statusCode() == 204) {
          return;
        }
        try (var events = new EventStream(answer.body())) {
          if (answer.statusCode() / 100 != 2) {
            throw refused(answer, events);
          }
          attempt = 0;
          for (var event = events.next(); event != null; event = events.next()) {
            last = event.id();
            if (isLast.test(event)) {
              return;
            }
          }
        }
      } catch (IOException cut) {
        attempt++;
        if (attempt > MOST_CUTS) {
          throw new Unreachable(
              address + " could not be reached: " + Unreachable.reason(cut) + ".");
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new Unreachable("Interrupted.");
      }
      await(RetryPolicy.pauseAfter(Math.clamp(attempt, 1, MOST_CUTS / 2)));
    }
  }

  /** Returns the refusal of a stream, or waits if it may pass. */
  private RuntimeException refused(HttpResponse<?> answer, EventStream body) throws IOException {
    var refusal = Refusal.of(answer, body.rest());
    if (refusal.mayPass()) {
      throw new IOException("the server answered " + refusal.status());
    }
    return refusal;
  }

  /**
   * Closes the HTTP client. Otherwise its thread, which waits for the network, delays the end of
   * the process by 0.3 s.
   */
  @Override
  public void close() {
    http.close();
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(address.resolve(path))
        .timeout(ANSWER)
        .header("Authorization", "Api-Key " + key)
        .header("Accept", "application/json")
        .header("User-Agent", "behalf-cli");
  }

  private Answer send(HttpRequest request, RetryPolicy repeats) {
    for (int attempt = 1; ; attempt++) {
      Duration next;
      String why;
      try {
        var answer = http.send(request, BodyHandlers.ofString(StandardCharsets.UTF_8));
        if (answer.statusCode() / 100 == 2) {
          return read(answer);
        }
        var refusal = refusal(answer);
        next = refusal.retryAfter(clock.instant()).orElse(RetryPolicy.pauseAfter(attempt));
        if (!refusal.mayPass() || !repeats.allow(attempt, next)) {
          throw refusal;
        }
        why = "the server answered " + refusal.status();
      } catch (IOException lost) {
        why = Unreachable.reason(lost);
        next = RetryPolicy.pauseAfter(attempt);
        if (!repeats.allow(attempt, next)) {
          throw new Unreachable(address + " could not be reached: " + why + ".");
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new Unreachable("Interrupted.");
      }
      note.accept(why + "; retrying in " + seconds(next) + " s");
      await(next);
    }
  }

  private Refusal refusal(HttpResponse<String> answer) {
    if (answer.statusCode() / 100 == 3) {
      throw new Unreachable(
          address
              + " redirects to "
              + answer.headers().firstValue("Location").orElse("another address")
              + ": sign in there, because a key does not follow redirects.");
    }
    return Refusal.of(answer);
  }

  private Answer read(HttpResponse<String> answer) {
    try {
      var json = StrictJson.MAPPER.readTree(answer.body());
      if (json.isObject()) {
        return new Answer(json, answer.headers().firstValue("Idempotent-Replayed").isPresent());
      }
    } catch (JacksonException noJson) {
      // Handled like JSON that is not an object.
    }
    throw new Unreachable("The server at " + address + " is not a Behalf server.");
  }

  /** Waits, or throws if the process is about to end. */
  public void await(Duration time) {
    try {
      pause.sleep(time);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Unreachable("Interrupted.");
    }
  }

  private static String seconds(Duration time) {
    return time.toMillis() % 1000 == 0
        ? String.valueOf(time.toSeconds())
        : String.valueOf(time.toMillis() / 1000.0);
  }
}
