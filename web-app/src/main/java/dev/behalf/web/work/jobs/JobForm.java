package dev.behalf.web.work.jobs;

import dev.behalf.contract.Environment;
import dev.behalf.contract.JobPayload;
import dev.behalf.contract.StrictJson;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.BindParam;

/** The fields of the form for a new job; the page shows them again if one is invalid. */
public record JobForm(
    @Nullable String operation,
    @Nullable String text,
    @Nullable String labels,
    @Nullable String other,
    @BindParam("request_id") @Nullable String requestId) {

  public static JobForm empty() {
    return new JobForm(
        "classify",
        "",
        String.join("\n", List.of("refund request", "delivery delay", "praise")),
        "",
        UUID.randomUUID().toString());
  }

  /**
   * Returns the payload with only the fields that the operation reads, and with LF for the CR LF
   * that browsers send.
   */
  JobPayload payload() {
    var needsLabels = "classify".equals(operation);
    var needsOther = "similarity".equals(operation);
    return new JobPayload(
        operation,
        lines(text),
        needsLabels
            ? lines(labels)
                .lines()
                .map(String::strip)
                .filter(line -> !line.isEmpty())
                .distinct()
                .toList()
            : null,
        null,
        needsOther ? lines(other) : null,
        null);
  }

  /**
   * Returns a key made from the form's id and its content. A form that is sent twice, by a double
   * click or a reload, is one job; a form changed after the Back button is another job.
   */
  String idempotencyKey(Environment environment) {
    var content = requestId + environment.wire() + StrictJson.text(payload());
    return "form " + UUID.nameUUIDFromBytes(content.getBytes(StandardCharsets.UTF_8));
  }

  /** Returns a message key for each invalid field. */
  Map<String, String> faults() {
    return payload()
        .violation()
        .map(fault -> Map.of(field(fault), "jobs.new.fault." + fault.code().wire()))
        .orElse(Map.of());
  }

  private static String field(JobPayload.Violation fault) {
    return switch (fault.code()) {
      case OPERATION_UNKNOWN -> "operation";
      case LABELS_MISSING -> "labels";
      case TEXT_EMPTY, PAYLOAD_TOO_LARGE, NOT_UTF8 ->
          fault.detail().contains("\"other\"") ? "other" : "text";
      default -> "form";
    };
  }

  private static String lines(@Nullable String value) {
    return Objects.requireNonNullElse(value, "").replace("\r\n", "\n");
  }
}
