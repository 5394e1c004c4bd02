package dev.behalf.web.webhooks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.behalf.web.webhooks.SignatureCheck.Finding;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SignatureCheckTest {

  private static final String SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
  private static final String HEADERS =
      """
      webhook-id: msg_p5jXN8AQM9LWM0D4loKWxJek
      webhook-timestamp: 1614265330
      webhook-signature: v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=
      """;
  private static final String BODY = "{\"test\": 2432232314}";
  private static final Instant THEN = Instant.ofEpochSecond(1614265330);

  @Test
  void a_signature_that_fits_is_shown_with_what_was_signed() {
    var result = SignatureCheck.check(BODY, HEADERS, SECRET, THEN);

    assertThat(result.finding()).isEqualTo(Finding.FITS);
    assertThat(result.signed())
        .isEqualTo("msg_p5jXN8AQM9LWM0D4loKWxJek.1614265330.{\"test\": 2432232314}");
    assertThat(result.given()).containsExactly(result.expected());
    assertThat(result.minutesOff()).isNull();
  }

  @Test
  void headers_are_found_as_they_stand_in_a_log_and_one_signature_of_two_is_enough() {
    var result =
        SignatureCheck.check(
            BODY,
            """
            > Host: example.com
            > Webhook-Id: msg_p5jXN8AQM9LWM0D4loKWxJek
            "webhook-timestamp" = "1614265330"
            WEBHOOK-SIGNATURE: v1a,abc v1,AAAA v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=
            """,
            SECRET,
            THEN);

    assertThat(result.finding()).isEqualTo(Finding.FITS);
    assertThat(result.given()).hasSize(2);
  }

  @Test
  void what_was_done_to_the_body_on_its_way_is_found() {
    assertThat(finding(" " + BODY + "\n")).isEqualTo(Finding.FITS_TRIMMED);
    assertThat(finding("{\"test\":2432232314}")).isEqualTo(Finding.DIFFERS);

    var compact = "{\"a\":1,\"b\":[\"x\"]}";
    assertThat(finding("{\n  \"a\" : 1,\n  \"b\" : [ \"x\" ]\n}", compact))
        .isEqualTo(Finding.FITS_COMPACT);
    assertThat(finding("a\nb", "a\r\nb")).isEqualTo(Finding.FITS_LINE_ENDS);
    // As a browser sends what has no carriage return.
    assertThat(finding("a\r\nb", "a\nb")).isEqualTo(Finding.FITS);
  }

  @ParameterizedTest
  @CsvSource({
    "webhook-id, ID_MISSING",
    "webhook-timestamp, TIMESTAMP_MALFORMED",
    "webhook-signature, SIGNATURE_MISSING"
  })
  void what_is_missing_is_named(String header, Finding finding) {
    var result = SignatureCheck.check(BODY, HEADERS.replace(header, "x"), SECRET, THEN);

    assertThat(result.finding()).isEqualTo(finding);
  }

  @Test
  void a_secret_that_is_none_and_one_of_another_webhook_are_told_apart() {
    assertThat(SignatureCheck.check(BODY, HEADERS, "whsec_!", THEN).finding())
        .isEqualTo(Finding.SECRET_MALFORMED);
    assertThat(SignatureCheck.check(BODY, HEADERS, "", THEN).finding())
        .isEqualTo(Finding.SECRET_MALFORMED);
    assertThat(SignatureCheck.check(BODY, HEADERS, Signature.newSecret(), THEN).finding())
        .isEqualTo(Finding.DIFFERS);
  }

  @Test
  void an_old_timestamp_is_told() {
    var result = SignatureCheck.check(BODY, HEADERS, SECRET, THEN.plusSeconds(3_600));

    assertThat(result.finding()).isEqualTo(Finding.FITS);
    assertThat(result.minutesOff()).isEqualTo(60);
  }

  private static Finding finding(String body) {
    return SignatureCheck.check(body, HEADERS, SECRET, THEN).finding();
  }

  private static Finding finding(String pasted, String signed) {
    var headers =
        "webhook-id: msg_1\nwebhook-timestamp: 1614265330\nwebhook-signature: "
            + Signature.sign(SECRET, "msg_1", 1614265330, signed);
    return SignatureCheck.check(pasted, headers, SECRET, THEN).finding();
  }
}
