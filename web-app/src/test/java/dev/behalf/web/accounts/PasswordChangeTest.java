package dev.behalf.web.accounts;

import static org.assertj.core.api.Assertions.assertThat;

import dev.behalf.standalone.Person;
import dev.behalf.web.WebAppTest;
import java.net.http.HttpResponse;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class PasswordChangeTest extends WebAppTest {

  private static final String OTHER = "staple battery horse correct";

  @Test
  void signs_other_browsers_out_and_lets_in_with_the_new_one_only() throws Exception {
    var here = signUp();
    var there = Person.at(site(), here.email());
    there.signIn(PASSWORD);

    var answer = change(here, PASSWORD, OTHER);

    assertThat(answer.body()).contains("Your password is changed");
    assertThat(here.page("/home").uri().getPath()).isEqualTo("/home");
    assertThat(there.page("/home").uri().getPath()).isEqualTo("/signin");
    assertThat(there.signIn(PASSWORD).body()).contains("do not go together");
    assertThat(there.signIn(OTHER).uri().getPath()).isEqualTo("/home");
    assertThat(here.page("/activity").body()).contains("Password changed");
  }

  @Test
  void takes_the_old_one_and_a_new_one_of_enough_characters() throws Exception {
    var ada = signUp();

    var wrong = change(ada, UUID.randomUUID().toString(), OTHER);
    var shorter = change(ada, PASSWORD, "short");

    assertThat(wrong.statusCode()).isEqualTo(422);
    assertThat(wrong.body()).contains("That is not your password");
    assertThat(shorter.statusCode()).isEqualTo(422);
    assertThat(shorter.body()).contains("12 to 128 characters");
    assertThat(Person.at(site(), ada.email()).signIn(PASSWORD).uri().getPath()).isEqualTo("/home");
  }

  @Test
  void is_no_way_to_guess_the_old_one() throws Exception {
    var ada = signUp();
    for (int i = 0; i < 10; i++) {
      assertThat(change(ada, UUID.randomUUID().toString(), OTHER).body())
          .contains("That is not your password");
    }

    assertThat(change(ada, PASSWORD, OTHER).body()).contains("Too many tries");
  }

  private static HttpResponse<String> change(Person person, String current, String next)
      throws Exception {
    return person.form(
        "/settings/password", Map.of("current_password", current, "new_password", next));
  }
}
