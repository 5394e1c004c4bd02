package dev.behalf.server.apikeys;

import static org.assertj.core.api.Assertions.assertThat;

import dev.behalf.contract.ApiKeyFormat;
import dev.behalf.contract.Environment;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class PresentedKeyTest {

  private static final String SECRET = "0123456789abcdefghijABCDEFGHIJ42";

  @ParameterizedTest
  @EnumSource
  void a_key_of_this_installation_names_its_id_its_secret_and_its_environment(
      Environment environment) {
    var key = new ApiKeyFormat(environment, "AbCdEf123456", SECRET);

    assertThat(PresentedKey.parse(key.reveal()))
        .hasValue(new PresentedKey("AbCdEf123456", SECRET, environment, key.reveal()));
  }

  @Test
  void the_hash_of_an_imported_key_covers_all_of_it_and_its_environment_is_unknown() {
    var text = "AbCd1234." + SECRET;

    assertThat(PresentedKey.parse(text)).hasValue(new PresentedKey("AbCd1234", text, null, text));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "AbCd123." + SECRET,
        "AbCd12345." + SECRET,
        "AbCd1234." + SECRET + "x",
        "AbCd1234.123456789abcdefghijABCDEFGHIJ42",
        "AbCd1234" + SECRET,
        "AbCd-234." + SECRET,
        "AbCd1234.0123456789abcdefghijABCDEFGHIJ4_",
        "AbCd1234.." + SECRET,
        "AbCd1234." + SECRET + "\n",
        " AbCd1234." + SECRET,
        "AbCd1234.0123456789abcdefghijABCDEFGHIJ4\u0662"
      })
  void a_text_of_almost_the_form_of_an_imported_key_is_none(String text) {
    assertThat(PresentedKey.parse(text)).isEmpty();
  }

  @Test
  void one_wrong_character_anywhere_makes_a_key_malformed() {
    var text = new ApiKeyFormat(Environment.LIVE, "AbCdEf123456", SECRET).reveal();
    for (int i = 0; i < text.length(); i++) {
      var other = text.charAt(i) == 'x' ? 'y' : 'x';
      var mistyped = text.substring(0, i) + other + text.substring(i + 1);

      assertThat(PresentedKey.parse(mistyped)).as(mistyped).isEmpty();
    }
  }

  @Test
  void a_key_that_is_cut_off_anywhere_is_malformed() {
    var text = new ApiKeyFormat(Environment.LIVE, "AbCdEf123456", SECRET).reveal();
    for (int length = 0; length < text.length(); length++) {
      assertThat(PresentedKey.parse(text.substring(0, length))).as("%d", length).isEmpty();
    }
  }

  @Test
  void neither_kind_of_key_prints_its_secret() {
    var own = new ApiKeyFormat(Environment.LIVE, "AbCdEf123456", SECRET).reveal();

    assertThat(PresentedKey.parse(own).orElseThrow()).hasToString("AbCdEf123456");
    assertThat(PresentedKey.parse("AbCd1234." + SECRET).orElseThrow()).hasToString("AbCd1234");
  }
}
