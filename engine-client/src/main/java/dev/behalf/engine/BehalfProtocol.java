package dev.behalf.engine;

import java.io.IOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;
import okhttp3.Headers;
import okhttp3.HttpUrl;
import okhttp3.MediaType;
import okhttp3.Request;
import okhttp3.RequestBody;

/** The protocol of docs/engines.md, version 1. */
record BehalfProtocol(EngineCall call, Endpoint.Behalf endpoint) implements EngineProtocol {

  private static final String VERSION = "1";
  private static final String LINES = "application/x-ndjson";
  private static final MediaType INPUT = MediaType.get(Reply.JSON);

  @Override
  public Request request(Instant now) {
    var url = HttpUrl.get(endpoint.address().toString());
    var headers = headers(now);
    if (endpoint.secret() != null) {
      headers.putAll(
          EngineSignature.of(
              endpoint.secret(),
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

  private Map<String, String> headers(Instant now) {
    var headers = new LinkedHashMap<String, String>();
    headers.put("Accept", LINES + ", " + Reply.JSON);
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
    if (endpoint.jobToken() != null) {
      headers.put("Behalf-Job-Token", endpoint.jobToken());
    }
    if (call.traceparent() != null) {
      headers.put("traceparent", call.traceparent());
    }
    return headers;
  }

  @Override
  public EngineAnswer answer(Reply reply, Consumer<EngineEvent> listener)
      throws IOException, BrokenAnswer {
    return switch (reply.status()) {
      case 200 -> read(reply, listener);
      case 400, 413, 415, 422 -> {
        var body = reply.problem();
        yield EngineStream.problem(body.path("problem").isObject() ? body.path("problem") : body);
      }
      default -> EngineProtocol.ofStatus(reply);
    };
  }

  private EngineAnswer read(Reply reply, Consumer<EngineEvent> listener)
      throws IOException, BrokenAnswer {
    if (reply.isEncoded()) {
      return new EngineAnswer.Failed(false, "The engine sent an encoded body.");
    }
    var stream = new EngineStream(call.maxResult(), listener);
    return switch (reply.type()) {
      case Reply.JSON -> stream.whole(reply.whole(), reply.header("Behalf-Units"));
      case LINES -> reply.isLate() ? Reply.silent(call) : reply.lines(stream::read);
      default ->
          new EngineAnswer.Failed(
              false, "The engine sent neither " + Reply.JSON + " nor " + LINES + ".");
    };
  }
}
