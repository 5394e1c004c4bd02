package dev.behalf.engine;

import dev.behalf.contract.StrictJson;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.concurrent.TimeUnit;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/** The response to a call. Whatever the engine sends, only a bounded part of it is kept. */
final class Reply {

  static final String JSON = "application/json";

  /** How long the rest of a stream is read after its end, so that the connection can be kept. */
  private static final Duration DRAIN = Duration.ofSeconds(1);

  /** The largest body of an answer other than 200 that is read, and how long it may take. */
  private static final long MAX_PROBLEM = 64 * 1024;

  private static final Duration OF_PROBLEM = Duration.ofSeconds(5);

  private final EngineCall call;
  private final Response response;
  private final long began;
  private final InstantSource clock;

  /**
   * Creates a reply.
   *
   * @param began when the call was made, by {@link System#nanoTime}
   */
  Reply(EngineCall call, Response response, long began, InstantSource clock) {
    this.call = call;
    this.response = response;
    this.began = began;
    this.clock = clock;
  }

  /** Reads the lines of a body. */
  interface LineReader {
    EngineAnswer read(Lines lines) throws IOException, BrokenAnswer;
  }

  int status() {
    return response.code();
  }

  @Nullable String header(String name) {
    return response.header(name);
  }

  /** Returns whether the body is encoded, which the call did not ask for. */
  boolean isEncoded() {
    return !"identity".equals(response.header("Content-Encoding", "identity"));
  }

  /** Returns the media type of the body without parameters; empty if the engine gave none. */
  String type() {
    var type = response.body().contentType();
    return type == null ? "" : type.type() + "/" + type.subtype();
  }

  /** Returns the body, or null if it is larger than a result may be. */
  byte @Nullable [] whole() throws IOException {
    var source = response.body().source();
    var bytes = new ByteArrayOutputStream();
    var buffer = new byte[16 * 1024];
    for (int n = source.read(buffer); n >= 0; n = source.read(buffer)) {
      bytes.write(buffer, 0, n);
      if (bytes.size() > call.maxResult()) {
        return null;
      }
    }
    return bytes.toByteArray();
  }

  /** Returns whether the engine was silent for too long before its first line. */
  boolean isLate() {
    return System.nanoTime() - began > call.silence().toNanos();
  }

  /** Has the body read line by line. */
  EngineAnswer lines(LineReader reader) throws IOException, BrokenAnswer {
    var source = response.body().source();
    var end = reader.read(new Lines(source, call));
    source.timeout().timeout(DRAIN.toNanos(), TimeUnit.NANOSECONDS);
    drain();
    return end;
  }

  /** Reads on for a moment: if the body ends, the connection can be used again. */
  private void drain() {
    try {
      response.body().source().skip(1);
    } catch (IOException endedOrSilent) {
      // The connection is used again if the body has ended, and closed if not.
    }
  }

  /** Returns the body of a refusal; an empty object if it is no JSON, or does not come. */
  JsonNode problem() {
    var source = response.body().source();
    source.timeout().timeout(OF_PROBLEM.toNanos(), TimeUnit.NANOSECONDS);
    try {
      source.request(MAX_PROBLEM);
      return StrictJson.MAPPER.readTree(source.getBuffer().snapshot().toByteArray());
    } catch (IOException | JacksonException noJson) {
      return StrictJson.MAPPER.createObjectNode();
    }
  }

  /** Returns when to ask again; null if the engine does not say. */
  @Nullable Duration retryAfter() {
    var header = response.header(EngineClient.RETRY_AFTER);
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

  static EngineAnswer silent(EngineCall call) {
    return new EngineAnswer.Failed(
        true, "The engine was silent for " + call.silence().toMillis() + " ms.");
  }
}
