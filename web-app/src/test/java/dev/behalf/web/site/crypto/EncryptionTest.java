package dev.behalf.web.site.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.behalf.web.site.ServiceSecrets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EncryptionTest {

  private static final String ROW = "managed key of ada";

  private final Encryption encryption = encryption(key(1, 7));

  @ParameterizedTest
  @ValueSource(strings = {"", "secret", "gehütet 秘密 😀", "a\0b"})
  void a_secret_opens_as_it_was(String secret) {
    var sealed = encryption.encrypt(ROW, secret);

    assertThat(encryption.decrypt(ROW, sealed.ciphertext())).isEqualTo(secret);
  }

  @Test
  void a_changed_byte_anywhere_does_not_open() {
    var sealed = encryption.encrypt(ROW, "secret").ciphertext();

    for (int at = 0; at < sealed.length; at++) {
      var changed = sealed.clone();
      changed[at] ^= 1;
      assertThatThrownBy(() -> encryption.decrypt(ROW, changed))
          .as("byte %d of %d", at, sealed.length)
          .isInstanceOf(IllegalStateException.class);
    }
  }

  @Test
  void a_cut_ciphertext_does_not_open() {
    var sealed = encryption.encrypt(ROW, "secret").ciphertext();

    for (int length = 0; length < sealed.length; length++) {
      var cut = Arrays.copyOf(sealed, length);
      assertThatThrownBy(() -> encryption.decrypt(ROW, cut))
          .as("%d of %d bytes", length, sealed.length)
          .isInstanceOf(IllegalStateException.class);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "managed key of eve", "managed key of ada ", "Managed key of ada"})
  void the_ciphertext_of_one_row_does_not_open_in_another(String row) {
    var sealed = encryption.encrypt(ROW, "secret").ciphertext();

    assertThatThrownBy(() -> encryption.decrypt(row, sealed))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void another_key_of_the_same_id_does_not_open() {
    var sealed = encryption.encrypt(ROW, "secret").ciphertext();

    assertThatThrownBy(() -> encryption(key(1, 8)).decrypt(ROW, sealed))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void the_same_secret_never_has_the_same_ciphertext() {
    assertThat(encryption.encrypt(ROW, "secret").ciphertext())
        .isNotEqualTo(encryption.encrypt(ROW, "secret").ciphertext());
  }

  @Test
  void the_first_master_key_encrypts_and_all_decrypt() {
    var both = encryption(key(2, 8) + " , " + key(1, 7));

    assertThat(both.masterKeyId()).isEqualTo("2");
    assertThat(both.encrypt(ROW, "new").masterKeyId()).isEqualTo("2");
    assertThat(both.decrypt(ROW, encryption.encrypt(ROW, "old").ciphertext())).isEqualTo("old");
  }

  @Test
  void rewrapping_keeps_the_row() {
    var both = encryption(key(2, 8) + "," + key(1, 7));
    var sealed = encryption.encrypt(ROW, "secret").ciphertext();

    assertThatThrownBy(() -> both.rewrap("another row", sealed))
        .isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> both.decrypt("another row", both.rewrap(ROW, sealed).ciphertext()))
        .isInstanceOf(IllegalStateException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "1", "1:", "x:AAAA", "1:AAAA", "1:%", "AAAA"})
  void a_master_key_that_is_none_stops_the_start(String wrong) {
    assertThatThrownBy(() -> new Encryption(new ServiceSecrets("", wrong, "", "")))
        .isInstanceOf(Exception.class);
  }

  private static String key(int id, int content) {
    var bytes = new byte[32];
    Arrays.fill(bytes, (byte) content);
    return id + ":" + Base64.getEncoder().encodeToString(bytes);
  }

  private static Encryption encryption(String masterKeys) {
    try {
      return new Encryption(new ServiceSecrets("", masterKeys, "", ""));
    } catch (GeneralSecurityException broken) {
      throw new AssertionError(broken);
    }
  }
}
