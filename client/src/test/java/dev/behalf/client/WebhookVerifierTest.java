package dev.behalf.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WebhookVerifierTest {

  private static final String SECRET = "whsec_AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE=";
  private static final byte[] BODY =
      "{\"type\":\"job.succeeded\",\"timestamp\":\"2026-11-24T10:00:00.123456Z\",\"data\":{\"units\":1}}"
          .getBytes(UTF_8);

  /** Made with openssl: printf 'msg_1.1795514400.{…}' | openssl dgst -sha256 -mac HMAC … */
  private static final String SIGNATURE = "v1,aHsKA4bgHmWu8AvZLDir6dIAi9sK0nyLWulsAqozsGw=";

  private final Map<String, String> headers =
      new HashMap<>(
          Map.of(
              "webhook-id", "msg_1",
              "webhook-timestamp", "1795514400",
              "webhook-signature", SIGNATURE));

  private WebhookEvent verify(byte[] body) {
    return new WebhookVerifier(SECRET, () -> Instant.ofEpochSecond(1795514400 + 299))
        .verify(headers::get, body);
  }

  @Test
  void a_delivery_is_an_event() {
    var event = verify(BODY);

    assertThat(event.id()).isEqualTo("msg_1");
    assertThat(event.type()).isEqualTo("job.succeeded");
    assertThat(event.data().required("units").asInt()).isEqualTo(1);
  }

  @Test
  void one_of_two_signatures_is_enough_during_a_rotation() {
    headers.put("webhook-signature", "v1,AAAA v2,x " + SIGNATURE);

    assertThat(verify(BODY).type()).isEqualTo("job.succeeded");
  }

  @Test
  void an_altered_body_is_refused() {
    var altered = BODY.clone();
    altered[altered.length - 3] = '2';

    assertThatThrownBy(() -> verify(altered)).hasMessage("No signature matches.");
  }

  @ParameterizedTest
  @CsvSource({
    "webhook-id, msg_2",
    "webhook-timestamp, 1795514401",
    "webhook-timestamp, 1795513000",
    "webhook-timestamp, 1795516000",
    "webhook-timestamp, soon",
    "webhook-timestamp, 99999999999999999",
    "webhook-signature, v1",
    "webhook-signature, 'v1,'",
    "webhook-signature, é"
  })
  void a_changed_header_is_refused(String header, String value) {
    headers.put(header, value);

    assertThatThrownBy(() -> verify(BODY)).isInstanceOf(InvalidWebhookException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"webhook-id", "webhook-timestamp", "webhook-signature"})
  void a_missing_header_is_named(String header) {
    headers.remove(header);

    assertThatThrownBy(() -> verify(BODY)).hasMessageContaining(header);
  }

  @Test
  void a_wrong_secret_is_not_repeated() {
    assertThatThrownBy(() -> new WebhookVerifier("whsec_ä"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageNotContaining("ä");
  }
}
