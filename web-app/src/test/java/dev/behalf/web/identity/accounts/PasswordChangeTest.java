package dev.behalf.web.identity.accounts;

import static org.assertj.core.api.Assertions.assertThat;

import dev.behalf.testkit.Person;
import dev.behalf.web.WebAppTest;
import java.net.http.HttpResponse;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.transaction.support.TransactionTemplate;

class PasswordChangeTest extends WebAppTest {

  @Autowired private Users users;
  @Autowired private TransactionTemplate transaction;

  private static final String OTHER = "staple battery horse correct";

  @Test
  void signs_other_browsers_out_and_lets_in_with_the_new_one_only() throws Exception {
    var here = signUp();
    var there = Person.at(site(), here.email());
    there.signIn(PASSWORD);

    var answer = change(here, PASSWORD, OTHER);

    assertThat(answer.body()).contains("Your password was changed");
    assertThat(here.page("/home").uri().getPath()).isEqualTo("/home");
    assertThat(there.page("/home").uri().getPath()).isEqualTo("/signin");
    assertThat(there.signIn(PASSWORD).body()).contains("Incorrect e-mail or password");
    assertThat(there.signIn(OTHER).uri().getPath()).isEqualTo("/home");
    assertThat(here.page("/activity").body()).contains("Password changed");
  }

  /** By an operator, while the row was in the hands of who changes something else. */
  @Test
  void writes_back_nothing_that_others_have_changed_meanwhile() throws Exception {
    var ada = userId(signUp());

    transaction.executeWithoutResult(
        status -> {
          var loaded = users.findById(ada).orElseThrow();
          sql(
              "update accounts.users set disabled_at = now(), disabled_scopes = scopes, scopes = '' where id = '"
                  + ada
                  + "'");
          loaded.passwordHash = "another";
        });

    assertThat(
            text(
                "select password_hash || ' ' || (disabled_at is not null)::text from accounts.users where id = '"
                    + ada
                    + "'"))
        .isEqualTo("another true");
  }

  @Test
  void letters_count_and_not_how_a_keyboard_puts_them_together() throws Exception {
    var composed = "passw\u00f6rter sind sch\u00f6n";
    var apart = java.text.Normalizer.normalize(composed, java.text.Normalizer.Form.NFD);
    var ada = Person.signUp(site(), UUID.randomUUID() + "@example.com", composed);

    assertThat(Person.at(site(), ada.email()).signIn(apart).uri().getPath()).isEqualTo("/home");
    assertThat(change(ada, apart, "\ud83d\ude00".repeat(11)).body())
        .contains("12 to 128 characters");
    assertThat(change(ada, composed, "\ud83d\ude00".repeat(128)).body())
        .contains("Your password was changed");
  }

  @Test
  void takes_the_old_one_and_a_new_one_of_enough_characters() throws Exception {
    var ada = signUp();

    var wrong = change(ada, UUID.randomUUID().toString(), OTHER);
    var shorter = change(ada, PASSWORD, "short");

    assertThat(wrong.statusCode()).isEqualTo(422);
    assertThat(wrong.body()).contains("This does not match your account");
    assertThat(shorter.statusCode()).isEqualTo(422);
    assertThat(shorter.body()).contains("12 to 128 characters");
    assertThat(Person.at(site(), ada.email()).signIn(PASSWORD).uri().getPath()).isEqualTo("/home");
  }

  @Test
  void is_no_way_to_guess_the_old_one() throws Exception {
    var ada = signUp();
    for (int i = 0; i < 10; i++) {
      assertThat(change(ada, UUID.randomUUID().toString(), OTHER).body())
          .contains("This does not match your account");
    }

    assertThat(change(ada, PASSWORD, OTHER).body()).contains("Too many failed attempts");
  }

  private static HttpResponse<String> change(Person person, String current, String next)
      throws Exception {
    return person.form(
        "/settings/password", Map.of("current_password", current, "new_password", next));
  }
}
