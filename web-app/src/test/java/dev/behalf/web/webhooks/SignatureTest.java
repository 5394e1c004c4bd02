package dev.behalf.web.webhooks;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SignatureTest {

  /** Of the reference libraries of Standard Webhooks. */
  @Test
  void is_that_of_the_published_example() {
    assertThat(
            Signature.sign(
                "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
                "msg_p5jXN8AQM9LWM0D4loKWxJek",
                1614265330,
                "{\"test\": 2432232314}"))
        .isEqualTo("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
  }

  @Test
  void a_secret_is_new_each_time_and_has_as_many_bytes_as_the_standard_asks_for() {
    var secret = Signature.newSecret();

    assertThat(secret).startsWith("whsec_").isNotEqualTo(Signature.newSecret());
    assertThat(Signature.key(secret)).hasSizeBetween(24, 64);
  }
}
