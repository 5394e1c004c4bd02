package dev.behalf.contract;

import static dev.behalf.contract.ProblemCode.LABELS_MISSING;
import static dev.behalf.contract.ProblemCode.NOT_UTF8;
import static dev.behalf.contract.ProblemCode.OPERATION_UNKNOWN;
import static dev.behalf.contract.ProblemCode.PAYLOAD_INVALID;
import static dev.behalf.contract.ProblemCode.PAYLOAD_TOO_LARGE;
import static dev.behalf.contract.ProblemCode.TEXT_EMPTY;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class JobPayloadTest {

  @Test
  void complete_payloads_have_no_fault() {
    assertThat(payload("echo", "hi", null, null, null).violation()).isEmpty();
    assertThat(
            payload("classify", "hi", List.of("a", "b"), Map.of("a", List.of("x")), null)
                .violation())
        .isEmpty();
    assertThat(payload("similarity", "hi", null, null, "ho").violation()).isEmpty();
    assertThat(payload("echo", "é".repeat(32 * 1024), null, null, null).violation()).isEmpty();
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

  @Test
  void a_property_that_the_operation_does_not_read_is_refused_and_named() {
    assertThat(payload("echo", "hi", List.of("a", "b"), null, null).violation())
        .map(JobPayload.Violation::detail)
        .hasValueSatisfying(detail -> assertThat(detail).contains("\"labels\"", "echo"));
    assertFault(payload("echo", "hi", null, Map.of(), null), PAYLOAD_INVALID);
    assertFault(payload("embed", "hi", null, null, "x".repeat(400_000)), PAYLOAD_INVALID);
    assertFault(new JobPayload("echo", "hi", null, null, null, 3), PAYLOAD_INVALID);
    assertFault(payload("keywords", "hi", List.of("a", "b"), null, null), PAYLOAD_INVALID);
  }

  @Test
  void parts_that_are_each_within_their_bound_must_fit_together() {
    var labels = IntStream.range(0, 100).mapToObj(i -> "label " + i).toList();
    var most =
        labels.stream()
            .collect(Collectors.toMap(label -> label, label -> List.of("x".repeat(2_000))));
    var tooMany =
        labels.stream()
            .collect(
                Collectors.toMap(
                    label -> label, label -> Collections.nCopies(3, "x".repeat(2_000))));

    assertThat(payload("classify", "hi", labels, most, null).violation()).isEmpty();
    assertFault(payload("classify", "hi", labels, tooMany, null), PAYLOAD_TOO_LARGE);
    var escaped = "a" + "\u0001".repeat(JobPayload.MAX_TEXT_BYTES - 1);
    assertThat(payload("echo", escaped, null, null, null).violation()).isEmpty();
    assertFault(payload("similarity", escaped, null, null, escaped), PAYLOAD_TOO_LARGE);
  }

  @Test
  void text_in_which_nothing_can_be_found_is_empty() {
    for (var nothing :
        List.of(
            "\u200b",
            "\u00a0",
            "\u0085",
            "\ufeff",
            "\u00ad",
            "\u0301",
            "\u0001",
            "\u2007\u202f\u3000")) {
      assertFault(payload("embed", nothing, null, null, null), TEXT_EMPTY);
      assertFault(payload("similarity", "hi", null, null, nothing), TEXT_EMPTY);
      assertFault(payload("classify", "hi", List.of("a", nothing), null, null), LABELS_MISSING);
    }
  }

  @Test
  void characters_are_code_points() {
    var labels = List.of("\ud83d\ude00".repeat(200), "b");

    assertThat(payload("classify", "hi", labels, null, null).violation()).isEmpty();
    assertFault(
        payload("classify", "hi", List.of("\ud83d\ude00".repeat(201), "b"), null, null),
        LABELS_MISSING);
  }

  private static void assertFault(JobPayload payload, ProblemCode code) {
    assertThat(payload.violation())
        .map(JobPayload.Violation::code)
        .as(payload.toString())
        .contains(code);
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
