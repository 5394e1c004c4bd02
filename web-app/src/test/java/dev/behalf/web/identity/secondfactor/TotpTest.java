package dev.behalf.web.identity.secondfactor;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.bouncycastle.util.encoders.Base32;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TotpTest {

  /** The secret of the test vectors in RFC 6238, appendix B. */
  private static final Totp RFC =
      new Totp(
          Base32.toBase32String(
              "12345678901234567890".getBytes(java.nio.charset.StandardCharsets.US_ASCII)));

  /** The vectors have eight digits; six digits are their end. */
  @ParameterizedTest
  @CsvSource({"59,287082", "1111111109,081804", "1234567890,005924", "20000000000,353130"})
  void codes_are_those_of_the_rfc(long time, String code) {
    assertThat(RFC.step(code, Instant.ofEpochSecond(time))).hasValue(time / 30);
  }

  @ParameterizedTest
  @CsvSource({"0,true", "29,true", "30,true", "-30,true", "60,false", "-60,false"})
  void a_code_is_valid_in_its_half_minute_and_those_around_it(long seconds, boolean valid) {
    var at = Instant.ofEpochSecond(1_111_111_110L / 30 * 30 + seconds);

    assertThat(RFC.step("050471", at).isPresent()).isEqualTo(valid);
  }
}
