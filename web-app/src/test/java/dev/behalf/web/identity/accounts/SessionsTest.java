package dev.behalf.web.identity.accounts;

import static org.assertj.core.api.Assertions.assertThat;

import dev.behalf.testkit.Person;
import dev.behalf.web.WebAppTest;
import java.net.CookieManager;
import java.net.HttpCookie;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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
          .contains("Incorrect e-mail or password");
    }

    assertThat(guesser.signIn(PASSWORD).body()).contains("Too many attempts");
    assertThat(guesser.form("/sign%69n", Map.of("email", ada.email(), "password", PASSWORD)).body())
        .as("the same address, written otherwise")
        .contains("Too many attempts");
    assertThat(ada.page("/home").uri().getPath()).isEqualTo("/home");
    assertThat(Person.at(site(), signUp().email()).signIn(PASSWORD).uri().getPath())
        .isEqualTo("/home");
  }

  @Test
  void begin_on_the_page_that_was_asked_for() throws Exception {
    var ada = signUp();
    var later = Person.at(site(), ada.email());

    assertThat(later.open("/jobs?q=state:failed").uri().toString())
        .endsWith("/signin?next=%2Fjobs%3Fq%3Dstate%3Afailed");
    var answer = later.form("/signin", Map.of("email", ada.email(), "password", PASSWORD));

    assertThat(answer.uri().getPath()).isEqualTo("/jobs");
    assertThat(answer.uri().getQuery()).isEqualTo("q=state:failed");
  }

  @Test
  void begin_on_the_form_that_could_not_be_sent() throws Exception {
    var ada = signUp();
    sql("delete from accounts.spring_session where principal_name = '" + userId(ada) + "'");

    var refused = ada.form("/jobs", Map.of("operation", "echo", "/text", "typed with care"));

    assertThat(refused.uri().getPath()).isEqualTo("/signin");
    assertThat(refused.body()).contains("You are signed out. Nothing was queued");
    ada.open("/signin?" + refused.uri().getRawQuery());
    assertThat(ada.form("/signin", Map.of("email", ada.email(), "password", PASSWORD)).uri())
        .hasPath("/jobs/new");
  }

  @Test
  void begin_on_a_page_also_after_a_form_that_no_page_shares_its_address_with() throws Exception {
    var ada = signUp();
    sql("delete from accounts.spring_session where principal_name = '" + userId(ada) + "'");

    assertThat(ada.form("/jobs/selection/retry", Map.of()).uri().getRawQuery())
        .isEqualTo("expired&next=%2Fjobs");
    assertThat(ada.form("/jobs/bulk", Map.of()).uri().getRawQuery())
        .isEqualTo("expired&next=%2Fjobs");
  }

  @Test
  void never_begin_on_what_a_script_has_fetched() throws Exception {
    var answer =
        Person.at(site(), "nobody@example.com")
            .http()
            .send(
                HttpRequest.newBuilder(site().resolve("/jobs/rows?size=10"))
                    .header("X-Requested-With", "fetch")
                    .build(),
                HttpResponse.BodyHandlers.ofString());

    assertThat(answer.uri().getRawQuery()).isNull();
  }

  @ParameterizedTest
  @ValueSource(strings = {"//evil.example/", "https://evil.example/", "/\\\\evil.example", "jobs"})
  void never_begin_on_another_site(String next) throws Exception {
    var ada = signUp();
    var person = Person.at(site(), ada.email());
    person.open("/signin?next=" + URLEncoder.encode(next, StandardCharsets.UTF_8));

    assertThat(person.form("/signin", Map.of("email", ada.email(), "password", PASSWORD)).uri())
        .hasPath("/home");
  }

  @Test
  void that_did_not_begin_keep_the_address_that_was_typed() throws Exception {
    var ada = signUp();

    var wrong = Person.at(site(), ada.email()).signIn("not the password");

    assertThat(wrong.body()).contains("value=\"" + ada.email() + "\"");
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
