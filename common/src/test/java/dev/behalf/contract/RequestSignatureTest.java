package dev.behalf.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.behalf.contract.RequestSignature.Invalid;
import dev.behalf.contract.RequestSignature.Valid;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import org.junit.jupiter.api.Test;

class RequestSignatureTest {

  private static final Instant NOW = Instant.parse("2026-11-24T10:00:00Z");
  private static final KeyRing KEYS = ring("k1", 1);
  private static final byte[] BODY = "{\"a\":1}".getBytes(StandardCharsets.UTF_8);

  private final RequestSignature signature = RequestSignature.sign(KEYS, "POST", "/x", BODY, NOW);

  @Test
  void a_signed_request_is_valid_and_gives_its_nonce() {
    assertThat(check(KEYS, "POST", "/x", BODY, NOW)).isInstanceOf(Valid.class);
  }

  @Test
  void another_method_path_or_body_is_invalid() {
    assertThat(check(KEYS, "PUT", "/x", BODY, NOW)).isInstanceOf(Invalid.class);
    assertThat(check(KEYS, "POST", "/y", BODY, NOW)).isInstanceOf(Invalid.class);
    assertThat(check(KEYS, "POST", "/x", new byte[] {1}, NOW)).isInstanceOf(Invalid.class);
  }

  @Test
  void a_minute_of_clock_difference_is_taken_either_way_and_not_more() {
    var minute = Duration.ofSeconds(60);

    assertThat(check(KEYS, "POST", "/x", BODY, NOW.plus(minute))).isInstanceOf(Valid.class);
    assertThat(check(KEYS, "POST", "/x", BODY, NOW.minus(minute))).isInstanceOf(Valid.class);
    assertThat(check(KEYS, "POST", "/x", BODY, NOW.plus(minute).plusSeconds(1)))
        .isInstanceOf(Invalid.class);
    assertThat(check(KEYS, "POST", "/x", BODY, NOW.minus(minute).minusSeconds(1)))
        .isInstanceOf(Invalid.class);
  }

  @Test
  void two_secrets_are_valid_while_one_replaces_the_other() {
    var next = KeyRing.parse("k2:" + base64(2) + ",k1:" + base64(1));

    assertThat(check(next, "POST", "/x", BODY, NOW)).isInstanceOf(Valid.class);
    assertThat(check(ring("k2", 2), "POST", "/x", BODY, NOW)).isInstanceOf(Invalid.class);
  }

  @Test
  void a_missing_or_mangled_header_is_invalid() {
    assertThat(RequestSignature.verify(KEYS, "POST", "/x", BODY, null, null, null, NOW))
        .isInstanceOf(Invalid.class);
    assertThat(
            RequestSignature.verify(
                KEYS,
                "POST",
                "/x",
                BODY,
                signature.contentDigest(),
                signature.signatureInput() + ";x=1",
                signature.signature(),
                NOW))
        .isInstanceOf(Invalid.class);
  }

  /** The one in docs/api.md, for clients written against it. */
  @Test
  void the_published_example_is_valid() {
    var body =
        "{\"job_id\":\"0190a5c8-0000-7000-8000-000000000001\",\"user_id\":\"0190a5c8-0000-7000-8000-000000000002\",\"environment\":\"live\"}";
    assertThat(
            RequestSignature.verify(
                ring("1", 1),
                "POST",
                "/internal/v1/key-lookups",
                body.getBytes(StandardCharsets.UTF_8),
                "sha-256=:X87p/QFsqFu1mkSF0n7qfdG7Q5NRUuEzuFHGOS8+UhY=:",
                "sig1=(\"@method\" \"@path\" \"content-digest\");created=1795514400;nonce=\"5f0c7a1e-3b0d-4b1f-9a51-2f6f3d6b8c11\";keyid=\"1\";alg=\"hmac-sha256\"",
                "sig1=:TWsazbENdWxSSKZwYfdXnpAhf4evBu0fLZi5vzpAqsE=:",
                NOW))
        .isEqualTo(new Valid("5f0c7a1e-3b0d-4b1f-9a51-2f6f3d6b8c11"));
  }

  private RequestSignature.Check check(
      KeyRing keys, String method, String path, byte[] body, Instant now) {
    return RequestSignature.verify(
        keys,
        method,
        path,
        body,
        signature.contentDigest(),
        signature.signatureInput(),
        signature.signature(),
        now);
  }

  private static KeyRing ring(String id, int fill) {
    return KeyRing.parse(id + ":" + base64(fill));
  }

  private static String base64(int fill) {
    var secret = new byte[32];
    java.util.Arrays.fill(secret, (byte) fill);
    return Base64.getEncoder().encodeToString(secret);
  }
}
