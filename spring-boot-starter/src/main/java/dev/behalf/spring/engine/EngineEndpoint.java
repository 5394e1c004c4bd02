package dev.behalf.spring.engine;

import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.web.HttpRequestHandler;
import tools.jackson.core.JacksonException;
import tools.jackson.core.exc.StreamReadException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Answers the calls of compute-server, by version 1 of the engine protocol. */
class EngineEndpoint implements HttpRequestHandler {

  static final String PATH = "/behalf/engines";

  /** More than an input may have, which is 448 KiB. */
  private static final int MAX_BODY = 1024 * 1024;

  private static final Logger LOG = LoggerFactory.getLogger(EngineEndpoint.class);

  private final EngineMethods methods;
  private final @Nullable SignatureCheck signatures;
  private final EngineProperties properties;
  private final ObservationRegistry observations;

  EngineEndpoint(
      EngineMethods methods,
      @Nullable SignatureCheck signatures,
      EngineProperties properties,
      ObservationRegistry observations) {
    this.methods = methods;
    this.signatures = signatures;
    this.properties = properties;
    this.observations = observations;
  }

  @Override
  public void handleRequest(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    var path = request.getRequestURI();
    var method = methods.find(path.substring(path.lastIndexOf('/') + 1));
    var answer = new EngineAnswer(response, method != null && method.isLong());
    try {
      authenticated(method, request, response, answer);
    } finally {
      // A thread of the method's own that still speaks is not heard: the response serves others.
      answer.abandon();
    }
  }

  /** Answers a stranger alike, whether there is such an engine or not. */
  private void authenticated(
      @Nullable EngineMethod method,
      HttpServletRequest request,
      HttpServletResponse response,
      EngineAnswer answer)
      throws IOException {
    if (!request.getMethod().equals("POST")) {
      response.setHeader("Allow", "POST");
      answer.refused(405, "method_not_allowed", "Call an engine with POST.");
      return;
    }
    var body = request.getInputStream().readNBytes(MAX_BODY + 1);
    if (body.length > MAX_BODY) {
      answer.refused(413, "input_too_large", "An input has at most 1 MiB.");
      return;
    }
    var fault =
        signatures == null ? null : signatures.fault(request, signedPath(method, request), body);
    if (fault != null) {
      LOG.debug("A call of {} is refused: {}", request.getRequestURI(), fault);
      answer.refused(401, "signature_invalid", fault);
    } else if (method == null) {
      answer.refused(404, "not_found", "There is no such engine.");
    } else {
      read(method, request, body, answer);
    }
  }

  private void read(
      EngineMethod method, HttpServletRequest request, byte[] body, EngineAnswer answer)
      throws IOException {
    EngineCall call;
    Object input;
    try {
      call = EngineCall.of(request);
      input = input(method, body);
    } catch (StreamReadException malformed) {
      answer.refused(400, "json_malformed", "The body is no JSON.");
      return;
    } catch (JacksonException other) {
      // Its message can quote what the application's own code has thrown.
      LOG.info("An input of the engine {} does not fit: {}", method.name(), other.getMessage());
      answer.refused(422, "input_invalid", "The input does not fit at " + pointer(other) + ".");
      return;
    } catch (IllegalArgumentException header) {
      answer.refused(400, "call_malformed", String.valueOf(header.getMessage()));
      return;
    }
    run(method, call, input, answer);
  }

  private static String pointer(JacksonException fault) {
    var pointer =
        fault.getPath().stream()
            .map(
                step ->
                    "/"
                        + (step.getPropertyName() == null
                            ? step.getIndex()
                            : step.getPropertyName()))
            .collect(Collectors.joining());
    return pointer.isEmpty() ? "the top" : pointer;
  }

  /** A proxy may have changed the path; the address that is configured is what was signed. */
  private String signedPath(@Nullable EngineMethod method, HttpServletRequest request) {
    var address = properties.address();
    return address == null || method == null
        ? request.getRequestURI()
        : Objects.requireNonNullElse(address.getRawPath(), "").replaceFirst("/+$", "")
            + PATH
            + "/"
            + method.name();
  }

  private static Object input(EngineMethod method, byte[] body) {
    var input =
        Json.MAPPER.<@Nullable Object>readValue(
            body, Json.MAPPER.constructType(method.inputType()));
    if (input == null) {
      throw new IllegalArgumentException("The input is null.");
    }
    return input;
  }

  private void run(EngineMethod method, EngineCall call, Object input, EngineAnswer answer)
      throws IOException {
    var observation =
        Observation.createNotStarted("behalf.engine.run", observations)
            .contextualName("engine " + method.name())
            .lowCardinalityKeyValue("operation", method.name())
            .lowCardinalityKeyValue("environment", call.environment())
            .highCardinalityKeyValue("job", call.jobId().toString())
            .start();
    var outcome = "failed";
    try (var scope = observation.openScope()) {
      outcome = work(method, call, input, answer);
    } finally {
      observation.lowCardinalityKeyValue("outcome", outcome).stop();
    }
  }

  /** Returns how it ended: succeeded, refused, busy, failed or cancelled. */
  private String work(EngineMethod method, EngineCall call, Object input, EngineAnswer answer)
      throws IOException {
    var running = new RunningCall(call, answer);
    var heartbeat = method.isLong() ? running.beat(method.heartbeat(properties.heartbeat())) : null;
    ObjectNode result = null;
    Throwable failure = null;
    try {
      result = result(method.call(input, running));
    } catch (
        Throwable failed) { // also of a method that recurses for ever, or finds a bug by assert
      failure = failed;
    } finally {
      if (heartbeat != null) {
        heartbeat.interrupt();
      }
      running.end();
    }
    if (running.isCancelled()) {
      LOG.debug("The call {} was cancelled.", call);
      return "cancelled";
    }
    if (result != null) {
      answer.result(result);
      return "succeeded";
    }
    return failed(call, failure, answer);
  }

  private static ObjectNode result(@Nullable Object result) {
    if (Json.MAPPER.<JsonNode>valueToTree(result) instanceof ObjectNode object) {
      return object;
    }
    throw new IllegalStateException("An engine returned no JSON object.");
  }

  private static String failed(EngineCall call, @Nullable Throwable failure, EngineAnswer answer)
      throws IOException {
    if (failure instanceof EngineProblem problem) {
      switch (problem.kind()) {
        case REFUSED -> answer.refused(422, problem.code(), problem.detail());
        case FAILED -> answer.failed(problem.code(), problem.detail());
        case BUSY ->
            answer.busy(problem.retryAfter().orElse(Duration.ofSeconds(1)), problem.detail());
      }
      return problem.kind().name().toLowerCase(Locale.ROOT);
    }
    // What it says is for the operator of this application, not for the owner of the job.
    LOG.error("The engine of {} failed.", call, failure);
    answer.failed("engine_error", "The engine failed.");
    return "failed";
  }
}
