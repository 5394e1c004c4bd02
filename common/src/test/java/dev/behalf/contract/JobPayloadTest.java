package dev.behalf.contract;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.behalf.contract.StrictJson.Unreadable;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JobPayloadTest {

  private static final JobPayload ECHO = JobPayload.of("echo", "hi");

  @Test
  void the_operation_and_the_input_are_properties_of_one_object() {
    var payload = read("{\"text\":\"hi\",\"operation\":\"echo\",\"深さ\":3}");

    assertThat(payload.operation()).isEqualTo("echo");
    assertThat(payload.input().toString()).isEqualTo("{\"text\":\"hi\",\"深さ\":3}");
    assertThat(payload.json().has("operation")).as("the input is a copy").isTrue();
    assertThat(JobPayload.of("echo", payload.input())).isEqualTo(payload);
  }

  @ParameterizedTest
  @ValueSource(strings = {"{}", "{\"operation\":null}", "{\"operation\":5}", "{\"operation\":[]}"})
  void a_payload_that_names_no_operation_has_an_empty_name(String json) {
    assertThat(read(json).operation()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"[]", "\"echo\"", "5", "null"})
  void a_payload_that_is_no_object_is_refused(String json) {
    assertThatThrownBy(() -> read(json)).isInstanceOf(Unreadable.class);
  }

  @Test
  void the_first_text_is_the_senders_first() {
    assertThat(read("{\"operation\":\"x\",\"n\":1,\"b\":\"second\",\"a\":\"third\"}").firstText())
        .contains("second");
    assertThat(read("{\"operation\":\"x\",\"list\":[\"a\"]}").firstText()).isEmpty();
  }

  @Test
  void equal_work_has_an_equal_fingerprint_in_whichever_order_it_is_written() {
    assertThat(
            read("{ \"text\": \"h\\u0069\",\n \"operation\": \"echo\" }")
                .fingerprint(Environment.LIVE))
        .isEqualTo(ECHO.fingerprint(Environment.LIVE));
    assertThat(
            read("{\"operation\":\"x\",\"o\":[{\"a\":1,\"b\":2}]}").fingerprint(Environment.LIVE))
        .isEqualTo(
            read("{\"operation\":\"x\",\"o\":[{\"b\":2,\"a\":1}]}").fingerprint(Environment.LIVE));
  }

  @Test
  void other_work_has_another_fingerprint() {
    assertThat(
            List.of(
                ECHO.fingerprint(Environment.LIVE),
                ECHO.fingerprint(Environment.TEST),
                fingerprint("{\"operation\":\"embed\",\"text\":\"hi\"}"),
                fingerprint("{\"operation\":\"echo\",\"text\":\"Hi\"}"),
                fingerprint("{\"operation\":\"echo\",\"text\":\"hi \"}"),
                fingerprint("{\"operation\":\"echo\",\"text\":\"hi\",\"limit\":5}"),
                fingerprint("{\"operation\":\"echo\",\"text\":\"hi\",\"limit\":6}"),
                fingerprint("{\"operation\":\"x\",\"list\":[1,2]}"),
                fingerprint("{\"operation\":\"x\",\"list\":[2,1]}")))
        .extracting(HexFormat.of()::formatHex)
        .doesNotHaveDuplicates();
  }

  /** Jobs and results from before operations were data have this fingerprint stored. */
  @Test
  void an_old_payload_keeps_its_fingerprint() {
    var stored =
        "{\"operation\":\"classify\",\"text\":\"t\",\"labels\":[\"b\",\"a\"],\"examples\":{\"a\":[\"x\"]},\"other\":\"o\",\"limit\":2}";

    assertThat(fingerprint(stored))
        .isEqualTo(Sha256.of("live".getBytes(UTF_8), stored.getBytes(UTF_8)));
  }

  private static JobPayload read(String json) {
    return StrictJson.read(json.getBytes(UTF_8), JobPayload.class);
  }

  private static byte[] fingerprint(String json) {
    return read(json).fingerprint(Environment.LIVE);
  }
}
