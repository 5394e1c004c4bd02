package dev.behalf.web.ui;

import dev.behalf.contract.JobPayload;
import dev.behalf.contract.ProblemCode;
import dev.behalf.contract.StrictJson;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.BindParam;

/** What the form on the dashboard sends, and shows again where something was wrong. */
record JobForm(
    @Nullable String operation,
    @Nullable String text,
    @Nullable String labels,
    @Nullable String other,
    @Nullable String environment,
    @BindParam("request_id") @Nullable String requestId) {

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
  String idempotencyKey() {
    var content =
        requestId + environment + new String(StrictJson.write(payload()), StandardCharsets.UTF_8);
    return "form-" + UUID.nameUUIDFromBytes(content.getBytes(StandardCharsets.UTF_8));
  }

  boolean isTest() {
    return "test".equals(environment);
  }

  /** Beside which field a fault is shown. */
  static String field(JobPayload.Fault fault) {
    return switch (fault.code()) {
      case OPERATION_UNKNOWN -> "operation";
      case LABELS_MISSING -> "labels";
      case TEXT_EMPTY, PAYLOAD_TOO_LARGE, NOT_UTF8 ->
          fault.detail().contains("\"other\"") ? "other" : "text";
      default -> "form";
    };
  }

  /** A sentence for a page, where "Set \"limit\"" would be one for a program. */
  static String sentence(JobPayload.Fault fault) {
    return fault.code() == ProblemCode.LABELS_MISSING
        ? "Give 2 to 100 labels, one on each line."
        : fault.detail().replace("\"", "");
  }

  private static String lines(@Nullable String value) {
    return Objects.requireNonNullElse(value, "").replace("\r\n", "\n");
  }

  static JobForm empty(String requestId) {
    return new JobForm(
        "classify",
        "",
        String.join("\n", List.of("refund request", "delivery delay", "praise")),
        "",
        "live",
        requestId);
  }
}
