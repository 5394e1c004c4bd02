package dev.behalf.spring.engine;

import jakarta.servlet.http.HttpServletRequest;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What the headers of a call say. */
record EngineCall(
    UUID jobId,
    UUID runId,
    UUID userId,
    String environment,
    String operation,
    int attempt,
    long maxUnits,
    Instant deadline,
    @Nullable String jobToken) {

  /** The version of the protocol that this speaks. */
  private static final String VERSION = "1";

  /**
   * Reads the headers.
   *
   * @throws IllegalArgumentException with what is wrong
   */
  static EngineCall of(HttpServletRequest request) {
    if (!VERSION.equals(request.getHeader("Behalf-Protocol"))) {
      throw new IllegalArgumentException("Call with Behalf-Protocol: 1.");
    }
    try {
      return new EngineCall(
          UUID.fromString(header(request, "Behalf-Job")),
          UUID.fromString(header(request, "Behalf-Run")),
          UUID.fromString(header(request, "Behalf-User")),
          header(request, "Behalf-Environment"),
          header(request, "Behalf-Operation"),
          Integer.parseInt(header(request, "Behalf-Attempt")),
          Long.parseLong(header(request, "Behalf-Max-Units")),
          Instant.parse(header(request, "Behalf-Deadline")),
          request.getHeader("Behalf-Job-Token"));
    } catch (IllegalArgumentException | DateTimeParseException malformed) {
      throw new IllegalArgumentException("A Behalf header is missing or malformed.", malformed);
    }
  }

  private static String header(HttpServletRequest request, String name) {
    return Objects.requireNonNullElse(request.getHeader(name), "");
  }

  Optional<String> token() {
    return Optional.ofNullable(jobToken);
  }

  @Override
  public String toString() {
    return operation + " for job " + jobId;
  }
}
