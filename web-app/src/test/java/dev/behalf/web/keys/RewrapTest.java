package dev.behalf.web.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.behalf.contract.Environment;
import dev.behalf.web.WebAppTest;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

/** After a change of the master key, on the database that all secrets are in. */
class RewrapTest extends WebAppTest {

  @Autowired private MasterKeys masterKeys;
  @Autowired private ManagedKeys managed;

  @Test
  void all_secrets_are_encrypted_anew_and_open() throws Exception {
    var ada = userId(signUp());
    var live = managed.reveal(ada, Environment.LIVE).orElseThrow();
    sql("update accounts.managed_key_secrets set master_key_id = '0'");
    sql("update accounts.signing_keys set master_key_id = '0'");
    var old = ciphertext(live);
    assertThat(masterKeys.progress().left()).isGreaterThan(1);

    await().until(() -> masterKeys.rewrap().left() == 0);

    assertThat(ciphertext(live)).isNotEqualTo(old);
    assertThat(managed.reveal(ada, Environment.LIVE)).contains(live);
    assertThat(masterKeys.rewrap().rewrapped()).isZero();
  }

  private static String ciphertext(ManagedKeys.Revealed key) {
    return text(
        "select encode(ciphertext, 'hex') from accounts.managed_key_secrets where key_id = '%s'"
            .formatted(key.keyId()));
  }
}
