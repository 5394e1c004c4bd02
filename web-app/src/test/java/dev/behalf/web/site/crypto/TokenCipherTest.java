package dev.behalf.web.site.crypto;

import static org.assertj.core.api.Assertions.assertThat;

import dev.behalf.web.site.ServiceSecrets;
import java.util.Arrays;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TokenCipherTest {

  private static final String KIND = "watch token";

  private final TokenCipher cipher = cipher(key(1, 7));

  @ParameterizedTest
  @ValueSource(strings = {"", "ada|job|key abc", "gehütet 秘密 😀", "a\0b"})
  void a_token_opens_as_it_was(String content) {
    assertThat(cipher.open(KIND, cipher.seal(KIND, content))).hasValue(content);
  }

  @Test
  void a_changed_byte_anywhere_does_not_open() {
    var token = cipher.seal(KIND, "secret");

    for (int at = 0; at < token.length; at++) {
      var changed = token.clone();
      changed[at] ^= 1;
      assertThat(cipher.open(KIND, changed)).as("byte %d of %d", at, token.length).isEmpty();
    }
  }

  @Test
  void a_cut_token_does_not_open() {
    var token = cipher.seal(KIND, "secret");

    for (int length = 0; length < token.length; length++) {
      assertThat(cipher.open(KIND, Arrays.copyOf(token, length))).as("%d bytes", length).isEmpty();
    }
  }

  @Test
  void a_token_of_another_kind_does_not_open() {
    assertThat(cipher.open("other token", cipher.seal(KIND, "secret"))).isEmpty();
  }

  @Test
  void a_token_of_another_master_key_does_not_open() {
    assertThat(cipher(key(1, 8)).open(KIND, cipher.seal(KIND, "secret"))).isEmpty();
    assertThat(cipher(key(2, 7)).open(KIND, cipher.seal(KIND, "secret"))).isEmpty();
  }

  @Test
  void a_replaced_master_key_opens_the_tokens_that_it_has_sealed() {
    var both = cipher(key(2, 8) + "," + key(1, 7));

    assertThat(both.open(KIND, cipher.seal(KIND, "old"))).hasValue("old");
    assertThat(cipher(key(2, 8)).open(KIND, both.seal(KIND, "new"))).hasValue("new");
  }

  @Test
  void the_same_content_is_another_token_each_time() {
    assertThat(cipher.seal(KIND, "secret")).isNotEqualTo(cipher.seal(KIND, "secret"));
  }

  private static TokenCipher cipher(String masterKeys) {
    return new TokenCipher(new ServiceSecrets("", masterKeys, "", ""));
  }

  private static String key(int id, int fill) {
    var bytes = new byte[32];
    Arrays.fill(bytes, (byte) fill);
    return id + ":" + Base64.getEncoder().encodeToString(bytes);
  }
}
