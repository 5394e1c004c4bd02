package dev.behalf.web.site.preferences;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.servlet.http.Cookie;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;

class PreferenceValuesTest {

  @Test
  void what_is_unknown_is_the_default() {
    assertThat(DisplayPreferences.of(null, null, null)).isEqualTo(DisplayPreferences.UNCHOSEN);
    assertThat(DisplayPreferences.of("Dark", "de", "Mars/Phobos"))
        .isEqualTo(DisplayPreferences.UNCHOSEN);
  }

  @ParameterizedTest
  @CsvSource({
    "'', en-US, en",
    "'', de-DE, en",
    "'', zh-TW, zh-CN",
    "'', zh, zh-CN",
    "en, zh-CN, en",
    "zh-CN, en-US, zh-CN"
  })
  void the_choice_comes_before_the_browser(String chosen, String browser, String expected) {
    var preferences = DisplayPreferences.of("", chosen, "UTC");

    assertThat(preferences.locale(Locale.forLanguageTag(browser)).toLanguageTag())
        .isEqualTo(expected);
  }

  @Test
  void every_zone_on_offer_can_be_chosen_and_is_there_once() {
    assertThat(DisplayPreferences.zones())
        .startsWith("UTC")
        .doesNotHaveDuplicates()
        .allSatisfy(
            zone -> assertThat(DisplayPreferences.of("", "", zone).zone().getId()).isEqualTo(zone));
  }

  @Test
  void a_cookie_is_read_as_it_was_written() {
    var preferences = DisplayPreferences.of("dark", "zh-CN", "America/Argentina/Buenos_Aires");
    var response = new MockHttpServletResponse();

    PreferencesCookie.write(preferences, response);

    var cookie = String.valueOf(response.getHeader("Set-Cookie"));
    assertThat(read(cookie.substring("look=".length(), cookie.indexOf(';'))))
        .isEqualTo(preferences);
    assertThat(cookie).contains("HttpOnly", "SameSite=Lax", "Path=/");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "dark", "dark|en", "dark|en|UTC|more", "|||"})
  void a_cookie_of_another_shape_chooses_nothing(String value) {
    assertThat(read(value)).isEqualTo(DisplayPreferences.UNCHOSEN);
  }

  @Test
  void without_cookies_nothing_is_chosen() {
    assertThat(PreferencesCookie.read(new MockHttpServletRequest()))
        .isEqualTo(DisplayPreferences.UNCHOSEN);
  }

  private static DisplayPreferences read(String value) {
    var request = new MockHttpServletRequest();
    request.setCookies(new Cookie("other", "x"), new Cookie("look", value));
    return PreferencesCookie.read(request);
  }
}
