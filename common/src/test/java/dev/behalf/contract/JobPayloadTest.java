package dev.behalf.contract;

import static dev.behalf.contract.ProblemCode.LABELS_MISSING;
import static dev.behalf.contract.ProblemCode.NOT_UTF8;
import static dev.behalf.contract.ProblemCode.OPERATION_UNKNOWN;
import static dev.behalf.contract.ProblemCode.PAYLOAD_INVALID;
import static dev.behalf.contract.ProblemCode.PAYLOAD_TOO_LARGE;
import static dev.behalf.contract.ProblemCode.TEXT_EMPTY;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class JobPayloadTest {

  @Test
  void complete_payloads_have_no_fault() {
    assertThat(payload("echo", "hi", null, null, null).fault()).isEmpty();
    assertThat(
            payload("classify", "hi", List.of("a", "b"), Map.of("a", List.of("x")), null).fault())
        .isEmpty();
    assertThat(payload("similarity", "hi", null, null, "ho").fault()).isEmpty();
    assertThat(payload("echo", "é".repeat(32 * 1024), null, null, null).fault()).isEmpty();
  }

  @Test
  void the_first_broken_rule_is_told() {
    assertFault(payload(null, "hi", null, null, null), OPERATION_UNKNOWN);
    assertFault(payload("ECHO", "hi", null, null, null), OPERATION_UNKNOWN);
    assertFault(payload("echo", null, null, null, null), TEXT_EMPTY);
    assertFault(payload("echo", " \n", null, null, null), TEXT_EMPTY);
    assertFault(payload("echo", "é".repeat(32 * 1024 + 1), null, null, null), PAYLOAD_TOO_LARGE);
    assertFault(payload("echo", "a\0b", null, null, null), NOT_UTF8);
    assertFault(payload("echo", "a\ud800b", null, null, null), NOT_UTF8);
    assertFault(payload("classify", "hi", null, null, null), LABELS_MISSING);
    assertFault(payload("classify", "hi", List.of("a"), null, null), LABELS_MISSING);
    assertFault(payload("classify", "hi", List.of("a", " "), null, null), LABELS_MISSING);
    assertFault(payload("classify", "hi", List.of("a", "a"), null, null), PAYLOAD_INVALID);
    assertFault(
        payload("classify", "hi", List.of("a", "b"), Map.of("c", List.of("x")), null),
        PAYLOAD_INVALID);
    assertFault(payload("similarity", "hi", null, null, null), TEXT_EMPTY);
    assertFault(new JobPayload("keywords", "hi", null, null, null, 0), PAYLOAD_INVALID);
  }

  private static void assertFault(JobPayload payload, ProblemCode code) {
    assertThat(payload.fault()).map(JobPayload.Fault::code).as(payload.toString()).contains(code);
  }

  private static JobPayload payload(
      @Nullable String operation,
      @Nullable String text,
      @Nullable List<String> labels,
      @Nullable Map<String, List<String>> examples,
      @Nullable String other) {
    return new JobPayload(operation, text, labels, examples, other, null);
  }
}
