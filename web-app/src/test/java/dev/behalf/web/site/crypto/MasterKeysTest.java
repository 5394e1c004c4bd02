package dev.behalf.web.site.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.behalf.web.site.ServiceSecrets;
import java.util.Base64;
import org.junit.jupiter.api.Test;

class MasterKeysTest {

  private static final String OLD = "1:" + Base64.getEncoder().encodeToString(new byte[32]);
  private static final String NEW =
      "2:"
          + Base64.getEncoder()
              .encodeToString(
                  "another secret of 32 bytes length"
                      .substring(0, 32)
                      .getBytes(java.nio.charset.StandardCharsets.US_ASCII));

  @Test
  void a_secret_opens_with_the_old_master_key_until_it_is_wrapped_with_the_new_one()
      throws Exception {
    var sealed = vault(OLD).encrypt("ada key", "secret");
    var both = vault(NEW + "," + OLD);

    var rewrapped = both.rewrap("ada key", sealed.ciphertext());

    assertThat(sealed.masterKeyId()).isEqualTo("1");
    assertThat(rewrapped.masterKeyId()).isEqualTo("2");
    assertThat(both.decrypt("ada key", sealed.ciphertext())).isEqualTo("secret");
    assertThat(vault(NEW).decrypt("ada key", rewrapped.ciphertext())).isEqualTo("secret");
    assertThatThrownBy(() -> vault(NEW).decrypt("ada key", sealed.ciphertext()))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void a_ciphertext_opens_for_nobody_else() throws Exception {
    var encryption = vault(OLD);
    var sealed = encryption.encrypt("ada key", "secret");

    assertThatThrownBy(() -> encryption.decrypt("eve key", sealed.ciphertext()))
        .isInstanceOf(IllegalStateException.class);
  }

  private static Encryption vault(String masterKeys) throws Exception {
    return new Encryption(new ServiceSecrets("", masterKeys, "", ""));
  }
}
