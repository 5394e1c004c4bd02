package dev.behalf.web.site.preferences;

import static org.assertj.core.api.Assertions.assertThat;

import dev.behalf.testkit.Person;
import dev.behalf.web.WebAppTest;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Theme, language and time zone: what the browser asks for, until the settings say it. */
class DisplayPreferencesTest extends WebAppTest {

  @Test
  void is_the_browsers_until_something_is_chosen() throws Exception {
    var ada = signUp();

    assertThat(page(ada, "zh-TW,zh;q=0.9,en;q=0.8").body())
        .contains("<html lang=\"zh-CN\"", "设置", "UTC")
        .doesNotContain("data-theme=\"");
    assertThat(page(ada, "de-DE").body()).contains("<html lang=\"en\"", "Settings");
  }

  @Test
  void that_is_chosen_is_in_the_first_bytes_of_each_page() throws Exception {
    var ada = signUp();

    choose(ada, "dark", "zh-CN", "Asia/Shanghai");

    for (var path : new String[] {"/settings", "/signup", "/nothing"}) {
      assertThat(ada.page(path).body().substring(0, 120))
          .as(path)
          .contains("lang=\"zh-CN\"", "data-theme=\"dark\"");
    }
    assertThat(ada.page("/settings").body())
        .contains("value=\"Asia/Shanghai\"", "时间按 Asia/Shanghai");
  }

  @Test
  void comes_with_the_account_to_another_browser() throws Exception {
    var ada = signUp();
    choose(ada, "light", "zh-CN", "Asia/Tokyo");
    var elsewhere = Person.at(site(), ada.email());
    assertThat(elsewhere.page("/signin").body())
        .contains("lang=\"en\"")
        .doesNotContain("data-theme=");

    var home = elsewhere.signIn(PASSWORD);

    assertThat(home.body()).contains("lang=\"zh-CN\"", "data-theme=\"light\"");
  }

  @Test
  void can_be_left_to_the_browser_again() throws Exception {
    var ada = signUp();
    choose(ada, "dark", "zh-CN", "UTC");

    choose(ada, "", "", "UTC");

    assertThat(page(ada, "en").body()).contains("lang=\"en\"").doesNotContain("data-theme=\"");
  }

  @Test
  void of_an_unknown_time_zone_is_told_beside_the_field_and_not_kept() throws Exception {
    var ada = signUp();

    var answer = choose(ada, "dark", "", "Mars/Phobos");

    assertThat(answer.statusCode()).isEqualTo(422);
    assertThat(answer.body()).contains("Unknown time zone", "value=\"Mars/Phobos\"");
    assertThat(
            text("select theme || time_zone from accounts.users where id = '" + userId(ada) + "'"))
        .isEqualTo("UTC");
  }

  private static HttpResponse<String> choose(
      Person person, String theme, String language, String zone) throws Exception {
    return person.form(
        "/settings/look", Map.of("theme", theme, "language", language, "time_zone", zone));
  }

  private HttpResponse<String> page(Person person, String languages) throws Exception {
    return person
        .http()
        .send(
            HttpRequest.newBuilder(site().resolve("/settings"))
                .header("Accept-Language", languages)
                .build(),
            HttpResponse.BodyHandlers.ofString());
  }
}
