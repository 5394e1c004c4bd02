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

/** What the form for a new job sends, and shows again where something was wrong. */
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

  /** Browsers send line breaks as CR LF; only the fields that the operation reads are taken. */
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
   * The same form with the same content, sent twice by a double click or a reload, is one job.
   * Changed after the Back button it is another one.
   */
  String idempotencyKey(Environment environment) {
    var content = requestId + environment.wire() + StrictJson.text(payload());
    return "form " + UUID.nameUUIDFromBytes(content.getBytes(StandardCharsets.UTF_8));
  }

  /** What is wrong: a message key for each field. */
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
