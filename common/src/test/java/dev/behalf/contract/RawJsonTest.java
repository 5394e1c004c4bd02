package dev.behalf.contract;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.behalf.contract.JobPayload.Operation;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RawJsonTest {

  private static final RawJson ECHO = RawJson.of(JobPayload.of(Operation.ECHO, "hi"));

  private record Envelope(RawJson payload) {}

  @Test
  void equal_work_has_an_equal_fingerprint() {
    assertThat(RawJson.of(JobPayload.of(Operation.ECHO, "hi")).fingerprint(Environment.LIVE))
        .isEqualTo(ECHO.fingerprint(Environment.LIVE));
  }

  @Test
  void the_same_payload_in_the_other_environment_is_other_work() {
    assertThat(ECHO.fingerprint(Environment.TEST)).isNotEqualTo(ECHO.fingerprint(Environment.LIVE));
  }

  @Test
  void another_operation_text_or_limit_is_other_work() {
    var keywords = new JobPayload("keywords", "hi", null, null, null, 5);

    assertThat(
            List.of(
                ECHO.fingerprint(Environment.LIVE),
                fingerprint(JobPayload.of(Operation.EMBED, "hi")),
                fingerprint(JobPayload.of(Operation.ECHO, "Hi")),
                fingerprint(JobPayload.of(Operation.ECHO, "hi ")),
                fingerprint(keywords),
                fingerprint(new JobPayload("keywords", "hi", null, null, null, 6)),
                fingerprint(new JobPayload("keywords", "hi", null, null, null, null))))
        .extracting(RawJsonTest::hex)
        .doesNotHaveDuplicates();
  }

  @Test
  void the_order_and_the_spaces_of_a_request_do_not_change_the_fingerprint() {
    var request = "{ \"text\": \"h\\u0069\",\n \"limit\": null, \"operation\": \"echo\" }";
    var payload = StrictJson.read(request.getBytes(UTF_8), JobPayload.class);

    assertThat(fingerprint(payload)).isEqualTo(ECHO.fingerprint(Environment.LIVE));
  }

  /** web-app and compute-server compare fingerprints: the queue in between must not change one. */
  @ParameterizedTest
  @ValueSource(strings = {"hi", "é 😀 \u2028", "\"\\/\b\n\t\u0001\u007f", "</script>", "1e2"})
  void a_payload_keeps_its_fingerprint_on_its_way_through_messages(String text) {
    var sent =
        RawJson.of(
            new JobPayload(
                "classify", text, List.of("a", text), Map.of("a", List.of(text, "")), null, null));

    var once = StrictJson.read(StrictJson.write(new Envelope(sent)), Envelope.class);
    var twice = StrictJson.read(StrictJson.write(once), Envelope.class);

    assertThat(twice.payload()).isEqualTo(sent);
    assertThat(twice.payload().fingerprint(Environment.LIVE))
        .isEqualTo(sent.fingerprint(Environment.LIVE));
  }

  @Test
  void raw_json_is_written_as_json_and_not_as_a_string() {
    assertThat(StrictJson.text(new Envelope(ECHO)))
        .isEqualTo("{\"payload\":{\"operation\":\"echo\",\"text\":\"hi\"}}");
  }

  private static byte[] fingerprint(JobPayload payload) {
    return RawJson.of(payload).fingerprint(Environment.LIVE);
  }

  private static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(bytes);
  }
}
