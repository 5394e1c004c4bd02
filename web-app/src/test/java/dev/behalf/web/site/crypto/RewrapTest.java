package dev.behalf.web.site.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.behalf.contract.Environment;
import dev.behalf.web.WebAppTest;
import dev.behalf.web.identity.apikeys.ManagedKeys;
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

    await().until(() -> masterKeys.progress().left() == 0);

    assertThat(ciphertext(live)).isNotEqualTo(old);
    assertThat(managed.reveal(ada, Environment.LIVE)).contains(live);
  }

  @Test
  void one_that_no_master_key_opens_stops_no_other() throws Exception {
    var broken = userId(signUp());
    var ada = userId(signUp());
    sql(
        "update accounts.managed_key_secrets set ciphertext = '\\x00', master_key_id = '0' where user_id = '"
            + broken
            + "'");
    sql(
        "update accounts.managed_key_secrets set master_key_id = '0' where user_id = '"
            + ada
            + "'");

    await()
        .until(
            () ->
                number(
                        "select count(*) from accounts.managed_key_secrets where master_key_id = '0' and user_id = '"
                            + ada
                            + "'")
                    == 0);
    assertThat(masterKeys.progress().left()).isEqualTo(2);
    sql("delete from accounts.users where id = '" + broken + "'");
  }

  private static String ciphertext(ManagedKeys.Revealed key) {
    return text(
        "select encode(ciphertext, 'hex') from accounts.managed_key_secrets where key_id = '%s'"
            .formatted(key.keyId()));
  }
}
