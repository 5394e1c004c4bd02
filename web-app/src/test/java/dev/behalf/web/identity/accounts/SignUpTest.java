package dev.behalf.web.identity.accounts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.behalf.testkit.Person;
import dev.behalf.web.WebAppTest;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SignUpTest extends WebAppTest {

  @Test
  void gives_an_account_with_one_managed_key_for_each_environment() throws Exception {
    var id = userId(signUp());

    assertThat(
            number(
                "select count(*) from accounts.api_keys where kind = 'managed' and environment = 'live' and user_id = '"
                    + id
                    + "'"))
        .isEqualTo(1);
    assertThat(
            number(
                "select count(*) from accounts.api_keys where kind = 'managed' and environment = 'test' and user_id = '"
                    + id
                    + "'"))
        .isEqualTo(1);
    assertThat(
            number(
                "select count(*) from accounts.managed_key_secrets where user_id = '" + id + "'"))
        .isEqualTo(2);
  }

  @Test
  void that_fails_half_way_leaves_no_user_and_no_key() {
    var users = number("select count(*) from accounts.users");
    var keys = number("select count(*) from accounts.api_keys");
    sql(
        """
        create function accounts.fail() returns trigger language plpgsql as
          $$ begin raise exception 'half way'; end $$;
        create trigger half_way before insert on accounts.api_keys
          for each row when (new.environment = 'test') execute function accounts.fail();
        """);
    try {
      assertThatThrownBy(this::signUp);
    } finally {
      sql("drop trigger half_way on accounts.api_keys; drop function accounts.fail()");
    }

    assertThat(number("select count(*) from accounts.users")).isEqualTo(users);
    assertThat(number("select count(*) from accounts.api_keys")).isEqualTo(keys);
  }

  @Test
  void stores_neither_the_password_nor_a_key_in_clear_text() throws Exception {
    var id = userId(signUp());

    assertThat(text("select password_hash from accounts.users where id = '" + id + "'"))
        .startsWith("{argon2id}$argon2id$")
        .doesNotContain(PASSWORD);
    assertThat(
            text(
                "select encode(string_agg(ciphertext, ''), 'escape') from accounts.managed_key_secrets where user_id = '"
                    + id
                    + "'"))
        .doesNotContain("bh_live_");
  }

  @ParameterizedTest
  @CsvSource({"no-address,correct horse battery,e-mail address", "a@example.com,short,12 to 128"})
  void tells_beside_the_field_what_to_change(String email, String password, String sentence)
      throws Exception {
    var visitor = signUp();

    var answer = visitor.form("/signup", Map.of("email", email, "password", password));

    assertThat(answer.statusCode()).isEqualTo(422);
    assertThat(answer.body()).contains(sentence);
  }

  @Test
  void takes_an_address_once_in_whatever_case() throws Exception {
    var first = signUp();

    assertThatThrownBy(
            () -> Person.signUp(site(), first.email().toUpperCase(java.util.Locale.ROOT), PASSWORD))
        .hasMessageContaining("422");
  }

  @Test
  void is_followed_by_signing_out_and_in_again() throws Exception {
    var ada = signUp();
    ada.form("/signout", Map.of());
    assertThat(ada.page("/home").uri().getPath()).isEqualTo("/signin");

    var wrong = ada.signIn(UUID.randomUUID().toString());
    assertThat(wrong.body()).contains("Incorrect e-mail or password");
    var right = ada.signIn(PASSWORD);

    assertThat(right.uri().getPath()).isEqualTo("/home");
  }
}
