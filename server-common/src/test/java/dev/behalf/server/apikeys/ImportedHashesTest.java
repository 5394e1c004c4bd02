package dev.behalf.server.apikeys;

import static org.assertj.core.api.Assertions.assertThat;

import dev.behalf.server.apikeys.SecretHash.Pbkdf2;
import dev.behalf.server.apikeys.SecretHash.Sha512;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The hashes come from Python's hashlib, encoded as Django and the library encode them. */
class ImportedHashesTest {

  private static final String KEY = "AbCd1234.0123456789abcdefghijABCDEFGHIJ42";
  private static final String OTHER = "AbCd1234.0123456789abcdefghijABCDEFGHIJ43";

  private static final Sha512 SHA_512 =
      new Sha512(
          "sha512$$303e2f36fc7abbe0b74dee8163d9262523b0792c1d4416eb75649090cd37e06e"
              + "29af8aa8b7a5379301de558159df325f42d64f352e367c9ffb9f60f4ef7b6884");
  private static final Pbkdf2 PBKDF2 =
      new Pbkdf2("pbkdf2_sha256$1000$Z7pQ8rT2$gJ7zWD9uWX9Qbrks9smx9tmwXXsWrtWsHGVYqqXgM9w=");
  private static final Pbkdf2 PBKDF2_ODD_SALT =
      new Pbkdf2("pbkdf2_sha256$1$Sälz$RP9FLuAArNcTvC5RgF4By7d1Vj4RC1TtCDiY8V03Wjk=");

  private final ImportedHashes hashes = new ImportedHashes();

  @Test
  void a_key_matches_its_sha_512_hash_and_no_other_key_does() {
    assertThat(hashes.matches(SHA_512, KEY)).isTrue();
    assertThat(hashes.matches(SHA_512, OTHER)).isFalse();
  }

  @Test
  void sha_512_is_fast_and_guesses_are_not_counted() {
    for (int i = 0; i < 20; i++) {
      assertThat(hashes.matches(SHA_512, OTHER)).isFalse();
    }
    assertThat(hashes.matches(SHA_512, KEY)).isTrue();
  }

  @Test
  void a_sha_512_hash_without_its_scheme_matches_nothing() {
    var bare = SHA_512.encoded().substring("sha512$$".length());

    assertThat(hashes.matches(new Sha512(bare), KEY)).isFalse();
  }

  @Test
  void a_key_matches_its_pbkdf2_hash_and_no_other_key_does() {
    assertThat(hashes.matches(PBKDF2, KEY)).isTrue();
    assertThat(hashes.matches(PBKDF2, OTHER)).isFalse();
  }

  @Test
  void the_salt_is_read_as_utf_8_as_django_does() {
    assertThat(hashes.matches(PBKDF2_ODD_SALT, KEY)).isTrue();
  }

  @Test
  void the_right_key_still_matches_after_four_wrong_guesses() {
    guessWrong(PBKDF2, 4);

    assertThat(hashes.matches(PBKDF2, KEY)).isTrue();
  }

  @Test
  void after_five_wrong_guesses_even_the_right_key_has_to_wait() {
    guessWrong(PBKDF2, 5);

    assertThat(hashes.matches(PBKDF2, KEY)).isFalse();
  }

  @Test
  void right_keys_are_no_guesses() {
    for (int i = 0; i < 10; i++) {
      assertThat(hashes.matches(PBKDF2, KEY)).isTrue();
    }
  }

  @Test
  void a_right_key_does_not_forgive_the_guesses_before_it() {
    guessWrong(PBKDF2, 4);
    hashes.matches(PBKDF2, KEY);
    guessWrong(PBKDF2, 1);

    assertThat(hashes.matches(PBKDF2, KEY)).isFalse();
  }

  @Test
  void guesses_at_one_hash_do_not_close_another() {
    guessWrong(PBKDF2, 5);

    assertThat(hashes.matches(PBKDF2_ODD_SALT, KEY)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "pbkdf2_sha256",
        "pbkdf2_sha256$1000$salt",
        "pbkdf2_sha256$1000$salt$c2hvcnQ=",
        "pbkdf2_sha256$$salt$RYFjoLuTkxHLeBQXBdmEtx8CZ+/Dq+ao9vj4ESjzP2A=",
        "pbkdf2_sha256$-1$salt$RYFjoLuTkxHLeBQXBdmEtx8CZ+/Dq+ao9vj4ESjzP2A=",
        "pbkdf2_sha256$1000$$RYFjoLuTkxHLeBQXBdmEtx8CZ+/Dq+ao9vj4ESjzP2A=",
        "pbkdf2_sha256$999999999$salt$RYFjoLuTkxHLeBQXBdmEtx8CZ+/Dq+ao9vj4ESjzP2A=",
        "pbkdf2_sha1$1000$salt$RYFjoLuTkxHLeBQXBdmEtx8CZ+/Dq+ao9vj4ESjzP2A=",
        "argon2$argon2id$v=19$m=102400,t=2,p=8$c2FsdA$aGFzaA"
      })
  void a_hash_of_another_form_matches_nothing(String encoded) {
    assertThat(hashes.matches(new Pbkdf2(encoded), KEY)).isFalse();
  }

  private void guessWrong(Pbkdf2 hash, int times) {
    for (int i = 0; i < times; i++) {
      assertThat(hashes.matches(hash, OTHER)).isFalse();
    }
  }
}
