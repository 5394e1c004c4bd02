package dev.behalf.web.identity.accounts;

import static org.assertj.core.api.Assertions.assertThat;

import dev.behalf.testkit.Person;
import dev.behalf.web.WebAppTest;
import java.net.CookieManager;
import java.net.HttpCookie;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class SessionsTest extends WebAppTest {

  private static final Pattern END = Pattern.compile("/settings/sessions/([0-9a-f]{16})/end");

  @Test
  void of_a_user_are_listed_and_each_can_be_ended() throws Exception {
    var here = signUp();
    var there = Person.at(site(), here.email());
    there.signIn(PASSWORD);
    var page = here.page("/settings");

    var other = END.matcher(page.body());
    assertThat(other.find()).isTrue();
    here.form("/settings/sessions/" + other.group(1) + "/end", Map.of());

    assertThat(there.page("/home").uri().getPath()).isEqualTo("/signin");
    assertThat(here.page("/home").uri().getPath()).isEqualTo("/home");
  }

  @Test
  void elsewhere_are_ended_all_at_once() throws Exception {
    var here = signUp();
    var there = Person.at(site(), here.email());
    there.signIn(PASSWORD);

    here.form("/settings/sessions/end", Map.of());

    assertThat(there.page("/home").uri().getPath()).isEqualTo("/signin");
    assertThat(here.page("/home").uri().getPath()).isEqualTo("/home");
  }

  @Test
  void of_another_user_cannot_be_ended() throws Exception {
    var ada = signUp();
    var second = Person.at(site(), ada.email());
    second.signIn(PASSWORD);
    var handle = END.matcher(ada.page("/settings").body());
    assertThat(handle.find()).isTrue();

    signUp().form("/settings/sessions/" + handle.group(1) + "/end", Map.of());

    assertThat(second.page("/home").uri().getPath()).isEqualTo("/home");
  }

  @Test
  void have_another_id_after_the_sign_in_than_before() throws Exception {
    var ada = signUp();
    var person = Person.at(site(), ada.email());
    person.page("/signin");
    var before = cookie(person);

    person.signIn(PASSWORD);

    assertThat(cookie(person)).isNotEqualTo(before);
  }

  @Test
  void are_not_begun_by_guessing_and_nobody_is_shut_out_by_the_guesses_of_others()
      throws Exception {
    var ada = signUp();
    var guesser = Person.at(site(), ada.email());
    for (int i = 0; i < 10; i++) {
      assertThat(guesser.signIn(UUID.randomUUID().toString()).body())
          .contains("do not go together");
    }

    assertThat(guesser.signIn(PASSWORD).body()).contains("Too many tries");
    assertThat(guesser.form("/sign%69n", Map.of("email", ada.email(), "password", PASSWORD)).body())
        .as("the same address, written otherwise")
        .contains("Too many tries");
    assertThat(ada.page("/home").uri().getPath()).isEqualTo("/home");
    assertThat(Person.at(site(), signUp().email()).signIn(PASSWORD).uri().getPath())
        .isEqualTo("/home");
  }

  @Test
  void end_after_a_month_however_busy_they_are() throws Exception {
    var ada = signUp();
    sql(
        "update accounts.spring_session set creation_time = creation_time - 31 * 86400000::bigint where principal_name = '"
            + userId(ada)
            + "'");

    assertThat(ada.page("/home").uri().getPath()).isEqualTo("/signin");
  }

  @Test
  void of_a_version_with_other_classes_end_in_the_sign_in_and_not_in_an_error() throws Exception {
    var ada = signUp();
    sql(
        """
        update accounts.spring_session_attributes a set attribute_bytes = '\\xaced0005'
        from accounts.spring_session s
        where s.primary_id = a.session_primary_id and s.principal_name = '%s'
        """
            .formatted(userId(ada)));

    var home = ada.page("/home");

    assertThat(home.statusCode()).isEqualTo(200);
    assertThat(home.uri().getPath()).isEqualTo("/signin");
    assertThat(ada.signIn(PASSWORD).uri().getPath()).isEqualTo("/home");
  }

  private static String cookie(Person person) {
    return ((CookieManager) person.http().cookieHandler().orElseThrow())
        .getCookieStore().getCookies().stream()
            .filter(cookie -> cookie.getName().equals("behalf"))
            .map(HttpCookie::getValue)
            .findFirst()
            .orElse("");
  }
}
