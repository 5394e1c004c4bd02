package dev.behalf.contract;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RawJsonTest {

  private record Envelope(RawJson payload) {}

  /** web-app and compute-server compare fingerprints: the queue in between must not change one. */
  @ParameterizedTest
  @ValueSource(strings = {"hi", "é 😀 \u2028", "\"\\/\b\n\t\u0001\u007f", "</script>", "1e2"})
  void a_payload_is_the_same_after_its_way_through_messages(String text) {
    var input = StrictJson.MAPPER.createObjectNode().put("text", text).put("n", 1.50);
    input.putObject("examples").putArray(text).add(text).add("").add(0.1);
    var sent = RawJson.of(JobPayload.of("classify", input));

    var once = StrictJson.read(StrictJson.write(new Envelope(sent)), Envelope.class);
    var twice = StrictJson.read(StrictJson.write(once), Envelope.class);

    assertThat(twice.payload()).isEqualTo(sent);
  }

  @Test
  void raw_json_is_written_as_json_and_not_as_a_string() {
    assertThat(StrictJson.text(new Envelope(RawJson.of(JobPayload.of("echo", "hi")))))
        .isEqualTo("{\"payload\":{\"operation\":\"echo\",\"text\":\"hi\"}}");
  }
}
