package dev.behalf.spring.engine;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.mock.web.MockHttpServletRequest;

/** The test vector of docs/engines.md, and what must not pass. */
class SignatureCheckTest {

  private static final String SECRET = "0123456789abcdef0123456789abcdef";
  private static final String BODY = "{\"prompt\":\"hello\"}";
  private static final Instant CREATED = Instant.ofEpochSecond(1795514400);

  private Instant now = CREATED;
  private final SignatureCheck check = new SignatureCheck(List.of(SECRET), () -> now);

  @Test
  void a_call_that_was_signed_with_the_secret_passes_once() {
    assertThat(fault(signed(), BODY)).isNull();
    assertThat(fault(signed(), BODY)).contains("come before");
  }

  @Test
  void a_signature_counts_for_a_minute() {
    now = CREATED.plus(Duration.ofSeconds(61));
    assertThat(fault(signed(), BODY)).contains("60 s");
    now = CREATED.minus(Duration.ofSeconds(61));
    assertThat(fault(signed(), BODY)).contains("60 s");
    now = CREATED.plus(Duration.ofSeconds(60));
    assertThat(fault(signed(), BODY)).isNull();
  }

  @Test
  void what_was_signed_cannot_be_changed() {
    assertThat(fault(signed(), "{\"prompt\":\"hullo\"}")).contains("Content-Digest");
    var otherAttempt = signed();
    otherAttempt.removeHeader("Behalf-Attempt");
    otherAttempt.addHeader("Behalf-Attempt", "3");
    assertThat(fault(otherAttempt, BODY)).contains("wrong");
    var otherQuery = signed();
    otherQuery.setQueryString("model=b");
    assertThat(fault(otherQuery, BODY)).contains("wrong");
    assertThat(check.fault(signed(), "/other", BODY.getBytes(UTF_8))).contains("wrong");
  }

  @Test
  void a_header_of_behalf_that_is_not_signed_does_not_pass() {
    var added = signed();
    added.addHeader("behalf-user", "0190a5c8-0000-7000-8000-000000000001");
    assertThat(fault(added, BODY)).contains("cover");
  }

  @Test
  void neither_another_secret_nor_no_signature_passes() {
    var other = new SignatureCheck(List.of("another secret of at least 32 bytes"), () -> now);
    assertThat(other.fault(signed(), "/generate", BODY.getBytes(UTF_8))).contains("wrong");
    assertThat(fault(new MockHttpServletRequest("POST", "/generate"), BODY)).contains("not signed");
    var none = new SignatureCheck(List.of(), () -> now);
    assertThat(none.fault(signed(), "/generate", BODY.getBytes(UTF_8))).contains("wrong");
  }

  @Test
  void a_secret_that_can_be_guessed_is_refused() {
    assertThatThrownBy(() -> new SignatureCheck(List.of("hunter2"), () -> now))
        .hasMessageContaining("32")
        .message()
        .doesNotContain("hunter2");
  }

  private String fault(MockHttpServletRequest request, String body) {
    return check.fault(request, "/generate", body.getBytes(UTF_8));
  }

  private static MockHttpServletRequest signed() {
    var request = new MockHttpServletRequest("POST", "/generate");
    request.setQueryString("model=a");
    request.addHeader("Behalf-Attempt", "2");
    request.addHeader("Behalf-Protocol", "1");
    request.addHeader("Content-Digest", "sha-256=:ikRyUhC53NT+/Z8Oyge3CuReaSdKMQX7JetCaiz4u/Q=:");
    request.addHeader(
        "Signature-Input",
        "sig1=(\"@method\" \"@path\" \"@query\" \"content-digest\" \"behalf-attempt\""
            + " \"behalf-protocol\");created=1795514400"
            + ";nonce=\"5ca7f1b2-7b1d-4f0e-9a35-0d3c1d6a9d11\";keyid=\"gpu\";alg=\"hmac-sha256\"");
    request.addHeader("Signature", "sig1=:02+1oTEoIfBV6/X3thHQRDsLwT3dXpAbin0jxZeI29c=:");
    return request;
  }
}
